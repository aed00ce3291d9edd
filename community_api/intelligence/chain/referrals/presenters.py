"""How referrals are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from community_api.core import retention
from community_api.intelligence.chain.referrals.earlier_referrals import EarlierMatter
from community_api.intelligence.chain.referrals.models import ReferralStep
from community_api.intelligence.chain.referrals.service import OfferedAction, ShownQuestion, ShownReferral
from community_api.intelligence.chain.referrals.situation import pauses_of
from community_api.intelligence.chain.referrals.take_step import StepResult
from community_api.intelligence.chain.referrals.terms import Urgency
from community_api.intelligence.chain.reports.schemas import dissemination_view
from community_api.procedure_engine.terms import Phase


def item_view(referral: ShownReferral) -> dict[str, Any]:
    """What a list shows of a case."""
    row = referral.row
    late = row.phase != Phase.ENDED and row.due_at is not None and row.due_at < referral.now
    return {
        "id": row.id,
        "reference": row.reference,
        "unit": referral.unit,
        "level": row.level,
        "phase": row.phase,
        "state": row.stage,
        "owner": None if referral.owner is None else {"post": referral.owner},
        "due_at": row.due_at,
        "overdue": late,
        "paused_until": _paused_until(referral),
        "opened_at": row.opened_at,
        "parent_id": row.parent_id,
        "procedure": {
            "name": row.procedure_name,
            "version": row.procedure_version,
            "hash": row.procedure_hash,
        },
        "urgency": (Urgency.URGENT if row.urgent else Urgency.NORMAL).value,
        "grades": [
            {"scheme": one.scheme, "axis": one.axis, "code": one.code, "derived_from": one.derived_from}
            for one in referral.grades
        ],
        "earlier_closed": [one.id for one in referral.earlier],
        "report_id": row.report_id,
        "version": row.version,
    }


def _paused_until(referral: ShownReferral) -> datetime | None:
    """Until when the clock of the stage stands still at the latest; None: it runs, or the case has ended."""
    return next((p.until for p in pauses_of(referral.row) if p.since <= referral.now < p.until), None)


def full_view(referral: ShownReferral) -> dict[str, Any]:
    """What a single case shows."""
    row = referral.row
    report = None if referral.report is None else {"number": referral.report[0], "text": referral.report[1]}
    return {
        **item_view(referral),
        "content": referral.content,
        "report": report,
        "received": None if referral.received is None else dissemination_view(referral.received),
        "earlier": [_earlier_view(one) for one in referral.earlier],
        "questions": [_question_view(one) for one in referral.questions],
        "written": [
            {"action": step.action, "at": step.at, "fields": words} for step, words in referral.written
        ],
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def _earlier_view(matter: EarlierMatter) -> dict[str, Any]:
    return {
        "kind": matter.kind,
        "id": matter.id,
        "reference": matter.reference,
        "raised_at": matter.raised_at,
        "ended_at": matter.ended_at,
        "how": matter.how,
        "indicators": list(matter.indicators),
        "why": list(matter.why),
    }


def _question_view(question: ShownQuestion) -> dict[str, Any]:
    row = question.row
    return {
        "id": row.id,
        "asked_by": question.asking_unit,
        "asked_at": row.asked_at,
        "due_at": row.due_at,
        "asked": question.asked,
        "answer": row.answer,
        "answered_at": row.answered_at,
        "answered": None if question.answered is None else _without_question(question.answered),
    }


def _without_question(words: Mapping[str, Any]) -> dict[str, Any]:
    """The words of an answer; which question it answers stands beside them."""
    return {name: value for name, value in words.items() if name != "question"}


def offer_view(offered: OfferedAction) -> dict[str, Any]:
    """What is shown of an action that may be taken now."""
    offer = offered.offer
    return {
        "action": offer.action,
        "title": offered.title,
        "to_states": list(offer.to_stages),
        "due_at": offer.due_at,
        "blocked": None if offer.blocked is None else offer.blocked.code.value,
        "fields": offered.fields,
    }


def step_view(step: ReferralStep, post: str | None) -> dict[str, Any]:
    """What a history shows of a step."""
    return {
        "id": step.id,
        "action": step.action,
        "from_state": step.from_stage,
        "to_state": step.to_stage,
        "at": step.at,
        "post": post,
    }


def taken_view(result: StepResult) -> dict[str, Any]:
    """What the answer to a step shows."""
    step = result.step
    return {
        **step_view(step, result.post),
        "referral": item_view(result.shown),
        "retention": retention.describe(step.retention_class, step.review_on, step.legal_hold),
    }
