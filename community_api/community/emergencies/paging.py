"""Waking those on duty: in the commit that tells of danger, and again until somebody answers.

A page is a row, a duty of the post and an outbox row, all of one commit: whatever is killed when, it is
there once and the worker hands it over. Quiet hours are not asked.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Address
from community_api.audit.terms import Action
from community_api.community.emergencies import call_rules, calls, queries, rules
from community_api.community.emergencies.call_duties import owe_answer, owe_justification, rules_under
from community_api.community.emergencies.models import Emergency, EmergencyCall, EmergencyPage
from community_api.community.emergencies.terms import (
    ESCALATE,
    KIND,
    PAGE,
    RETENTION,
    SHARED_AGAIN,
    UNJUSTIFIED,
    Audience,
    State,
)
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine.clocks import deadline
from community_api.procedure_engine.pack.pack_national import EMERGENCY
from community_api.procedure_engine.pack.pack_national import Emergency as Rules
from community_api.units import posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


def open_emergency(
    tx: Transaction, *, subject_kind: str, subject_id: uuid.UUID, unit_id: uuid.UUID, topic: str | None = None
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
    outbox.schedule(tx, UNJUSTIFIED, row.id, row.justify_by)
    if placed.new:
        _page(tx, call, [post_id], 1, new=True)
        owe_justification(tx, call, row, post_id, new=True)
        outbox.schedule(tx, ESCALATE, call.id, call.again_at)
    else:
        calls.hurry(tx, call)
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, row.id,
        version=1, to_state=row.state, outcome="done" if placed.new else "gathered",
        recipients=[str(posts.name_of(tx, post_id))] if placed.new else [],
    )  # fmt: skip
    return row


def call_again(tx: Transaction, call_id: uuid.UUID) -> None:
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
        outbox.schedule(tx, ESCALATE, call.id, call.paged_at + SHARED_AGAIN)


def hand_over(tx: Transaction, page_id: uuid.UUID) -> None:
    """Let a page go out to whoever holds the post (the worker calls this).

    The duty stands since the commit that paged; the feed of each post is told now, and channels that ring
    are called from here.
    """
    page = tx.get(EmergencyPage, page_id)
    if page is None or page.handed_over_at is not None:
        return
    tx.update_where(EmergencyPage, {"id": page.id, "handed_over_at": None}, {"handed_over_at": tx.now})
    tx.changed(KIND, page.call_id, page.round + 1, page.post_id)


def addresses(tx: Transaction, row: Emergency) -> tuple[Address, ...]:
    """Those who are called: they may see the emergency and the report, wherever they command."""
    called = queries.called_posts(tx, row)
    names = [posts.name_of(tx, one) for one in sorted({row.owner_post_id, *called})]
    units = tree(tx).names
    return tuple(Address(role=name.role, unit_id=units[name.unit].id) for name in names)


def addresses_of_many(tx: Transaction, rows: Sequence[Emergency]) -> dict[uuid.UUID, tuple[Address, ...]]:
    """As ``addresses``, of many at once, by the emergency's id."""
    units = tree(tx).names
    called = {row.id: {row.owner_post_id} for row in rows}
    for emergency_id, post_id in queries.called_of_many(tx, rows):
        called[emergency_id].add(post_id)
    known = {post_id: posts.name_of(tx, post_id) for post_id in set().union(*called.values())}
    address = {
        post_id: Address(role=name.role, unit_id=units[name.unit].id) for post_id, name in known.items()
    }
    return {
        emergency_id: tuple(address[post_id] for post_id in sorted(post_ids))
        for emergency_id, post_ids in called.items()
    }


def _send(
    tx: Transaction,
    call: EmergencyCall,
    due: call_rules.CallRound,
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
    tx.update_row(
        call,
        rounds=due.rounds,
        rounds_of_newest=due.rounds_of_newest,
        paged_at=tx.now,
        again_at=due.again_at,
    )
    if new:
        # All that nobody was called for: one that joins at this moment is shown in this round as well.
        fresh = {"call_id": call.id, "paged_at": None, "state": State.PAGING.value}
        tx.update_where(Emergency, fresh, {"paged_at": tx.now, "first_round": due.rounds}, expect=None)
        owe_justification(tx, call, new[0], new[0].owner_post_id)
    _page(tx, call, post_ids, len(unanswered))
    outbox.schedule(tx, ESCALATE, call.id, due.again_at)
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_ACT, KIND, call.id,
        version=call.version, to_state=State.PAGING.value, seen=[row.id for row in new],
        recipients=[str(posts.name_of(tx, one)) for one in post_ids],
    )  # fmt: skip


def _first(tx: Transaction, unit_id: uuid.UUID) -> uuid.UUID:
    return rules.first_called(unit_id, tree(tx), lambda item: _is_manned(tx, item))


def _rules_of(tx: Transaction, call: EmergencyCall) -> Rules:
    first = tx.get(Emergency, call.id)
    return EMERGENCY if first is None else rules_under(procedures.governing(tx, first))


def _again_after(rules_of_nation: Rules) -> timedelta:
    """When further commanders are paged if nobody has answered by then."""
    return timedelta(minutes=rules_of_nation.paged_again_after_minutes)


def _is_manned(tx: Transaction, unit_id: uuid.UUID) -> bool:
    post_id = posts.find(tx, Role.DUTY_COMMANDER, unit_id)
    return post_id is not None and bool(access.holders_of(tx, post_id))


def _page(
    tx: Transaction,
    call: EmergencyCall,
    post_ids: Iterable[uuid.UUID],
    emergencies: int,
    *,
    new: bool = False,
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
        owe_answer(tx, call, post_id, new=new)
        outbox.schedule(tx, PAGE, page.id, tx.now)
