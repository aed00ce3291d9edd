"""Which figures may be told at all. Pure."""

from __future__ import annotations

from typing import Final

from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_national import STATISTICS

# Contract section 9; small numbers tell of persons, zero included. A procedure may ask for more, never less.
SMALLEST: Final = STATISTICS.shown_from
ROUNDED_TO: Final = 5


def shown_from(packs: list[Pack]) -> int:
    """The smallest figure that is told under the procedures in force: the strictest of them counts."""
    return max([SMALLEST, *(pack.statistics.shown_from for pack in packs if pack.statistics is not None)])


def publishable(number: int, smallest: int = SMALLEST) -> int | None:
    """The number as it is told, to the nearest five; None: it is too small to be."""
    if number < smallest:
        return None
    return (number + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
