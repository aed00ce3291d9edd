"""The two kinds of report that a desk works on, in one form: how each is found, moved and answered."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from community_api import feedback
from community_api.access.permissions import Permission
from community_api.community.concerns import replies, response_deadlines
from community_api.community.concerns import service as concerns
from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.concerns.terms import DutyKind as ConcernDuty
from community_api.community.concerns.terms import ReplyKind
from community_api.community.observations import rules as standing
from community_api.community.observations import service as observations
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.observations.terms import Act, Status
from community_api.community.shared import triage_queue
from community_api.community.shared.terms import DutyKind
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.feedback import Word
from community_api.procedure_engine.terms import FeedbackPoint

Report = Observation | Concern


@dataclass(frozen=True)
class ReportKind:
    """What the desk must know of a kind of report.

    ``find`` asks the policy. ``follow`` gives the status after an act, or raises DomainError. ``move``
    buffers another status and further values. ``answer`` owes its reporters word of a decision, and gives the
    word where there is one; it returns the id of a reply that a second person must approve first, or None.
    ``reopen`` puts it into the queue again.
    """

    name: str
    model: type[Report]
    find: Callable[[Transaction, Actor, uuid.UUID, Permission], Any]
    follow: Callable[[Transaction, Any, Act], Status]
    move: Callable[..., None]
    answer: Callable[..., uuid.UUID | None]
    reopen: Callable[[Transaction, Any], None]


def standing_of(tx: Transaction, kind: ReportKind, row: Report, act: Act) -> Status:
    """The status after an act; raises DomainError ``erased`` or the reason why it cannot be done now."""
    if row.erased_at is not None:
        raise DomainError("erased")
    return kind.follow(tx, row, act)


def _follow_observation(_tx: Transaction, row: Observation, act: Act) -> Status:
    return standing.follow(row.status, act)


def _move_observation(tx: Transaction, row: Observation, status: Status, **values: Any) -> None:
    tx.update_row(row, status=status.value, **values)
    observations.tell(tx, row)


def _answer_observation(
    tx: Transaction, actor: Actor, row: Observation, point: FeedbackPoint, outcome: str, word: Word | None
) -> None:
    feedback.oblige_reporters(
        tx,
        actor,
        matter_id=row.matter_id,
        subject_kind=OBSERVATION,
        subject_id=row.id,
        unit_id=row.unit_id,
        point=point,
        outcome=outcome,
        word=word,
    )


def _reopen_observation(tx: Transaction, row: Observation) -> None:
    triage_queue.enter(tx, DutyKind.REOPENED, OBSERVATION, row.id, row.unit_id)


def _follow_concern(tx: Transaction, row: Concern, act: Act) -> Status:
    """A concern may be answered before anybody triaged it: then it still waits."""
    answered_first = (
        row.status == Status.IN_COMMUNITY_WORK and act in TRIAGED and triage_queue.is_in(tx, row.id)
    )
    return standing.follow(Status.RECEIVED if answered_first else row.status, act)


def _answer_concern(
    tx: Transaction, actor: Actor, row: Concern, point: FeedbackPoint, _outcome: str, word: Word | None
) -> uuid.UUID | None:
    """Members of the public hear from a second person, or by their calendar; triage owes them no more."""
    if word is None:
        return None
    final = point is FeedbackPoint.CLOSING
    told: Mapping[str, Any] = {
        "text": word.text,
        "language": response_deadlines.spoken(row.language),
        "kind": (ReplyKind.FINAL if final else ReplyKind.QUESTION).value,
    }
    return replies.write(tx, actor, row, new_id(), told).id


def _reopen_concern(tx: Transaction, row: Concern) -> None:
    """It waits for its desk again, and its reporter is promised another word."""
    response_deadlines.enter_queue(tx, row, DutyKind.REOPENED)
    if row.answer_due_at is None:
        due_at = response_deadlines.promise_again(tx, row, response_deadlines.first_answer(tx))
        response_deadlines.owe(tx, row, ConcernDuty.ANSWER, due_at)
        tx.update_row(row, answer_due_at=due_at)


TRIAGED: Final = frozenset({Act.TAKE_UP, Act.HAND_ON, Act.RETURN})
KINDS: Final[Mapping[str, ReportKind]] = {
    OBSERVATION: ReportKind(
        OBSERVATION,
        Observation,
        observations.find,
        _follow_observation,
        _move_observation,
        _answer_observation,
        _reopen_observation,
    ),
    CONCERN: ReportKind(
        CONCERN,
        Concern,
        concerns.find,
        _follow_concern,
        concerns.move,
        _answer_concern,
        _reopen_concern,
    ),
}
