"""Waking those on duty: in the commit that tells of danger, and again until somebody answers.

A page is a row, a duty of the post and an outbox row, all of one commit: whatever is killed when, it is
there once and the worker hands it over. Quiet hours are not asked. Duties are owed about a call, so what is
gathered is one duty; their subject is its first emergency.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from community_api import access, procedures, trail
from community_api.access.permissions import Permission
from community_api.access.target import Address
from community_api.community.emergencies import call_rules, calls, queries, rules
from community_api.community.emergencies.models import Emergency, EmergencyCall, EmergencyPage
from community_api.community.emergencies.terms import (
    ESCALATE,
    KIND,
    PAGE,
    RETENTION,
    SHARED_AGAIN,
    UNJUSTIFIED,
    Audience,
    CallKind,
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
from community_api.units import duties, posts, words
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


def open_emergency(
    tx: Work, *, subject_kind: str, subject_id: uuid.UUID, unit_id: uuid.UUID, topic: str | None = None
) -> Emergency:
    """Open the emergency of a report that tells of danger, in its own commit, and page the commander.

    ``unit_id`` is the unit whose desk has the report, ``topic`` what it is gathered by (``call_rules.topic``;
    None: a member of the staff reported it). The caller has recorded its own leaf: the first of a commit is
    the reporter's receipt.
    """
    units = tree(tx)
    post_id = posts.establish(tx, Role.DUTY_COMMANDER, _first(tx, unit_id))
    row = Emergency(
        id=new_id(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        unit_id=rules.home(unit_id, units),
        owner_post_id=post_id,
        state=State.PAGING.value,
        opened_at=tx.now,
        retention_class=RETENTION,
        review_on=review_on(RETENTION, tx.now.date()),
    )
    rules_of_nation = rules_under(procedures.govern(tx, row))
    row.justify_by = deadline(rules_of_nation.justified_within, tx.now, calendar_of(tx, row.unit_id))
    placed = calls.place(tx, row.id, row.unit_id, topic, _again_after(rules_of_nation))
    call = placed.call
    row.call_id, row.first_round = call.id, call.rounds if placed.new else call.rounds + 1
    row.paged_at = tx.now if placed.new else None
    tx.add(row)
    outbox.later(tx, UNJUSTIFIED, row.id, row.justify_by)
    if placed.new:
        _page(tx, call, [post_id], 1, new=True)
        _owe_justification(tx, call, row, post_id, new=True)
        outbox.later(tx, ESCALATE, call.id, call.again_at)
    else:
        calls.hurry(tx, call)
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, row.id,
        version=1, to_state=row.state, outcome="done" if placed.new else "gathered",
        recipients=[str(posts.name_of(tx, post_id))] if placed.new else [],
    )  # fmt: skip
    return row


def call_again(tx: Work, call_id: uuid.UUID) -> None:
    """Send the round of a call that is due, and come back (the worker calls this); none due: do nothing."""
    call = tx.get(EmergencyCall, call_id)
    if call is None:
        return
    unanswered = queries.unanswered(tx, call.id)
    new = [row for row in unanswered if row.paged_at is None]
    due = call_rules.next_round(
        calls.state_of(call),
        new=bool(new),
        waiting=len(new) < len(unanswered),
        now=tx.now,
        again_after=_again_after(_rules_of(tx, call)),
    )
    if due is not None:
        _send(tx, call, due, unanswered, new)
    elif new:
        outbox.later(tx, ESCALATE, call.id, call.paged_at + SHARED_AGAIN)


def hand_over(tx: Work, page_id: uuid.UUID) -> None:
    """Let a page go out to whoever holds the post (the worker calls this).

    The duty stands since the commit that paged; the feed of each post is told now, and channels that ring
    are called from here.
    """
    page = tx.get(EmergencyPage, page_id)
    if page is None or page.handed_over_at is not None:
        return
    tx.update(EmergencyPage, {"id": page.id, "handed_over_at": None}, {"handed_over_at": tx.now})
    tx.changed(KIND, page.call_id, page.round + 1, page.post_id)


def justification_is_late(tx: Work, emergency_id: uuid.UUID) -> None:
    """No account came in time: the post that the procedure names is told, once (the worker calls this)."""
    row = tx.get(Emergency, emergency_id)
    if row is None or row.justified_at is not None or row.breached_at is not None:
        return
    _hold(tx, row.call_id)
    tx.change(row, breached_at=tx.now)
    duties.owe(
        tx,
        kind=DutyKind.BREACH,
        subject_kind=KIND,
        subject_id=row.call_id,
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


def take_over(tx: Work, rows: Sequence[Emergency], post_id: uuid.UUID) -> None:
    """Somebody has answered for these: nobody is called for them, and whoever answered accounts for them.

    All rows belong to one call, which is over when none of its emergencies is left unanswered.
    """
    call = _hold(tx, rows[0].call_id)
    answered = {row.id for row in rows}
    everything = queries.of_call(tx, call.id)
    if all(one.state != State.PAGING or one.id in answered for one in everything):
        duties.discharge(tx, kind=DutyKind.PAGED, subject_id=call.id)
    unjustified = [row for row in rows if row.justified_at is None]
    for owner in {row.owner_post_id for row in unjustified} - {post_id}:
        owed = [one for one in everything if one.owner_post_id == owner and one.justified_at is None]
        if all(one.id in answered for one in owed):
            duties.discharge(tx, kind=DutyKind.JUSTIFY, subject_id=call.id, post_id=owner)
    for row in rows:
        tx.change(row, owner_post_id=post_id, acknowledged_at=tx.now, last_round=call.rounds)
    if unjustified:
        _owe_justification(tx, call, min(unjustified, key=lambda row: row.justify_by), post_id)


def accounted_for(tx: Work, rows: Sequence[Emergency]) -> None:
    """Justifications are there: what is still owed about the call of these rows is for its others."""
    call = _hold(tx, rows[0].call_id)
    done = {row.id for row in rows}
    owed = [one for one in queries.of_call(tx, call.id) if one.justified_at is None and one.id not in done]
    for owner in {row.owner_post_id for row in rows}:
        dates = [one.justify_by for one in owed if one.owner_post_id == owner]
        if dates:
            duties.move(tx, kind=DutyKind.JUSTIFY, subject_id=call.id, post_id=owner, due_at=min(dates))
        else:
            duties.discharge(tx, kind=DutyKind.JUSTIFY, subject_id=call.id, post_id=owner)
    if all(one.breached_at is None for one in owed):
        duties.discharge(tx, kind=DutyKind.BREACH, subject_id=call.id)
    for row in rows:
        outbox.cancel(tx, UNJUSTIFIED, row.id)
        tx.change(row, justified_at=tx.now)


def addresses(tx: Work, row: Emergency) -> tuple[Address, ...]:
    """Those who are called: they may see the emergency and the report, wherever they command."""
    called = queries.called_posts(tx, row)
    names = [posts.name_of(tx, one) for one in sorted({row.owner_post_id, *called})]
    units = tree(tx).names
    return tuple(Address(role=name.role, unit_id=units[name.unit].id) for name in names)


def _send(
    tx: Work,
    call: EmergencyCall,
    due: call_rules.Round,
    unanswered: Sequence[Emergency],
    new: Sequence[Emergency],
) -> None:
    units = tree(tx)
    first = _first(tx, call.unit_id)
    called = {
        Audience.FIRST: (first,),
        Audience.EVERYBODY: rules.called_later(call.unit_id, first, units),
        Audience.NATION: (rules.national(units),),
    }[due.audience]
    post_ids = [posts.establish(tx, Role.DUTY_COMMANDER, one) for one in called]
    tx.change(
        call,
        rounds=due.rounds,
        rounds_of_newest=due.rounds_of_newest,
        paged_at=tx.now,
        again_at=due.again_at,
    )
    if new:
        # All that nobody was called for: one that joins at this moment is shown in this round as well.
        fresh = {"call_id": call.id, "paged_at": None, "state": State.PAGING.value}
        tx.update(Emergency, fresh, {"paged_at": tx.now, "first_round": due.rounds}, expect=None)
        _owe_justification(tx, call, new[0], new[0].owner_post_id)
    _page(tx, call, post_ids, len(unanswered))
    outbox.later(tx, ESCALATE, call.id, due.again_at)
    trail.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, call.id,
        version=call.version, to_state=State.PAGING.value, shown=[row.id for row in new],
        recipients=[str(posts.name_of(tx, one)) for one in post_ids],
    )  # fmt: skip


def _hold(tx: Work, call_id: uuid.UUID) -> EmergencyCall:
    """The call, so that no round goes out, and nobody else answers, between reading and commit."""
    call = tx.get(EmergencyCall, call_id)
    if call is None:
        raise LookupError(call_id)
    return tx.change(call)


def _first(tx: Work, unit_id: uuid.UUID) -> uuid.UUID:
    return rules.first_called(unit_id, tree(tx), lambda one: _is_manned(tx, one))


def _rules_of(tx: Work, call: EmergencyCall) -> Rules:
    first = tx.get(Emergency, call.id)
    return EMERGENCY if first is None else rules_under(procedures.governing(tx, first))


def _again_after(rules_of_nation: Rules) -> timedelta:
    """When further commanders are paged if nobody has answered by then."""
    return timedelta(minutes=rules_of_nation.paged_again_after_minutes)


def _is_manned(tx: Work, unit_id: uuid.UUID) -> bool:
    post_id = posts.find(tx, Role.DUTY_COMMANDER, unit_id)
    return post_id is not None and bool(access.holders_of(tx, post_id))


def _page(
    tx: Work, call: EmergencyCall, post_ids: Iterable[uuid.UUID], emergencies: int, *, new: bool = False
) -> None:
    for post_id in post_ids:
        page = tx.add(
            EmergencyPage(
                id=new_id(),
                call_id=call.id,
                post_id=post_id,
                emergencies=emergencies,
                round=call.rounds,
                paged_at=tx.now,
            )
        )
        duties.owe(
            tx,
            kind=DutyKind.PAGED,
            subject_kind=KIND,
            subject_id=call.id,
            post_id=post_id,
            due_at=tx.now,
            title=_title(call, DutyKind.PAGED),
            new_subject=new,
        )
        outbox.later(tx, PAGE, page.id, tx.now)


def _owe_justification(
    tx: Work, call: EmergencyCall, row: Emergency, post_id: uuid.UUID, *, new: bool = False
) -> None:
    duties.owe(
        tx,
        kind=DutyKind.JUSTIFY,
        subject_kind=KIND,
        subject_id=call.id,
        post_id=post_id,
        due_at=row.justify_by,
        title=_title(call, DutyKind.JUSTIFY),
        new_subject=new,
    )


def _title(call: EmergencyCall, kind: DutyKind) -> str:
    """What is owed, in words: of one emergency, or of all that are gathered."""
    gathered = call.kind in {CallKind.SHARED, CallKind.FLOOD}
    return words.duty_title(f"{kind.value}_gathered" if gathered else kind.value)
