"""A concern in another language, beside the original that never changes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.concerns import service, thread
from community_api.community.concerns.models import Concern, ConcernMessage, ConcernTranslation
from community_api.community.concerns.terms import TRANSLATION_KIND, TRANSLATION_LABEL
from community_api.community.concerns.thread import OpenedTranslation
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.retention import review_on


@dataclass(frozen=True)
class Translated:
    """A translation and the concern that it belongs to."""

    opened: OpenedTranslation
    concern: Concern


def translate(
    uow: UnitOfWork, actor: Actor, command: Command, *, concern_id: uuid.UUID, body: Mapping[str, Any]
) -> Translated:
    """Put what the reporter said into another language. ``body``: language, text, of, by_machine.

    ``of`` is the concern or one of its reporter's messages; absent, the concern. Raises DomainError
    ``not_found``, ``erased``, or ``validation_failed`` for what is not of this concern.
    """
    with uow(command) as tx:
        row = service.find(tx, actor, concern_id, Permission.CONCERN_TRANSLATE)
        if row.erased_at is not None:
            raise DomainError("erased")
        of_id = body.get("of") or row.id
        if not _belongs(tx, row, of_id):
            raise invalid("/of", "not_one_of")
        added = tx.add(
            ConcernTranslation(
                id=command.record_id,
                concern_id=row.id,
                of_id=of_id,
                language=body["language"],
                by_machine=body.get("by_machine", False),
                author_id=actor.person_id,
                written_at=tx.now,
                retention_class=row.retention_class,
                review_on=review_on(row.retention_class, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, TRANSLATION_LABEL, {"text": body["text"]}),
            )
        )
        audit.record(
            tx, actor, Action.ALTER, Permission.CONCERN_TRANSLATE, TRANSLATION_KIND, added.id,
            version=1, payload={"text": body["text"]},
        )  # fmt: skip
        return Translated(OpenedTranslation(added, body["text"]), row)


def read_translation(uow: UnitOfWork, actor: Actor, translation_id: uuid.UUID) -> Translated:
    """A translation, for its author who sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        added = tx.get(ConcernTranslation, translation_id)
        row = tx.get(Concern, added.concern_id) if added is not None else None
        if added is None or row is None or added.author_id != actor.person_id:
            raise DomainError("not_found")
        return Translated(thread.opened_translation(tx, added), row)


def _belongs(tx: Transaction, row: Concern, of_id: uuid.UUID) -> bool:
    if of_id == row.id:
        return True
    message = tx.get(ConcernMessage, of_id)
    return message is not None and message.concern_id == row.id
