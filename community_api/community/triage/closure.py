"""How community work on a report ends, with the text that answers its reporter; and begins again."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from community_api import feedback
from community_api.access.permissions import Permission
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.observations.terms import Act
from community_api.community.shared import desk_actions, triage_queue
from community_api.community.shared.terms import RETENTION, ClosingReason, DeskActKind
from community_api.community.triage.report_adapters import KINDS, standing_of
from community_api.community.triage.service import Acted, note, words_of
from community_api.community.triage.terms import OUTCOME_OF
from community_api.community.wishes import service as wishes
from community_api.community.wishes.terms import Way
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.retention import review_on
from community_api.feedback import Word
from community_api.procedure_engine.terms import FeedbackPoint


def close(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    kind: str,
    report_id: uuid.UUID,
    body: Mapping[str, Any],
) -> Acted:
    """End the work on a report. ``body``: reason, hand_over, text_for_reporter, exception, exception_reason.

    Officers read the text at once; a member of the public when a second person has approved it, and then
    the concern is closed. Raises DomainError ``not_found``, ``same_person``, ``not_triaged``,
    ``already_closed``, ``feedback_owed``, ``final_waits``, ``not_to_be_passed_on``.
    """
    with uow(command) as tx:
        way = KINDS[kind]
        row = way.find(tx, actor, report_id, Permission.COMMUNITY_REPORT_CLOSE)
        before, after = row.status, standing_of(tx, way, row, Act.CLOSE)
        if feedback.owed_before_closing(tx, row.id):
            raise DomainError("feedback_owed")
        reason = ClosingReason(body["reason"])
        _check_hand_over(reason, body.get("hand_over"))
        if body.get("hand_over") is not None:
            wishes.check(tx, row, (Way.HAND_OVER,), body)
            if kind != OBSERVATION:
                wishes.guard(tx, row)
        word = Word(OUTCOME_OF[reason], body["text_for_reporter"])
        if kind == OBSERVATION:
            way.move(tx, row, after)
        reply_id = way.answer(tx, actor, row, FeedbackPoint.CLOSING, reason.value, word)
        act = desk_actions.keep(
            tx, actor, command.record_id, act=DeskActKind.CLOSING, code=reason.value, report_kind=kind,
            report_id=row.id, document=words_of(body), reply_id=reply_id,
        )  # fmt: skip
        note(tx, actor, Permission.COMMUNITY_REPORT_CLOSE, act, row, before)
        return Acted(act, row)


def reopen(
    uow: UnitOfWork, actor: Actor, command: Command, *, kind: str, report_id: uuid.UUID, reason: str
) -> Acted:
    """Take up again what was closed or went the wrong way: it is triaged anew.

    Raises DomainError ``not_found``, ``same_person``, ``not_closed``, ``already_withdrawn``.
    """
    with uow(command) as tx:
        way = KINDS[kind]
        row = way.find(tx, actor, report_id, Permission.COMMUNITY_REPORT_REOPEN)
        before, after = row.status, standing_of(tx, way, row, Act.REOPEN)
        triage_queue.leave(tx, row.id)
        way.move(tx, row, after, retention_class=RETENTION, review_on=review_on(RETENTION, tx.now.date()))
        way.reopen(tx, row)
        act = desk_actions.keep(
            tx, actor, command.record_id, act=DeskActKind.REOPENING, code=None, report_kind=kind,
            report_id=row.id, document={"reason": reason},
        )  # fmt: skip
        note(tx, actor, Permission.COMMUNITY_REPORT_REOPEN, act, row, before)
        return Acted(act, row)


def _check_hand_over(reason: ClosingReason, service: str | None) -> None:
    """Who takes over is named when, and only when, it is handed over."""
    if reason is ClosingReason.HANDED_OVER and service is None:
        raise invalid("/hand_over", "needed_here")
    if reason is not ClosingReason.HANDED_OVER and service is not None:
        raise invalid("/hand_over", "not_needed")
