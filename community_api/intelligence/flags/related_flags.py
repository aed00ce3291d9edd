"""Earlier flags about the same subject or a linked report, noted when the later one is raised.

Closing each alone, and too soon, is the known failure of every such system: a learning review of Prevent
found that one person had been closed three times, each time alone. Subjects are found by keyed tokens of what
identifies them, reports through the valve; no words are ever searched.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from community_api.community import valve
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.flags import relations, subject_identities, subjects
from community_api.intelligence.flags.models import Flag
from community_api.intelligence.flags.relations import Pair
from community_api.intelligence.flags.rules import is_over
from community_api.intelligence.flags.terms import Why


def note(tx: Transaction, flag: Flag, report: valve.Report, identities: Mapping[str, str]) -> None:
    """Keep the subjects of a new flag, and what earlier flags it belongs to."""
    secrets = subjects.secrets_of(tx, identities)
    about = subjects.flags_about(tx, flag, secrets)
    subjects.keep(tx, [(flag, secret) for secret in sorted(secrets)])
    _write(tx, flag, {Why.SUBJECT: about, Why.REPORT: valve.flags_around(tx, report.kind, report.id)})


def look_again(tx: Transaction, flag: Flag, report: valve.Report) -> None:
    """When a flag is confirmed, note what was raised at the same moment, which neither could see."""
    secrets = subjects.secrets_of(tx, subject_identities.opened(tx, flag))
    about = subjects.flags_about(tx, flag, secrets)
    _write(tx, flag, {Why.SUBJECT: about, Why.REPORT: valve.flags_around(tx, report.kind, report.id)})


def link_has_changed(tx: Transaction, link_id: uuid.UUID) -> None:
    """Two reports were linked, or are no longer: their flags belong together, or no more (the worker)."""
    ends = [frozenset(group) for group in valve.flags_at_ends(tx, link_id)]
    flags = _that_count(tx, frozenset().union(*ends))
    wanted = {pair for group in ends for one in group for other in group for pair in _pair(flags, one, other)}
    together = {frozenset(pair) for pair in wanted}
    noted = {
        frozenset((flag_id, one.other))
        for flag_id, found in relations.of(tx, flags).items()
        for one in found
        if one.why is Why.REPORT and one.other in flags
    }
    new = {
        frozenset(pair): Pair(*pair, Why.REPORT) for pair in sorted(wanted) if frozenset(pair) not in noted
    }
    relations.add(tx, list(new.values()))
    for one, other in (tuple(pair) for pair in noted - together):
        relations.end(tx, one, other, Why.REPORT)


def _that_count(tx: Transaction, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Flag]:
    """Those of the flags whose time is not over."""
    today = tx.now.date()
    rows = tx.all(select(Flag).where(Flag.id.in_(list(ids))))
    return {row.id: row for row in rows if not is_over(row.status, row.review_on, today)}


def _write(tx: Transaction, flag: Flag, others: Mapping[Why, Iterable[uuid.UUID]]) -> None:
    """What is not kept yet, the later flag with the earlier one."""
    by_reason = {why: {one for one in ids if one != flag.id} for why, ids in others.items()}
    ids = frozenset().union(*by_reason.values())
    if ids:
        flags = _that_count(tx, ids) | {flag.id: flag}
        relations.add(
            tx,
            [
                Pair(*pair, why)
                for why, those in by_reason.items()
                for other in sorted(those)
                for pair in _pair(flags, flag.id, other)
            ],
        )


def _pair(
    flags: Mapping[uuid.UUID, Flag], first: uuid.UUID, other: uuid.UUID
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Two flags of one local unit, the later first (of two at the same moment `one`); else nothing."""
    if first not in flags or other not in flags or first == other:
        return []
    if flags[first].local_unit_id != flags[other].local_unit_id:
        return []
    return [(other, first)] if flags[other].raised_at > flags[first].raised_at else [(first, other)]
