"""When a flag concerns a child, or may: then the safeguarding lead comes first (contract section 6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from community_api.community import valve
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import FieldError
from community_api.intelligence.flags import rules
from community_api.procedure_engine.engine import flag_rules as procedure
from community_api.procedure_engine.pack.definition import Pack
from community_api.wording import ages

WORDS_ABOUT_AGE: Final = "words_about_age"


@dataclass(frozen=True)
class Childhood:
    """``cosign``: a child is or may be concerned; ``warnings``: other words about age, to think over."""

    cosign: bool
    warnings: tuple[FieldError, ...]


def examine(tx: Transaction, pack: Pack, report: valve.Report, body: Mapping[str, Any]) -> Childhood:
    """What the body of a flag and its report say of a child."""
    signs = valve.signs_of_child(tx, report)
    by_subject = procedure.cosign_required(pack, (one["age"] for one in body.get("subjects", ())))
    words = list(_words(body))
    if by_subject or signs.child or any(ages.says_minor(text) for _pointer, text in words):
        return Childhood(cosign=True, warnings=())
    pointers = [pointer for pointer, text in words if ages.speaks_of_youth(text)]
    if signs.youth:
        pointers.append("/subjects")
    return Childhood(cosign=False, warnings=tuple(FieldError(one, WORDS_ABOUT_AGE) for one in pointers))


def report_speaks_of_one(tx: Transaction, report: valve.Report) -> bool:
    """Whether the report says so by now: it may have been supplemented since the flag was raised."""
    return valve.signs_of_child(tx, report).child


def _words(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from rules.words_of(body)
    for index, subject in enumerate(body.get("subjects", ())):
        if subject.get("identifying"):
            yield f"/subjects/{index}/identifying", subject["identifying"]
