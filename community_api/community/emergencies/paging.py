"""Waking those on duty: in the commit that tells of danger, and again until somebody answers.

A page is a row, a duty of the post and an outbox row, all of one commit: whatever is killed when, it is
there once and the worker hands it over. Quiet hours are not asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from community_api import access, procedures, trail
from community_api.access.permissions import Permission
from community_api.access.target import Address
from community_api.community.emergencies import queries, rules
from community_api.community.emergencies.models import Emergency, EmergencyPage
from community_api.community.emergencies.terms import (
    ESCALATE,
    KIND,
    PAGE,
    RETENTION,
    UNJUSTIFIED,
    DutyKind,
    State,
)
from community_api.core.actor import SYSTEM
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.core.uow import Work
from community_api.outbox import service as outbox
from community_api.procedure.clocks import deadline
from community_api.procedure.pack import Pack
from community_api.procedure.pack_national import EMERGENCY
from community_api.procedure.pack_national import Emergency as Rules
from community_api.trail.terms import Action
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


def open_emergency(tx: Work, *, subject_kind: str, subject_id: uuid.UUID, unit_id: uuid.UUID) -> Emergency:
    """Open the emergency of a report that tells of danger, in its own commit, and page the commander.

    ``unit_id`` is the unit whose desk has the report. The caller has recorded its own leaf: the first of a
    commit is the reporter's receipt.
    """
    units = tree(tx)
    first = rules.first_called(unit_id, units, lambda one: _is_manned(tx, one))
    post_id = posts.establish(tx, Role.DUTY_COMMANDER, first)
    row = Emergency(
        id=new_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        unit_id=rules.home(unit_id, units),
        owner_post_id=post_id,
        state=State.PAGING.value,
        rounds=0,
        opened_at=tx.now,
        paged_at=tx.now,
        retention_class=RETENTION,
        review_on=review_on(RETENTION, tx.now.date()),
    )
    rules_of_nation = rules_under(procedures.govern(tx, row))
    calendar = calendar_of(tx, row.unit_id)
    row.justify_by = deadline(rules_of_nation.justified_within, tx.now, calendar)
    tx.add(row)
    _page(tx, row, [post_id], new=True)
    _owe_justification(tx, row, post_id, new=True)
    outbox.later(tx, ESCALATE, row.id, _again_at(tx, rules_of_nation))
    outbox.later(tx, UNJUSTIFIED, row.id, row.justify_by)
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, row.id,
        version=1, to_state=row.state, recipients=[str(posts.name_of(tx, post_id))],
    )  # fmt: skip
    return row


def escalate(tx: Work, emergency_id: uuid.UUID) -> None:
    """Nobody has answered: page further commanders, and come back (the worker calls this)."""
    row = tx.get(Emergency, emergency_id)
    if row is None or row.state != State.PAGING:
        return
    units = tree(tx)
    first = rules.first_called(row.unit_id, units, lambda one: _is_manned(tx, one))
    called = rules.called_later(row.unit_id, first, units)
    post_ids = [posts.establish(tx, Role.DUTY_COMMANDER, one) for one in called]
    tx.change(row, rounds=row.rounds + 1)
    _page(tx, row, post_ids)
    outbox.later(tx, ESCALATE, row.id, _again_at(tx, rules_under(procedures.governing(tx, row))))
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, row.id,
        version=row.version, to_state=row.state,
        recipients=[str(posts.name_of(tx, one)) for one in post_ids],
    )  # fmt: skip


def hand_over(tx: Work, page_id: uuid.UUID) -> None:
    """Let a page go out to whoever holds the post (the worker calls this).

    The duty stands since the commit that paged; the feed of each post is told now, and channels that ring
    are called from here.
    """
    page = tx.get(EmergencyPage, page_id)
    if page is None or page.handed_over_at is not None:
        return
    tx.update(EmergencyPage, {"id": page.id, "handed_over_at": None}, {"handed_over_at": tx.now})
    tx.changed(KIND, page.emergency_id, page.round + 1, page.post_id)


def justification_is_late(tx: Work, emergency_id: uuid.UUID) -> None:
    """No account came in time: the post that the procedure names is told, once (the worker calls this)."""
    row = tx.get(Emergency, emergency_id)
    if row is None or row.justified_at is not None or row.breached_at is not None:
        return
    tx.change(row, breached_at=tx.now)
    duties.owe(
        tx,
        kind=DutyKind.BREACH,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role(rules_under(procedures.governing(tx, row)).heard_by), row.unit_id),
        due_at=row.justify_by,
    )
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_JUSTIFY, KIND, row.id,
        version=row.version, to_state=row.state, outcome="breach",
    )  # fmt: skip


def rules_under(pack: Pack | None) -> Rules:
    """What a procedure says of emergencies; what it leaves out, and None, is the product's own rule."""
    return EMERGENCY if pack is None or pack.emergency is None else pack.emergency


def take_over(tx: Work, row: Emergency, post_id: uuid.UUID) -> None:
    """Somebody has answered: nobody is called any more, and whoever answered accounts for it."""
    duties.discharge(tx, kind=DutyKind.PAGED, subject_id=row.id)
    outbox.cancel(tx, ESCALATE, row.id)
    if post_id != row.owner_post_id and row.justified_at is None:
        duties.discharge(tx, kind=DutyKind.JUSTIFY, subject_id=row.id, post_id=row.owner_post_id)
        _owe_justification(tx, row, post_id)


def accounted_for(tx: Work, row: Emergency) -> None:
    """The justification is there: neither it nor its breach is owed any more."""
    for kind in (DutyKind.JUSTIFY, DutyKind.BREACH):
        duties.discharge(tx, kind=kind, subject_id=row.id)
    outbox.cancel(tx, UNJUSTIFIED, row.id)


def addresses(tx: Work, row: Emergency) -> tuple[Address, ...]:
    """Those who were called: they may see the emergency and the report, wherever they command."""
    names = [posts.name_of(tx, one) for one in queries.called_posts(tx, row.id)]
    units = tree(tx).names
    return tuple(Address(role=name.role, unit_id=units[name.unit].id) for name in names)


def _again_at(tx: Work, rules_of_nation: Rules) -> datetime:
    """When further commanders are paged if nobody has answered by then."""
    return tx.now + timedelta(minutes=rules_of_nation.paged_again_after_minutes)


def _is_manned(tx: Work, unit_id: uuid.UUID) -> bool:
    post_id = posts.find(tx, Role.DUTY_COMMANDER, unit_id)
    return post_id is not None and bool(access.holders_of(tx, post_id))


def _page(tx: Work, row: Emergency, post_ids: Iterable[uuid.UUID], *, new: bool = False) -> None:
    for post_id in post_ids:
        page = tx.add(
            EmergencyPage(
                id=new_id(), emergency_id=row.id, post_id=post_id, round=row.rounds, paged_at=tx.now
            )
        )
        duties.owe(
            tx,
            kind=DutyKind.PAGED,
            subject_kind=KIND,
            subject_id=row.id,
            post_id=post_id,
            due_at=tx.now,
            new_subject=new,
        )
        outbox.later(tx, PAGE, page.id, tx.now)


def _owe_justification(tx: Work, row: Emergency, post_id: uuid.UUID, *, new: bool = False) -> None:
    duties.owe(
        tx,
        kind=DutyKind.JUSTIFY,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=post_id,
        due_at=row.justify_by,
        new_subject=new,
    )
