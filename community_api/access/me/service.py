"""Seeing and setting what is one's own: who the product takes one for, and how it may reach one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from community_api import audit
from community_api.access.courses.loader import enough_until
from community_api.access.models import CourseCertificate, Person
from community_api.access.permissions import Permission
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.http.preconditions import IfMatch
from community_api.units import posts

KIND = "person"
NAME_LABEL = "access.person"
ListVersion = Callable[[Transaction], int | None]


@dataclass(frozen=True)
class Holding:
    """A certificate; ``valid``: whether it counts today."""

    course: str
    valid: bool
    expires_at: datetime


@dataclass(frozen=True)
class Me:
    """Somebody as they see themselves. ``indicator_list_version`` None: no list is in force."""

    id: uuid.UUID
    name: str
    language: str
    timezone: str
    quiet_hours: Mapping[str, Any] | None
    roles: tuple[Mapping[str, str], ...]
    posts: tuple[str, ...]
    certificates: tuple[Holding, ...]
    indicator_list_version: int | None
    version: int


def read_me(uow: UnitOfWork, actor: Actor, *, list_version: ListVersion) -> Me:
    """The caller as the database knows them; open to everybody who is signed in, also without any role."""
    with uow() as tx:
        return _describe(tx, actor, _person(tx, actor), list_version)


def change_me(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    body: Mapping[str, Any],
    if_match: IfMatch,
    list_version: ListVersion,
) -> Me:
    """Set language, time zone or quiet hours, whichever ``body`` holds. Raises 412 or 428 by ``if_match``."""
    with uow(command) as tx:
        person = _person(tx, actor)
        if_match.require(person.version)
        tx.update_row(person, **body)
        audit.record(tx, actor, Action.ALTER, Permission.ME_CHANGE, KIND, person.id, version=person.version)
        return _describe(tx, actor, person, list_version)


def _person(tx: Transaction, actor: Actor) -> Person:
    person = tx.get(Person, actor.person_id)
    if person is None or person.sealed is None:
        raise DomainError("not_found")
    return person


def _describe(tx: Transaction, actor: Actor, person: Person, list_version: ListVersion) -> Me:
    sealed = person.sealed or b""
    return Me(
        id=person.id,
        name=tx.sealer.open(tx, person.id, NAME_LABEL, person.text_version, sealed)["name"],
        language=person.language,
        timezone=person.timezone,
        quiet_hours=person.quiet_hours,
        roles=tuple({"role": grant.role, "unit": grant.unit_name} for grant in _by_unit(actor)),
        posts=posts.names_of(tx, actor.post_ids),
        certificates=_certificates(tx, actor),
        indicator_list_version=list_version(tx),
        version=person.version,
    )


def _by_unit(actor: Actor) -> list[Any]:
    return sorted(actor.grants, key=lambda grant: (grant.unit_name, grant.role))


def _certificates(tx: Transaction, actor: Actor) -> tuple[Holding, ...]:
    """Those that were not revoked, the one of each course that lasts longest."""
    query = select(CourseCertificate).where(
        CourseCertificate.person_id == actor.person_id, CourseCertificate.revoked_at.is_(None)
    )
    rows: list[CourseCertificate] = tx.all(query.order_by(CourseCertificate.expires_at))
    latest = {row.course: row for row in rows}
    today = tx.now.date()
    return tuple(
        Holding(row.course, actor.certified(row.course, today), enough_until(row))
        for _course, row in sorted(latest.items())
    )
