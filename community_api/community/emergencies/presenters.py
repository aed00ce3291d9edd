"""What is shown of emergencies: rows with the names, words and counts that views need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from community_api import access, procedures
from community_api.access.permissions import Permission
from community_api.community.emergencies import first_lines, queries
from community_api.community.emergencies.models import Emergency, EmergencyBatch, EmergencyEntry
from community_api.community.emergencies.terms import BATCH_LABEL, ENTRY_LABEL
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.procedure_engine.pack.definition import Pack
from community_api.units import posts
from community_api.units.directory import tree


@dataclass(frozen=True)
class ShownPage:
    """That a post was called, about how many emergencies, and whether the call has left."""

    post: str
    round: int
    emergencies: int
    paged_at: datetime
    handed_over_at: datetime | None


@dataclass(frozen=True)
class ShownEntry:
    """What a commander did; ``words`` is empty for an acknowledgement and for what was erased."""

    row: EmergencyEntry
    post: str
    words: Mapping[str, Any]


@dataclass(frozen=True)
class ShownEmergency:
    """An emergency; pages and entries are None to those who see metadata only.

    ``pack`` is the procedure under which it began; None: none that says anything of emergencies.
    ``members`` says how many share its call; ``gathered`` are those with their first lines, by id, and
    None where they are not shown.
    """

    row: Emergency
    unit: str
    owner: str
    now: datetime
    kind: str
    members: int = 1
    pack: Pack | None = None
    pages: list[ShownPage] | None = None
    entries: list[ShownEntry] | None = None
    gathered: list[Emergency] | None = None
    lines: Mapping[str, str] | None = None

    @property
    def view_version(self) -> int:
        """What changes whenever something that is shown changes."""
        return self.row.version + self.members + sum(one.version for one in self.gathered or ())


def list_items(tx: Transaction, rows: Sequence[Emergency]) -> list[ShownEmergency]:
    """Emergencies as a list shows them."""
    members = queries.members(tx, [row.call_id for row in rows])
    kinds = queries.kinds_of_calls(tx, [row.call_id for row in rows])
    return [
        ShownEmergency(
            row,
            tree(tx).name_of(row.unit_id),
            str(posts.name_of(tx, row.owner_post_id)),
            tx.now,
            kinds[row.call_id],
            members[row.call_id],
        )
        for row in rows
    ]


def opened(tx: Transaction, actor: Actor, row: Emergency) -> ShownEmergency:
    """One emergency with its pages, entries and those that share its call."""
    (shown,) = list_items(tx, [row])
    gathered = _gathered(tx, actor, row) if shown.members > 1 else None
    return replace(
        shown,
        pack=procedures.governing(tx, row),
        pages=[
            ShownPage(
                str(posts.name_of(tx, one.post_id)),
                one.round,
                one.emergencies,
                one.paged_at,
                one.handed_over_at,
            )
            for one in queries.pages_of(tx, row)
        ],
        entries=[opened_entry(tx, one) for one in queries.entries_of(tx, row.id)],
        gathered=gathered,
        lines=None if gathered is None else first_lines.of_emergencies(tx, gathered),
    )


def _gathered(tx: Transaction, actor: Actor, row: Emergency) -> list[Emergency]:
    """Those that share its call, as far as the caller may know of them; the unanswered and oldest first."""
    sight = access.require_list(tx, actor, Permission.EMERGENCY_LIST)
    return queries.gathered(tx, queries.visible(sight, state=None, gathered_with=row.id))


def opened_entry(tx: Transaction, row: EmergencyEntry) -> ShownEntry:
    """An act with its words; those of an act on many are its reason."""
    words: Mapping[str, Any] = {}
    if row.sealed is not None:
        words = tx.sealer.open(tx, row.id, ENTRY_LABEL, row.text_version, row.sealed)
    elif row.batch_id is not None:
        batch = tx.get(EmergencyBatch, row.batch_id)
        if batch is not None and batch.sealed is not None:
            words = tx.sealer.open(tx, batch.id, BATCH_LABEL, batch.text_version, batch.sealed)
    return ShownEntry(row, str(posts.name_of(tx, row.post_id)), words)
