"""The public calendar: what a reporter was promised by when, owed by the desk, kept by the worker.

It follows from the day of receipt and from what was said to the reporter, and from nothing else: what
becomes of a concern inside changes neither day nor words (contract section 8).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.concerns.models import Concern, ConcernReply
from community_api.community.concerns.rules import promised, release
from community_api.community.concerns.terms import (
    ANSWER_DUE,
    KIND,
    REPLY_KIND,
    REPLY_LABEL,
    RETENTION,
    STILL_OPEN,
    DutyKind,
    ReplyKind,
    ReplyState,
)
from community_api.community.shared import triage_queue
from community_api.community.shared.terms import TRIAGE_WITHIN
from community_api.community.shared.terms import DutyKind as TriageDuty
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.i18n.translations import SOURCE_LANGUAGE, WORDS, translate
from community_api.core.ids import new_id
from community_api.core.retention import review_on
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.pack_lists import Feedback
from community_api.procedures import in_force, known_packs
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def begin(tx: Transaction, row: Concern) -> None:
    """A new concern is answered for the first time within the days that are promised."""
    due_at = due(tx, row, first_answer(tx))
    tx.update_row(row, answer_due_at=due_at)
    owe(tx, row, DutyKind.ANSWER, due_at, new_subject=True)
    outbox.schedule(tx, ANSWER_DUE, row.id, due_at, day_only=True)


def promise_again(tx: Transaction, row: Concern, clock: Clock) -> datetime:
    """Promise the next word by another day, which comes back; the caller changes the row."""
    due_at = due(tx, row, clock)
    outbox.cancel(tx, ANSWER_DUE, row.id, day_only=True)
    outbox.schedule(tx, ANSWER_DUE, row.id, due_at, day_only=True)
    return due_at


def first_answer(tx: Transaction) -> Clock:
    """How soon somebody is answered for the first time."""
    return _clocks(tx).public_first_answer


def status_every(tx: Transaction) -> Clock:
    """How often they hear of it afterwards."""
    return _clocks(tx).public_status_every


def due(tx: Transaction, row: Concern, clock: Clock) -> datetime:
    """The end of the day on which a clock that starts today runs out."""
    return promised(clock, tx.today, calendar_of(tx, row.unit_id))


def owe(
    tx: Transaction, row: Concern, kind: DutyKind, due_at: datetime, *, new_subject: bool = False
) -> None:
    """Let the desk owe something about a concern; the row carries the day only."""
    duties.owe(
        tx,
        kind=kind,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role.SUPERVISOR, row.unit_id),
        due_at=due_at,
        opened_at=tx.today,
        new_subject=new_subject,
    )


def enter_queue(tx: Transaction, row: Concern, why: TriageDuty) -> None:
    """The concern waits for its desk; the day alone is kept."""
    triage_queue.enter(tx, why, KIND, row.id, row.unit_id, day=tx.today, due_at=due(tx, row, TRIAGE_WITHIN))


def word_is_due(tx: Transaction, concern_id: uuid.UUID) -> None:
    """The day has passed without a word: the product itself says that it is open, a manager that it is late.

    The worker calls this. What the desk owes stays owed.
    """
    row = tx.get(Concern, concern_id)
    if row is None or row.erased_at is not None or row.answer_due_at is None or tx.now < row.answer_due_at:
        return
    reply = _say_still_open(tx, row)
    due_at = due(tx, row, status_every(tx))
    tx.update_row(row, answer_due_at=due_at, thread_length=row.thread_length + 1)
    outbox.schedule(tx, ANSWER_DUE, row.id, due_at, day_only=True)
    duties.owe(
        tx, kind=DutyKind.LATE, subject_kind=KIND, subject_id=row.id,
        post_id=_manager_over(tx, row.unit_id), due_at=due_at, opened_at=tx.today,
    )  # fmt: skip
    audit.record(
        tx, SYSTEM, Action.DELIVER, Permission.CONCERN_REPLY, REPLY_KIND, reply.id,
        version=1, to_state=reply.state, recipients=["reporter"], outcome=reply.kind,
    )  # fmt: skip


def spoken(language: str | None) -> str:
    """The language in which the product itself can answer somebody; English where theirs is not there."""
    base = (language or SOURCE_LANGUAGE).split("-")[0]
    return base if base in WORDS.languages else SOURCE_LANGUAGE


def _clocks(tx: Transaction) -> Feedback:
    """Those in force today; where none are, the newest: what is told is answered all the same."""
    return (in_force(tx, tx.today.date()) or known_packs(tx)[-1]).feedback


def _say_still_open(tx: Transaction, row: Concern) -> ConcernReply:
    language = spoken(row.language)
    reply_id = new_id()
    text = translate(STILL_OPEN, language)
    return tx.add(
        ConcernReply(
            id=reply_id,
            concern_id=row.id,
            kind=ReplyKind.STATUS.value,
            state=ReplyState.APPROVED.value,
            language=language,
            author_id=None,
            written_at=tx.today,
            released_at=release(tx.today, tx.release_hour, tree(tx)[row.unit_id].timezone),
            position=row.thread_length + 1,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, reply_id, REPLY_LABEL, {"text": text}),
        )
    )


def _manager_over(tx: Transaction, unit_id: uuid.UUID) -> uuid.UUID:
    units = tree(tx)
    local = units.local_unit_of(unit_id) or units.at_level(Level.NATIONAL)[0]
    return posts.establish(tx, Role.INTELLIGENCE_MANAGER, local.id)
