"""What others need to know of people: their roles and language, who holds a post, who is still here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from community_api.access.models import Account, Person, PostHolder, Recusal, RoleGrant
from community_api.core.actor import Grant
from community_api.core.database.unit_of_work import Transaction
from community_api.core.i18n.translations import SOURCE_LANGUAGE
from community_api.units.models import UnitRow


def grants_of(tx: Transaction, person_id: UUID) -> tuple[Grant, ...]:
    """The roles that a person holds now, by all accounts of theirs that are not closed."""
    query = (
        select(RoleGrant.role, RoleGrant.unit_id, UnitRow.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(UnitRow, UnitRow.id == RoleGrant.unit_id)
        .where(Account.person_id == person_id, Account.disabled_at.is_(None), _in_force(tx, RoleGrant))
        .order_by(UnitRow.name, RoleGrant.role)
    )
    return tuple(Grant(role, unit_id, name) for role, unit_id, name in tx.all(query))


def holders_of(tx: Transaction, post_id: UUID) -> tuple[UUID, ...]:
    """The persons who hold a post now."""
    query = select(PostHolder.person_id).where(PostHolder.post_id == post_id, _in_force(tx, PostHolder))
    return tuple(tx.all(query.order_by(PostHolder.person_id)))


def language_of(tx: Transaction, person_id: UUID) -> str:
    """The language in which the product writes to a person; English to somebody who is no longer known."""
    found: str | None = tx.first(select(Person.language).where(Person.id == person_id))
    return found or SOURCE_LANGUAGE


def is_active(tx: Transaction, person_id: UUID) -> bool:
    """Whether a person still has an account that is not closed; who has left can be owed nothing."""
    query = select(Account.id).where(Account.person_id == person_id, Account.disabled_at.is_(None))
    return tx.first(query.limit(1)) is not None


def is_recused(tx: Transaction, person_id: UUID, subject_id: UUID) -> bool:
    """Whether a person takes no further part in a matter."""
    query = select(Recusal.id).where(Recusal.subject_id == subject_id, Recusal.person_id == person_id)
    return tx.first(query) is not None


def account_of(tx: Transaction, username: str) -> Account | None:
    """The account of that name, written as it is kept; None: there is none."""
    found: Account | None = tx.first(select(Account).where(Account.username == username))
    return found


def _in_force(tx: Transaction, model: type[RoleGrant | PostHolder]) -> ColumnElement[bool]:
    return and_(model.since <= tx.now, or_(model.until.is_(None), model.until > tx.now))
