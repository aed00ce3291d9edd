"""How flags are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from community_api.core import retention
from community_api.intelligence.flags.decisions import Said
from community_api.intelligence.flags.models import Flag, FlagDecision
from community_api.intelligence.flags.service import OpenedFlag
from community_api.intelligence.flags.terms import WAITING
from community_api.procedure_engine.localize import listed, speaker
from community_api.procedure_engine.pack.definition import Pack


def item_view(listed_row: tuple[Flag, str, bool, datetime]) -> dict[str, Any]:
    """What a list shows of a flag."""
    row, unit, own, now = listed_row
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "unit": unit,
        "own": own,
        "cosign_required": row.cosign_required,
        "raised_at": row.raised_at,
        "due_at": row.due_at,
        "overdue": row.status in WAITING and row.due_at < now,
        "version": row.version,
    }


def full_view(opened: OpenedFlag, language: str) -> dict[str, Any]:
    """What a single flag shows."""
    row = opened.row
    view = item_view((row, opened.unit, opened.own, opened.now))
    report = opened.report
    view.update(
        report=None
        if report is None
        else {"kind": report.kind, "id": report.id, "reference": report.reference},
        exception=row.exception,
        exception_reason=opened.document.get("exception_reason"),
        indicator_list_version=row.indicator_list_version,
        grounds=opened.document.get("grounds", []),
        alternative_explanation=opened.document.get("alternative_explanation"),
        necessity=opened.document.get("necessity"),
        proportionality=opened.document.get("proportionality"),
        subjects=_subjects(opened),
        danger_to_life=row.danger_to_life,
        threshold=_threshold(opened.pack, language),
        lapses_at=row.lapses_at,
        cosign=_cosign(opened.said.get("cosign")),
        decision=_words(opened.said.get("decide")),
        withdrawal=_words(opened.said.get("withdraw")),
        retention=retention.describe(row.retention_class, row.review_on, row.legal_hold),
    )
    return view


def said_view(statement: Said) -> dict[str, Any]:
    """What the answer to an act on a flag shows."""
    flag, row = statement.flag, statement.row
    return {
        "id": row.id,
        "flag": {"id": flag.id, "status": flag.status, "version": flag.version},
        "decision": row.decision,
        "decided_at": row.decided_at,
        "referral_reference": statement.referral_reference,
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def _threshold(pack: Pack, language: str) -> dict[str, Any] | None:
    if pack.threshold is None:
        return None
    say = speaker(pack, language)
    return {
        "code": pack.threshold.code,
        "title": say(pack.threshold.title),
        "text": say(pack.threshold.text),
        "questions": listed(pack.threshold.questions, say),
    }


def _subjects(opened: OpenedFlag) -> list[dict[str, Any]]:
    return [
        {**subject, "identifying": opened.identities.get(str(index))}
        for index, subject in enumerate(opened.document.get("subjects", []))
    ]


def _cosign(decision: tuple[FlagDecision, Mapping[str, Any]] | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    row, words = decision
    return {
        "decision": row.decision,
        "best_interests": words.get("best_interests"),
        "guardian_told": row.guardian_told,
        "decided_at": row.decided_at,
    }


def _words(decision: tuple[FlagDecision, Mapping[str, Any]] | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    row, words = decision
    return {
        "decision": row.decision,
        "reason": words.get("reason"),
        "stands_without_protected_ground": _yes_or_no(row.stands_without_protected_ground),
        "teller_protected": _yes_or_no(row.teller_protected),
        "decided_at": row.decided_at,
    }


def _yes_or_no(answer: bool | None) -> str | None:  # noqa: FBT001 - an answer, not a switch
    return None if answer is None else ("yes" if answer else "no")
