"""Earlier flags about the same subject or a linked report, noted when the later one is raised.

Closing each alone, and too soon, is the known failure of every such system: a learning review of Prevent
found that one person had been closed three times, each time alone. Subjects are found by keyed tokens of what
identifies them, reports through the valve; no words are ever searched.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from community_api.community import valve
from community_api.core.ids import new_id
from community_api.core.uow import Work
from community_api.intelligence.flags.models import Flag, RelatedFlag, SubjectToken
from community_api.intelligence.flags.rules import is_over
from community_api.intelligence.flags.terms import Why


def note(tx: Work, flag: Flag, report: valve.Report, identities: Mapping[str, str]) -> None:
    """Keep the tokens of a new flag's subjects and what earlier flags it belongs to."""
    tokens = {_token(tx, words) for words in identities.values()}
    for token in tokens:
        tx.note(SubjectToken, id=new_id(), flag_id=flag.id, token=token)
    _write(tx, flag, _about(tx, flag, tokens), Why.SUBJECT)
    _write(tx, flag, valve.flags_around(tx, report.kind, report.id), Why.REPORT)


def look_again(tx: Work, flag: Flag, report: valve.Report) -> None:
    """When a flag is confirmed, note what was raised at the same moment, which neither could see."""
    tokens = set(tx.all(select(SubjectToken.token).where(SubjectToken.flag_id == flag.id)))
    _write(tx, flag, _about(tx, flag, tokens), Why.SUBJECT)
    _write(tx, flag, valve.flags_around(tx, report.kind, report.id), Why.REPORT)


def link_has_changed(tx: Work, link_id: uuid.UUID) -> None:
    """Two reports were linked, or are no longer: their flags belong together, or no more (the worker)."""
    ends = [frozenset(group) for group in valve.flags_at_ends(tx, link_id)]
    ids, today = frozenset().union(*ends), tx.now.date()
    flags = {
        row.id: row
        for row in tx.all(select(Flag).where(Flag.id.in_(ids)))
        if not is_over(row.status, row.review_on, today)
    }
    wanted = {pair for group in ends for one in group for other in group for pair in _pair(flags, one, other)}
    known = {
        (row.flag_id, row.earlier_id): row
        for row in tx.all(
            select(RelatedFlag).where(
                RelatedFlag.why == Why.REPORT.value,
                RelatedFlag.flag_id.in_(flags),
                RelatedFlag.earlier_id.in_(flags),
            )
        )
    }
    together, noted = {frozenset(pair) for pair in wanted}, {frozenset(pair) for pair in known}
    for later, earlier in wanted:
        if frozenset((later, earlier)) not in noted:
            tx.note(RelatedFlag, id=new_id(), flag_id=later, earlier_id=earlier, why=Why.REPORT.value)
    for pair, row in known.items():
        if frozenset(pair) not in together:
            tx.remove(RelatedFlag, {"id": row.id})


def _about(tx: Work, flag: Flag, tokens: Collection[bytes]) -> list[uuid.UUID]:
    """Flags of the same local unit about the same subjects: others are nobody's business there."""
    if not tokens:
        return []
    return tx.all(
        select(SubjectToken.flag_id)
        .join(Flag, Flag.id == SubjectToken.flag_id)
        .where(SubjectToken.token.in_(tokens), Flag.local_unit_id == flag.local_unit_id)
    )


def _write(tx: Work, flag: Flag, others: Iterable[uuid.UUID], why: Why) -> None:
    """What is not noted yet, the later flag with the earlier one."""
    ids = {one for one in others if one != flag.id}
    if not ids:
        return
    today = tx.now.date()
    others_still = [
        row
        for row in tx.all(select(Flag).where(Flag.id.in_(ids)))
        if not is_over(row.status, row.review_on, today)
    ]
    flags = {row.id: row for row in others_still} | {flag.id: flag}
    known = set(
        tx.all(
            select(RelatedFlag.flag_id, RelatedFlag.earlier_id).where(
                RelatedFlag.why == why.value,
                (RelatedFlag.flag_id == flag.id) | (RelatedFlag.earlier_id == flag.id),
            )
        )
    )
    noted = {frozenset(pair) for pair in known}
    pairs = [pair for other in ids for pair in _pair(flags, flag.id, other)]
    for later, earlier in pairs:
        if frozenset((later, earlier)) in noted:
            continue
        tx.note(RelatedFlag, id=new_id(), flag_id=later, earlier_id=earlier, why=why.value)


def _pair(
    flags: Mapping[uuid.UUID, Flag], one: uuid.UUID, other: uuid.UUID
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Two flags of one local unit, the later first (of two at the same moment `one`); else nothing."""
    if one not in flags or other not in flags or one == other:
        return []
    if flags[one].local_unit_id != flags[other].local_unit_id:
        return []
    return [(other, one)] if flags[other].raised_at > flags[one].raised_at else [(one, other)]


def _token(tx: Work, words: str) -> bytes:
    """Equal for the same name or number, however it is spaced, capitalised or accented."""
    folded = unicodedata.normalize("NFKD", words).casefold()
    plain = "".join(sign for sign in folded if sign.isalnum())
    return tx.keys.authenticate("lookup", b"subject\x00" + plain.encode())
