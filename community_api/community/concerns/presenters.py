"""What is shown of concerns to the staff."""

from __future__ import annotations

from typing import Any

from community_api.community.concerns import receipts, rules
from community_api.community.concerns.contacts import OpenedContact, Unlocking
from community_api.community.concerns.intake import IntakeResult
from community_api.community.concerns.replies import Replied
from community_api.community.concerns.service import ListedConcern, OpenedConcern
from community_api.community.concerns.thread import OpenedMessage, OpenedReply, OpenedTranslation
from community_api.community.concerns.translations import Translated
from community_api.core import retention


def item_view(concern: ListedConcern) -> dict[str, Any]:
    """What a list shows of a concern."""
    row = concern.row
    due = row.answer_due_at
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "public_state": rules.public_state(row, concern.now).value,
        "category": row.category,
        "unit": concern.unit,
        "channel": row.channel,
        "immediate_danger": row.immediate_danger,
        "do_not_pass_on": row.do_not_pass_on,
        "received_on": row.received_at.date(),
        "occurred_on": row.occurred_on,
        "language": row.language,
        "answer_due_on": None if due is None else rules.day_shown(due, concern.timezone),
        "version": row.version,
    }


def full_view(opened: OpenedConcern) -> dict[str, Any]:
    """What a single concern shows."""
    row, document = opened.row, opened.document
    return {
        **item_view(opened),
        "text": document.get("text"),
        "how_known": document.get("how_known"),
        "area": document.get("area"),
        "place": _place_view(opened),
        "may_publish": row.may_publish,
        "has_contact": opened.has_contact,
        "contact_unlocks": [unlock_view(one) for one in opened.unlocks],
        "messages": [message_view(one) for one in opened.messages],
        "replies": [reply_view(one) for one in opened.replies],
        "translations": [translation_view(one) for one in opened.translations],
        "retention": _retention(row),
    }


def taken_view(result: IntakeResult, danger: dict[str, str]) -> dict[str, Any]:
    """What whoever took a concern down sees of it."""
    code, called = result.code or "", result.emergency
    view = {
        **item_view(result.shown),
        "code": code,
        "groups": receipts.groups(code),
        "if_in_danger": danger,
        "retention": _retention(result.row),
    }
    return view if called is None else {**view, "emergency": {"id": called.id, "paged_at": called.paged_at}}


def message_view(opened: OpenedMessage) -> dict[str, Any]:
    """What a message of the reporter shows."""
    row, document = opened.row, opened.document
    return {
        "id": row.id,
        "kind": row.kind,
        "said_on": row.said_on,
        "text": document.get("text"),
        "answers": document.get("answers"),
        "pass_on": document.get("pass_on"),
    }


def reply_view(opened: OpenedReply) -> dict[str, Any]:
    """What a reply shows to the staff."""
    row = opened.row
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "status": row.state,
        "language": row.language,
        "text": opened.text,
        "author": row.author_id,
        "written_at": row.written_at,
        "released_at": row.released_at,
    }


def replied_view(done: Replied) -> dict[str, Any]:
    """What the answer to a reply, or to a second person's word, shows."""
    return {
        **reply_view(done.reply),
        "concern": _status_view(done.concern),
        "retention": _retention(done.reply.row),
    }


def unlock_view(row: Any) -> dict[str, Any]:
    """What a request to read contact details shows."""
    return {
        "id": row.id,
        "state": row.state,
        "proposer": row.proposer_id,
        "proposed_at": row.proposed_at,
        "until": row.until,
    }


def unlocking_view(done: Unlocking) -> dict[str, Any]:
    """What the answer to such a request shows."""
    return {
        **unlock_view(done.row),
        "concern": _status_view(done.concern),
        "retention": _retention(done.row),
    }


def contact_view(opened: OpenedContact) -> dict[str, Any]:
    """How to reach the reporter."""
    told = opened.told
    return {
        **{name: told.get(name) for name in ("channel", "value", "safe_when", "never_when", "say_police")},
        "until": opened.until,
        "retention": _retention(opened.row),
    }


def translation_view(opened: OpenedTranslation) -> dict[str, Any]:
    """What a translation shows."""
    row = opened.row
    return {
        "id": row.id,
        "of": row.of_id,
        "language": row.language,
        "text": opened.text,
        "by_machine": row.by_machine,
        "author": row.author_id,
        "written_at": row.written_at,
    }


def translated_view(done: Translated) -> dict[str, Any]:
    """What the answer to a translation shows."""
    return {
        **translation_view(done.opened),
        "concern": _status_view(done.concern),
        "retention": _retention(done.opened.row),
    }


def _place_view(opened: OpenedConcern) -> dict[str, Any] | None:
    row = opened.row
    if row.lat is None:
        return None
    return {
        "lat": row.lat,
        "lon": row.lon,
        "accuracy_m": row.accuracy_m,
        "precision": row.precision,
        "description": opened.document.get("place"),
    }


def _status_view(row: Any) -> dict[str, Any]:
    return {"id": row.id, "status": row.status, "version": row.version}


def _retention(row: Any) -> dict[str, object]:
    return retention.describe(row.retention_class, row.review_on, row.legal_hold)
