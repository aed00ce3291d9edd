"""What the system can do with units, posts and duties.

Units stand below the policy: what a list needs of it comes in as `gate`, which refuses a permission that is
closed to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from community_api import audit, procedures
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.i18n.translations import translate
from community_api.core.ids import new_id
from community_api.core.pagination import Page, PageWanted, page
from community_api.units import posts, words
from community_api.units.declaration import DeclaredUnit, as_tree
from community_api.units.directory import directory, raise_epoch
from community_api.units.models import Duty, Post, UnitRow
from community_api.units.terms import POSTS_OF_LEVEL, Level, PostName, Role

Gate = Callable[[Transaction, Actor, str], object]


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """A unit as everybody on the staff may see it; `parent` None: the top, or outside the chain."""

    name: str
    title: str
    level: str
    parent: str | None
    path: str
    timezone: str
    holidays: str | None
    partner: str | None
    country: str
    area: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ShownPost:
    """A post by its public name, and in words."""

    post: str
    role: str
    unit: str
    title: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What a duty is about; `href` None: it has no address."""

    kind: str
    id: UUID
    href: str | None


@dataclass(frozen=True, slots=True)
class ShownDuty:
    """A duty as those who hold its post see it; `title` in their language."""

    id: UUID
    kind: str
    title: str
    subject: Subject
    due_at: datetime
    due_soon: bool
    overdue: bool
    post: str


def list_units(uow: UnitOfWork, actor: Actor, *, gate: Gate, level: Level | None, wanted: PageWanted) -> Page:
    """The units by name, of one level or (None) all; about nobody, so no leaf is written."""
    query = select(UnitRow)
    if level is not None:
        query = query.where(UnitRow.level == level.value)
    with uow() as tx:
        gate(tx, actor, "unit.list")
        found = page(
            tx, query, order=[UnitRow.name], newest_first=False, wanted=wanted, scope=f"units:{level}"
        )
        tree = directory(tx).tree
        return Page(
            [_shown_unit(row, tree[row.parent_id].name if row.parent_id else None) for row in found.items],
            found.next_cursor,
        )


def list_posts(
    uow: UnitOfWork, actor: Actor, *, gate: Gate, unit: str | None, role: Role | None, wanted: PageWanted
) -> Page:
    """The posts by unit and role, without their holders; about nobody, so no leaf is written."""
    with uow() as tx:
        gate(tx, actor, "post.list")
        found = page(
            tx,
            _posts(unit, role),
            order=[UnitRow.name, Post.role],
            newest_first=False,
            wanted=wanted,
            scope=f"posts:{unit}:{role}",
        )
    return Page([_shown_post(row, actor.language) for row in found.items], found.next_cursor)


def list_duties(uow: UnitOfWork, actor: Actor, *, gate: Gate, wanted: PageWanted) -> Page:
    """What the posts that the caller holds at this moment owe, by due date; one leaf names what was shown.

    Raises DomainError ``role_not_allowed`` for those who owe nobody anything here: partner agencies.
    """
    owed = select(Duty).where(Duty.post_id.in_(actor.post_ids), Duty.discharged_at.is_(None))
    with uow() as tx:
        gate(tx, actor, "duty.list")
        found = page(
            tx,
            owed,
            order=[Duty.due_at, Duty.id],
            newest_first=False,
            wanted=wanted,
            scope=f"duties:{actor.account_id}",
        )
        shown = [duty.subject_id for duty in found.items]
        audit.record(tx, actor, Action.CONSULT, "duty.list", "duty", None, seen=shown)
        return Page([_shown_duty(tx, duty, actor.language) for duty in found.items], found.next_cursor)


def establish_units(
    tx: Transaction, declared: Sequence[DeclaredUnit], *, id_of: Callable[[str], UUID] | None = None
) -> dict[str, UUID]:
    """Store new units, each after the one above it, and their posts; the ids by name come back.

    `id_of` None gives random ids. Raises TreeBroken when the units form no tree of their own.
    """
    ids = {unit.name: id_of(unit.name) if id_of else new_id() for unit in declared}
    tree = as_tree(declared, ids.__getitem__)
    for unit in declared:
        tx.add(_row(unit, ids, tree.path(ids[unit.name])))
    for unit in declared:
        for role in POSTS_OF_LEVEL[unit.level]:
            tx.add(posts.new(role, ids[unit.name]))
    raise_epoch(tx)
    return ids


def _row(unit: DeclaredUnit, ids: dict[str, UUID], path: str) -> UnitRow:
    return UnitRow(
        id=ids[unit.name],
        name=unit.name,
        title=unit.title,
        level=unit.level.value,
        parent_id=None if unit.under is None else ids[unit.under],
        path=path,
        timezone=unit.timezone,
        country=unit.country,
        holidays=unit.holidays,
        partner=unit.partner,
        area=None if unit.area is None else dict(unit.area),
    )


def _posts(unit: str | None, role: Role | None) -> Select[*tuple[Any, ...]]:
    query: Select[*tuple[Any, ...]] = select(UnitRow.name, UnitRow.title, Post.role)
    query = query.join(Post, Post.unit_id == UnitRow.id)
    if unit is not None:
        query = query.where(UnitRow.name == unit)
    return query if role is None else query.where(Post.role == role.value)


def _shown_unit(row: UnitRow, parent: str | None) -> ShownUnit:
    return ShownUnit(
        name=row.name,
        title=row.title,
        level=row.level,
        parent=parent,
        path=row.path,
        timezone=row.timezone,
        holidays=row.holidays,
        partner=row.partner,
        country=row.country,
        area=row.area,
    )


def _shown_post(row: Any, language: str) -> ShownPost:
    title = f"{words.role_label(row.role, language)}, {row.title}"
    return ShownPost(str(PostName(Role(row.role), row.name)), row.role, row.name, title)


def _shown_duty(tx: Transaction, duty: Duty, language: str) -> ShownDuty:
    return ShownDuty(
        id=duty.id,
        kind=duty.kind,
        title=procedures.translated(tx, duty.title, language) or translate(duty.title, language),
        subject=_subject(tx, duty),
        due_at=duty.due_at,
        due_soon=duty.warn_at is not None and duty.warn_at <= tx.now <= duty.due_at,
        overdue=duty.due_at < tx.now,
        post=str(posts.name_of(tx, duty.post_id)),
    )


def _subject(tx: Transaction, duty: Duty) -> Subject:
    """A post is shown by its name, never by an id: its place takes the duty's own."""
    if duty.subject_kind != words.POST:
        return Subject(
            duty.subject_kind, duty.subject_id, words.subject_href(duty.subject_kind, duty.subject_id)
        )
    role, unit = posts.name_of(tx, duty.subject_id)
    return Subject(words.POST, duty.id, f"/api/v1/posts?unit={unit}&role={role.value}")
