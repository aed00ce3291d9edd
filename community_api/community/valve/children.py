"""Whether a report speaks of a child. Its words stay on the community side; the answer alone leaves it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from community_api.community.concerns import service as concerns
from community_api.community.concerns import thread
from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import SEALED_LABEL
from community_api.community.shared.models import Supplement
from community_api.community.shared.terms import SUPPLEMENT_LABEL
from community_api.core.database.unit_of_work import Transaction
from community_api.wording import ages

CHILD_CATEGORY: Final = "child_at_risk"


@dataclass(frozen=True)
class ChildSigns:
    """``child``: the category or an age under 18 that is said; ``youth``: other words about age."""

    child: bool
    youth: bool


def signs_of_child(tx: Transaction, row: Observation | Concern) -> ChildSigns:
    """What a report, its supplements and its thread say of a child."""
    words = list(_words(tx, row))
    child = row.category == CHILD_CATEGORY or any(map(ages.says_minor, words))
    return ChildSigns(child, youth=any(map(ages.speaks_of_youth, words)))


def _words(tx: Transaction, row: Observation | Concern) -> Iterator[str]:
    if isinstance(row, Concern):
        yield from _texts(concerns.document_of(tx, row))
        for message in thread.messages(tx, row.id):
            yield from _texts(message.document)
    elif row.sealed is not None:
        yield from _texts(tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed))
    yield from _supplements(tx, row.id)


def _supplements(tx: Transaction, report_id: uuid.UUID) -> Iterator[str]:
    for row in tx.all(select(Supplement).where(Supplement.report_id == report_id)):
        if row.sealed is not None:
            yield from _texts(tx.sealer.open(tx, row.id, SUPPLEMENT_LABEL, row.text_version, row.sealed))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a document, at any depth."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
