"""Making accounts, and giving them what they need.

Over HTTP that takes two people (proposals); these functions are for what stands below: the first accounts of
an installation, the demo organisation, and what an approved proposal does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from community_api import audit
from community_api.access import password_strength, passwords
from community_api.access.accounts import role_assignments
from community_api.access.me.service import NAME_LABEL
from community_api.access.models import Account, CourseCertificate, Person, PostHolder, RoleGrant
from community_api.access.people import account_of
from community_api.access.permissions import Permission
from community_api.access.proposals.terms import is_held_at
from community_api.access.usernames import is_username, normal_username
from community_api.audit import Action
from community_api.core import retention
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.i18n.translations import Words
from community_api.core.ids import new_id
from community_api.units import directory, posts
from community_api.units.terms import Role, is_timezone

KIND = "account"
RETENTION = "account"


@dataclass(frozen=True)
class NewAccount:
    """What an account is made of.

    ``language`` is one that is offered, ``timezone`` an IANA zone. ``password_hash`` None: the account cannot
    sign in until a password is set. ``person_id`` None: a new person; else a further account of that one.
    """

    username: str
    name: str
    role: Role
    unit_id: UUID
    language: str
    timezone: str
    password_hash: str | None
    person_id: UUID | None = None


@dataclass(frozen=True)
class Established:
    """The ids of what was made."""

    account_id: UUID
    person_id: UUID


def create_account(
    uow: UnitOfWork,
    actor: Actor,
    *,
    username: str,
    name: str,
    role: Role,
    unit: str,
    password: str,
    language: str,
    timezone: str | None,
    words: Words,
) -> Established:
    """Make an account with its person, role and post, from what somebody typed.

    ``actor`` is who answers for it: SYSTEM on the command line of the host. ``timezone`` None is the unit's.
    Raises ``validation_failed`` naming the field, ``password_weak``, ``username_taken``.
    """
    kept = _checked_username(username)
    if language not in words.offered:
        raise invalid("/language", "not_a_language")
    if timezone is not None and not is_timezone(timezone):
        raise invalid("/timezone", "not_a_timezone")
    if not name.strip():
        raise invalid("/name", "blank")
    password_strength.check_strength(password, kept, *name.split())
    hashed = passwords.hash_password(password)

    def act() -> Established:
        with uow() as tx:
            found = directory.tree(tx).named(unit)
            if found is None:
                raise invalid("/unit", "not_a_reference")
            if not is_held_at(role, found.level):
                raise invalid("/role", "not_of_this_level")
            if account_of(tx, kept) is not None:
                raise DomainError("username_taken")
            zone = timezone or found.timezone
            return establish(
                tx, actor, NewAccount(kept, name.strip(), role, found.id, language, zone, hashed)
            )

    return commands.again(act)


def establish(
    tx: Transaction, actor: Actor, new: NewAccount, *, ids: Established | None = None
) -> Established:
    """Store an account with its role, and its person as holder of the post, in this commit.

    ``ids`` None gives random ones. Nothing is checked here but what the database checks.
    """
    made = ids or Established(new_id(), new.person_id or new_id())
    if new.person_id is None:
        _add_person(tx, made.person_id, new)
    tx.add(
        Account(
            id=made.account_id,
            person_id=made.person_id,
            username=new.username,
            password_hash=new.password_hash,
            password_changed_at=tx.now if new.password_hash else None,
            created_at=tx.now,
        )
    )
    give_role(tx, made, new.role, new.unit_id)
    audit.record(
        tx,
        actor,
        Action.CONFIG,
        Permission.ACCOUNT_APPROVE,
        KIND,
        made.account_id,
        outcome=f"{new.role.value}.{directory.tree(tx).name_of(new.unit_id)}",
    )
    return made


def give_role(tx: Transaction, holder: Established, role: Role, unit_id: UUID) -> None:
    """Give an account a role, and its person the post that goes with it, from now on."""
    tx.add(
        RoleGrant(id=new_id(), account_id=holder.account_id, role=role.value, unit_id=unit_id, since=tx.now)
    )
    post_id = posts.establish(tx, role, unit_id)
    if all(row.post_id != post_id for row in role_assignments.holdings_of(tx, holder.person_id)):
        tx.add(PostHolder(id=new_id(), post_id=post_id, person_id=holder.person_id, since=tx.now))


def certify(
    tx: Transaction, actor: Actor, person_id: UUID, course: str, *, passed_on: date, expires_on: date
) -> CourseCertificate:
    """Store that a person passed a course; ``expires_on`` is the last good day, days are those of UTC."""
    return tx.add(
        CourseCertificate(
            id=new_id(),
            person_id=person_id,
            course=course,
            passed_at=_midnight(passed_on),
            expires_at=_midnight(expires_on + timedelta(days=1)),
            issued_by=actor.person_id,
            issued_at=tx.now,
        )
    )


def name_of(tx: Transaction, person_id: UUID) -> str | None:
    """What a person is called; None: nobody is known, or the name was erased."""
    person = tx.get(Person, person_id)
    if person is None or person.sealed is None:
        return None
    return str(tx.sealer.open(tx, person.id, NAME_LABEL, person.text_version, person.sealed)["name"])


def has_accounts(tx: Transaction) -> bool:
    """Whether anybody can be known here at all."""
    return tx.first(select(Account.id).limit(1)) is not None


def usernames_taken(tx: Transaction, usernames: Sequence[str]) -> frozenset[str]:
    """Those of the names that an account has."""
    return frozenset(tx.all(select(Account.username).where(Account.username.in_(usernames))))


def buffered_id(tx: Transaction, username: str) -> UUID:
    """The id of an account that this very commit makes. Raises KeyError when it makes none of that name."""
    for operation in tx.operations:
        row = getattr(operation, "row", None)
        if isinstance(row, Account) and row.username == username:
            return row.id
    raise KeyError(username)


def _add_person(tx: Transaction, person_id: UUID, new: NewAccount) -> None:
    tx.add(
        Person(
            id=person_id,
            language=new.language,
            timezone=new.timezone,
            sealed=tx.sealer.seal_new(tx, person_id, NAME_LABEL, {"name": new.name}),
            retention_class=RETENTION,
            review_on=retention.review_on(RETENTION, tx.now.date()),
        )
    )


def _checked_username(text: str) -> str:
    kept = normal_username(text)
    if not is_username(kept):
        raise invalid("/username", "not_a_username")
    return kept


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
