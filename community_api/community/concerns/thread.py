"""What was said about a concern, opened: by its reporter, by the desk, in other languages."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api.community.concerns import queries
from community_api.community.concerns.models import ConcernMessage, ConcernReply, ConcernTranslation
from community_api.community.concerns.terms import MESSAGE_LABEL, REPLY_LABEL, TRANSLATION_LABEL
from community_api.core.database.unit_of_work import Transaction


@dataclass(frozen=True)
class OpenedMessage:
    """What the reporter added; ``document`` is empty once erased."""

    row: ConcernMessage
    document: Mapping[str, Any]


@dataclass(frozen=True)
class OpenedReply:
    """What the desk wrote; ``text`` None once erased."""

    row: ConcernReply
    text: str | None


@dataclass(frozen=True)
class OpenedTranslation:
    """A text in another language; ``text`` None once erased."""

    row: ConcernTranslation
    text: str | None


def messages(tx: Transaction, concern_id: uuid.UUID) -> list[OpenedMessage]:
    """What the reporter added, in the order of the thread."""
    return [OpenedMessage(row, _document(tx, row, MESSAGE_LABEL)) for row in queries.messages(tx, concern_id)]


def replies(tx: Transaction, concern_id: uuid.UUID) -> list[OpenedReply]:
    """What the desk wrote, oldest first."""
    return [opened_reply(tx, row) for row in queries.replies(tx, concern_id)]


def translations(tx: Transaction, concern_id: uuid.UUID) -> list[OpenedTranslation]:
    """What was translated, oldest first."""
    return [opened_translation(tx, row) for row in queries.translations(tx, concern_id)]


def opened_reply(tx: Transaction, row: ConcernReply) -> OpenedReply:
    """A reply with its text."""
    return OpenedReply(row, _document(tx, row, REPLY_LABEL).get("text"))


def opened_translation(tx: Transaction, row: ConcernTranslation) -> OpenedTranslation:
    """A translation with its text."""
    return OpenedTranslation(row, _document(tx, row, TRANSLATION_LABEL).get("text"))


def _document(
    tx: Transaction, row: ConcernMessage | ConcernReply | ConcernTranslation, label: str
) -> Mapping[str, Any]:
    if row.sealed is None:
        return {}
    document: Mapping[str, Any] = tx.sealer.open(tx, row.id, label, row.text_version, row.sealed)
    return document
