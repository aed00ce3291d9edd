"""The likely duplicates of the reports on a page of the queue: found by place and day, judged by words too.

Texts are opened in memory only, of reports that the desk may read; nothing of them is kept.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain

from community_api.community.triage import queries, rules
from community_api.community.triage.report_adapters import Report
from community_api.community.triage.rules import ComparedReport, LikelyDuplicate
from community_api.community.triage.weights import Weights, weights
from community_api.community.triage.words import Rarity, Stemming, TextWords, similarity
from community_api.core.database.unit_of_work import Transaction


@dataclass(frozen=True)
class Offers:
    """What is offered to each report, by its id, and whose texts were opened to judge."""

    by_report: Mapping[uuid.UUID, list[LikelyDuplicate]]
    opened: frozenset[uuid.UUID]


@dataclass(frozen=True)
class _Compared:
    """A report with those that its words are compared with: itself first, candidates, other neighbours."""

    candidates: list[LikelyDuplicate]
    reports: tuple[ComparedReport, ...]

    def likely(self, words: Mapping[uuid.UUID, TextWords], declared: Weights) -> list[LikelyDuplicate]:
        """What is offered; ``words`` lacks reports that have no text any more."""
        ids = {one.id for one in self.reports} & words.keys()
        rarity = Rarity([words[one] for one in ids])
        own = words.get(self.reports[0].id) if self.reports else None

        def alike(other_id: uuid.UUID) -> float | None:
            other = words.get(other_id)
            return None if own is None or other is None else similarity(own, other, rarity, declared.words)

        return rules.likely(self.candidates, alike, declared)


def offers(
    tx: Transaction,
    rows: Collection[Report],
    linked: Mapping[uuid.UUID, set[uuid.UUID]],
    unit_ids: frozenset[uuid.UUID],
) -> Offers:
    """The likely duplicates of each report among those of the units, but not what is linked with it."""
    declared = weights()
    found = {row.id: _compared(tx, row, linked.get(row.id, set()), unit_ids, declared) for row in rows}
    reports = chain.from_iterable(one.reports for one in found.values())
    stemming = Stemming()
    words = {
        text.id: stemming.words(text.words, text.language)
        for text in queries.texts(tx, {one.id: one.kind for one in reports})
    }
    return Offers({row_id: one.likely(words, declared) for row_id, one in found.items()}, frozenset(words))


def _compared(
    tx: Transaction,
    row: Report,
    linked: Collection[uuid.UUID],
    unit_ids: frozenset[uuid.UUID],
    declared: Weights,
) -> _Compared:
    report = queries.compared(row)
    near = rules.nearest(report, queries.near(tx, row, unit_ids))
    candidates = rules.candidates(report, (one for one in near if one.id not in linked), declared)
    if not candidates:
        return _Compared([], ())
    return _Compared(candidates, (report, *(one.other for one in candidates), *near[: declared.background]))
