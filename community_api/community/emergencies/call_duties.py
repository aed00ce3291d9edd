"""What posts owe about a call, and its end: answered, accounted for, or late.

Duties are owed about a call, so what is gathered is one duty; their subject is its first emergency.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from community_api import audit, procedures
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.emergencies import queries
from community_api.community.emergencies.models import Emergency, EmergencyCall
from community_api.community.emergencies.terms import KIND, UNJUSTIFIED, CallKind, DutyKind, State
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.outbox import service as outbox
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_national import EMERGENCY
from community_api.procedure_engine.pack.pack_national import Emergency as Rules
from community_api.units import duties, posts, words
from community_api.units.terms import Role


def justification_is_late(tx: Transaction, emergency_id: uuid.UUID) -> None:
    """No account came in time: the post that the procedure names is told, once (the worker calls this)."""
    row = tx.get(Emergency, emergency_id)
    if row is None or row.justified_at is not None or row.breached_at is not None:
        return
    _hold(tx, row.call_id)
    tx.update_row(row, breached_at=tx.now)
    duties.owe(
        tx,
        kind=DutyKind.BREACH,
        subject_kind=KIND,
        subject_id=row.call_id,
        post_id=posts.establish(tx, Role(rules_under(procedures.governing(tx, row)).heard_by), row.unit_id),
        due_at=row.justify_by,
    )
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.EMERGENCY_JUSTIFY, KIND, row.id,
        version=row.version, to_state=row.state, outcome="breach",
    )  # fmt: skip


def rules_under(pack: Pack | None) -> Rules:
    """What a procedure says of emergencies; what it leaves out, and None, is the product's own rule."""
    return EMERGENCY if pack is None or pack.emergency is None else pack.emergency


def take_over(tx: Transaction, rows: Sequence[Emergency], post_id: uuid.UUID) -> None:
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
        tx.update_row(row, owner_post_id=post_id, acknowledged_at=tx.now, last_round=call.rounds)
    if unjustified:
        owe_justification(tx, call, min(unjustified, key=lambda row: row.justify_by), post_id)


def accounted_for(tx: Transaction, rows: Sequence[Emergency]) -> None:
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
        tx.update_row(row, justified_at=tx.now)


def owe_justification(
    tx: Transaction, call: EmergencyCall, row: Emergency, post_id: uuid.UUID, *, new: bool = False
) -> None:
    """Let a post owe the account of a call, due as that of ``row``; owed already, it stays as it is."""
    _owe(tx, call, DutyKind.JUSTIFY, post_id, row.justify_by, new=new)


def owe_answer(tx: Transaction, call: EmergencyCall, post_id: uuid.UUID, *, new: bool = False) -> None:
    """Let a post owe an answer to a call, at once; owed already, it stays as it is."""
    _owe(tx, call, DutyKind.PAGED, post_id, tx.now, new=new)


def _owe(
    tx: Transaction, call: EmergencyCall, kind: DutyKind, post_id: uuid.UUID, due_at: datetime, *, new: bool
) -> None:
    """A duty about a call, with the title of one emergency or of all that are gathered."""
    gathered = call.kind in {CallKind.SHARED, CallKind.FLOOD}
    duties.owe(
        tx,
        kind=kind,
        subject_kind=KIND,
        subject_id=call.id,
        post_id=post_id,
        due_at=due_at,
        title=words.duty_title(f"{kind.value}_gathered" if gathered else kind.value),
        new_subject=new,
    )


def _hold(tx: Transaction, call_id: uuid.UUID) -> EmergencyCall:
    """The call, so that no round goes out, and nobody else answers, between reading and commit."""
    call = tx.get(EmergencyCall, call_id)
    if call is None:
        raise LookupError(call_id)
    return tx.update_row(call)
