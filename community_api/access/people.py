"""What other features ask about a person: which roles they hold, in which language they read."""

from __future__ import annotations

import uuid

from sqlalchemy import or_, select

from community_api.access.models import Account, Person, RoleGrant
from community_api.core.actor import Grant
from community_api.core.i18n import SOURCE_LANGUAGE
from community_api.core.uow import Work
from community_api.units.directory import tree


def grants_of(tx: Work, person_id: uuid.UUID) -> tuple[Grant, ...]:
    """The roles that a person holds now, over all their accounts."""
    rows = tx.all(
        select(RoleGrant.role, RoleGrant.unit_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            Account.person_id == person_id,
            Account.disabled_at.is_(None),
            RoleGrant.since <= tx.now,
            or_(RoleGrant.until.is_(None), RoleGrant.until > tx.now),
        )
    )
    units = tree(tx)
    return tuple(Grant(role, unit_id, units.name_of(unit_id)) for role, unit_id in rows)


def language_of(tx: Work, person_id: uuid.UUID) -> str:
    """The language in which a person reads; English for somebody who is no longer known."""
    found: str | None = tx.one(select(Person.language).where(Person.id == person_id))
    return found or SOURCE_LANGUAGE
