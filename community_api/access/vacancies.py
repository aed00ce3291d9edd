"""Posts that owe something and have nobody in them: they stay where they are, and somebody hears of it.

A duty belongs to a post and never moves by itself: only whoever holds the post may do it. When nobody is
left, the managers above and the administrators owe that the post be filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from community_api import audit
from community_api.access.models import PostHolder, Recusal
from community_api.access.people import holders_of, is_recused
from community_api.access.permissions import Permission
from community_api.audit import Action
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.ids import new_id
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.models import Duty, Post
from community_api.units.terms import Level, Role
from community_api.units.words import POST

UNMANNED: Final = "post_unmanned"
RECUSED: Final = "duty_recused"
ALARMS: Final = (UNMANNED, RECUSED)
# Who is told, of each the nearest that has somebody in it: the one who knows the people, and the one who
# can propose a holder.
TOLD: Final = (Role.INTELLIGENCE_MANAGER, Role.ADMINISTRATOR)


def left(tx: Transaction, actor: Actor, post_ids: Iterable[UUID], person_id: UUID) -> None:
    """Somebody leaves these posts in this commit: where nobody else is in one that owes, raise the alarm."""
    for post_id in post_ids:
        if not _present(tx, post_id, without=person_id):
            _raise_alarm(tx, actor, post_id, without=person_id)


def close_vacancy(tx: Transaction, post_id: UUID) -> None:
    """Somebody takes a post in this commit: the alarm about it is over."""
    duties.discharge(tx, kind=UNMANNED, subject_id=post_id)


def recuse(tx: Transaction, actor: Actor, duty: Duty, person_id: UUID) -> None:
    """Somebody takes no further part in what their post owes; when nobody else is left, raise the alarm."""
    tx.add(Recusal(id=new_id(), person_id=person_id, subject_id=duty.subject_id, since=tx.now))
    able = [
        holder
        for holder in holders_of(tx, duty.post_id)
        if holder != person_id and not is_recused(tx, holder, duty.subject_id)
    ]
    if able:
        return
    for told in _recipients(tx, duty.post_id, person_id):
        alarm = duties.owe(
            tx, kind=RECUSED, subject_kind=duty.subject_kind, subject_id=duty.subject_id, post_id=told,
            due_at=duty.due_at,
        )  # fmt: skip
        _leaf(tx, actor, alarm.id, RECUSED, told, duty.post_id)


def watch(uow: UnitOfWork) -> None:
    """Raise the alarm about every post that owes and has nobody in it now, and end those that are over.

    For absences that begin, roles that end by themselves, and what is opened while nobody is there.
    """
    commands.again(lambda: _watch(uow))


def _watch(uow: UnitOfWork) -> None:
    with uow() as tx:
        for post_id in tx.all(_unmanned(tx)):
            _raise_alarm(tx, SYSTEM, post_id)
        for duty_id in tx.all(_over(tx)):
            tx.update_where(Duty, {"id": duty_id, "discharged_at": None}, {"discharged_at": tx.now})


def _raise_alarm(tx: Transaction, actor: Actor, post_id: UUID, *, without: UUID | None = None) -> None:
    owing = select(func.min(Duty.due_at)).where(Duty.post_id == post_id, *_OWED)
    earliest = tx.first(owing)
    if earliest is None:
        return
    for told in _recipients(tx, post_id, without):
        duty = duties.owe(
            tx, kind=UNMANNED, subject_kind=POST, subject_id=post_id, post_id=told, due_at=earliest
        )
        _leaf(tx, actor, duty.id, UNMANNED, told, post_id)


def _leaf(tx: Transaction, actor: Actor, duty_id: UUID, kind: str, recipient: UUID, about: UUID) -> None:
    audit.record(
        tx, actor, Action.DELIVER, Permission.DUTY_LIST, "duty", duty_id,
        to_state=kind, recipients=[str(posts.name_of(tx, recipient))], outcome=str(posts.name_of(tx, about)),
    )  # fmt: skip


def _recipients(tx: Transaction, post_id: UUID, without: UUID | None) -> Iterator[UUID]:
    vacant = tx.get(Post, post_id)
    if vacant is None:
        raise KeyError(post_id)
    units = tree(tx)
    national = [unit.id for unit in units.at_level(Level.NATIONAL)]
    above = list(dict.fromkeys([vacant.unit_id, *units.ancestors(vacant.unit_id), *national]))
    found = [
        next((post for post in _posts(tx, role, above, post_id) if _present(tx, post, without=without)), None)
        for role in TOLD
    ]
    manned = [post for post in found if post is not None]
    if manned or not national:
        yield from manned
        return
    # Nobody at all: it waits for the first administrator, or, where that post is the empty one, manager.
    role = TOLD[0] if vacant.role == Role.ADMINISTRATOR else TOLD[1]
    yield posts.establish(tx, role, national[0])


def _posts(tx: Transaction, role: Role, unit_ids: Iterable[UUID], but: UUID) -> Iterator[UUID]:
    for unit_id in unit_ids:
        found = posts.find(tx, role, unit_id)
        if found is not None and found != but:
            yield found


def _present(tx: Transaction, post_id: UUID, *, without: UUID | None = None) -> bool:
    return any(person_id != without for person_id in holders_of(tx, post_id))


_OWED: Final = (Duty.discharged_at.is_(None), Duty.kind.not_in(ALARMS))


def _held(tx: Transaction, post_id: object) -> ColumnElement[bool]:
    return exists(
        select(PostHolder.id).where(
            PostHolder.post_id == post_id,
            PostHolder.since <= tx.now,
            or_(PostHolder.until.is_(None), PostHolder.until > tx.now),
        )
    )


def _unmanned(tx: Transaction) -> Select[Any]:
    alarm = Duty.__table__.alias("alarm")
    known = exists(
        select(alarm.c.id).where(
            and_(
                alarm.c.subject_id == Duty.post_id,
                alarm.c.kind == UNMANNED,
                alarm.c.discharged_at.is_(None),
            )
        )
    )
    return select(Duty.post_id).where(*_OWED, ~_held(tx, Duty.post_id), ~known).distinct()


def _over(tx: Transaction) -> Select[Any]:
    owed = Duty.__table__.alias("owed")
    owing = exists(
        select(owed.c.id).where(
            owed.c.post_id == Duty.subject_id, owed.c.kind.not_in(ALARMS), owed.c.discharged_at.is_(None)
        )
    )
    left = exists(
        select(owed.c.id).where(
            owed.c.subject_id == Duty.subject_id, owed.c.kind.not_in(ALARMS), owed.c.discharged_at.is_(None)
        )
    )
    filled = and_(Duty.kind == UNMANNED, or_(_held(tx, Duty.subject_id), ~owing))
    done = and_(Duty.kind == RECUSED, ~left)
    return select(Duty.id).where(Duty.discharged_at.is_(None), or_(filled, done))
