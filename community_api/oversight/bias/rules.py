"""When a share of flags is unusual. Pure, and about places only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from community_api.oversight.suppression import ROUNDED_TO, publishable
from community_api.procedure_engine.pack.pack_national import Statistics

_WHOLE: Final = 100


@dataclass(frozen=True)
class Unusual:
    """A place, and its figures as they may be told."""

    unit_id: UUID
    reports: int
    flags: int
    percent: int


def unusual(
    places: Sequence[tuple[UUID, Sequence[UUID]]],
    reports: Mapping[UUID, int],
    flags: Mapping[UUID, int],
    rule: Statistics,
) -> Iterator[Unusual]:
    """Places where an unusual share of the reports was flagged, the smallest first.

    ``places`` are units with all the units below them, teams before what stands above them: what made a team
    unusual does not make its local unit so as well. Figures too small to be told are nobody's business.
    """
    told: set[UUID] = set()
    for unit_id, below in places:
        counted = [one for one in below if one not in told]
        received, flagged = (sum(numbers.get(one, 0) for one in counted) for numbers in (reports, flags))
        shown = publishable(received, rule.shown_from), publishable(flagged, rule.shown_from)
        if shown[0] is None or shown[1] is None or flagged * _WHOLE <= received * rule.reviewed_above_percent:
            continue
        told.update(below)
        yield Unusual(unit_id, shown[0], shown[1], _rounded(flagged * _WHOLE / received))


def _rounded(percent: float) -> int:
    return min(_WHOLE, round(percent / ROUNDED_TO) * ROUNDED_TO)
