"""Cases about the same subject or a linked report: the earlier ones, and the later ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from community_api.community import valve
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.flags import relations
from community_api.intelligence.flags.models import Flag, Ground
from community_api.intelligence.flags.rules import is_over
from community_api.intelligence.flags.terms import WAITING
from community_api.procedure_engine.terms import Phase

CASE: Final = "referral"


@dataclass(frozen=True)
class EarlierMatter:
    """An earlier flag that has ended, and what came of it.

    ``id`` is that of its case, or of the flag where it never became one (``kind`` says which). ``how``: the
    state that its case ended in, or how the flag ended. ``why``: subject, report, or both.
    """

    kind: str
    id: UUID
    reference: str | None
    raised_at: datetime
    ended_at: datetime
    how: str
    indicators: tuple[str, ...]
    why: tuple[str, ...] = ()


def earlier_of(tx: Transaction, rows: Sequence[Referral]) -> dict[UUID, list[EarlierMatter]]:
    """For each case what ended before and is about the same subject or a linked report, oldest first.

    One entry for each report, however often it was flagged: a refusal that is repeated adds no weight.
    """
    found: dict[UUID, list[EarlierMatter]] = {row.id: [] for row in rows}
    by_flag = {row.flag_id: row for row in rows if row.flag_id is not None}
    why: dict[tuple[UUID, UUID], set[str]] = {}
    for flag_id, kept in relations.of(tx, by_flag).items():
        for one in kept:
            if one.earlier:
                why.setdefault((flag_id, one.other), set()).add(one.why.value)
    if not why:
        return found
    ids = {earlier_id for _flag_id, earlier_id in why}
    known = _matters(tx, ids)
    reports = valve.report_by_flag(tx, known)
    gathered: dict[UUID, dict[int, list[EarlierMatter]]] = {row.id: {} for row in rows}
    for (flag_id, earlier_id), reasons in why.items():
        if earlier_id in known:
            matter = replace(known[earlier_id], why=tuple(sorted(reasons)))
            gathered[by_flag[flag_id].id].setdefault(reports[earlier_id], []).append(matter)
    for case_id, by_report in gathered.items():
        found[case_id] = sorted(map(_standing_for, by_report.values()), key=_oldest_first)
    return found


def _standing_for(matters: Sequence[EarlierMatter]) -> EarlierMatter:
    """Of several flags on one report the one that says most: a case before a mere flag, then the last."""
    reasons = {reason for one in matters for reason in one.why}
    last = max(matters, key=lambda item: (item.kind == CASE, item.ended_at, item.id.hex))
    return replace(last, why=tuple(sorted(reasons)))


def _oldest_first(matter: EarlierMatter) -> tuple[datetime, str]:
    return matter.ended_at, matter.id.hex


def _matters(tx: Transaction, flag_ids: Collection[UUID]) -> dict[UUID, EarlierMatter]:
    """Flags that have ended, by id, with what came of them."""
    flags = tx.all(select(Flag).where(Flag.id.in_(flag_ids), Flag.erased_at.is_(None)))
    cases = {one.flag_id: one for one in tx.all(select(Referral).where(Referral.flag_id.in_(flag_ids)))}
    named: dict[UUID, list[str]] = {}
    for flag_id, indicator in tx.all(
        select(Ground.flag_id, Ground.indicator).where(Ground.flag_id.in_(flag_ids))
    ):
        named.setdefault(flag_id, []).append(indicator)
    today = tx.now.date()
    matters = {
        flag.id: _matter(flag, cases.get(flag.id), sorted(named.get(flag.id, [])))
        for flag in flags
        if not is_over(flag.status, flag.review_on, today)
    }
    return {flag_id: matter for flag_id, matter in matters.items() if matter is not None}


def other_cases(tx: Transaction, row: Referral) -> frozenset[str]:
    """Ids of other cases of the unit about the same subject or a linked report, earlier or later."""
    if row.flag_id is None:
        return frozenset()
    others = {one.other for one in relations.of(tx, (row.flag_id,)).get(row.flag_id, [])}
    if not others:
        return frozenset()
    found = tx.all(select(Referral.id).where(Referral.flag_id.in_(others), Referral.unit_id == row.unit_id))
    return frozenset(str(one) for one in found)


def _matter(flag: Flag, case: Referral | None, indicators: Sequence[str]) -> EarlierMatter | None:
    """None: it has not ended."""
    if case is not None:
        if case.phase != Phase.ENDED or case.ended_at is None:
            return None
        kind, what, reference, ended_at, how = CASE, case.id, case.reference, case.ended_at, case.stage
    elif flag.status in WAITING or flag.ended_at is None:
        return None
    else:
        kind, what, reference, ended_at, how = "flag", flag.id, None, flag.ended_at, flag.status
    return EarlierMatter(kind, what, reference, flag.raised_at, ended_at, how, tuple(indicators))
