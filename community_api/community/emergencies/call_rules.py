"""Pure decisions about calls: what is gathered, whom a round goes to, and when the next is due.

Contract section 7. Nothing is silent: an emergency is called at once, or shown in a call that is sent within
``SHARED_AGAIN``. Nothing is endless: after ``ROUNDS`` only the nation's commander is called, each hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import h3

from community_api.community.emergencies.terms import (
    CALLED_SINGLY,
    FLOOD_AFTER,
    GATHERED_WITHIN,
    NATION_AGAIN,
    ROUNDS,
    SHARED_AGAIN,
    Audience,
    CallKind,
)

# A field of H3 with a side of half a kilometre.
RESOLUTION: Final = 8


@dataclass(frozen=True)
class GatheredCall:
    """What was reported of one category and place: since when, and how many called singly."""

    first_at: datetime
    called_singly: int


@dataclass(frozen=True)
class CallState:
    """How far a call has come; the fields of ``EmergencyCall``."""

    rounds: int
    rounds_of_newest: int
    paged_at: datetime
    again_at: datetime


@dataclass(frozen=True)
class CallRound:
    """A round of a call that is due now: whom it goes to, its numbers, and when the next one is due."""

    audience: Audience
    rounds: int
    rounds_of_newest: int
    again_at: datetime


def topic(category: str, lat: float | None, lon: float | None, area: str | None) -> str:
    """What an emergency of the public is gathered by: category and place, degrees WGS 84.

    The place is the H3 cell of the point; without a point (None) the area; without one, nothing.
    """
    if lat is None or lon is None:
        return f"{category}@{area or ''}"
    return f"{category}#{h3.latlng_to_cell(lat, lon, RESOLUTION)}"


def kind_of_call(gathered: GatheredCall | None, *, flooded: bool, calls: int, now: datetime) -> CallKind:
    """The call that a new emergency of the public gets.

    ``calls``: how many the public caused in the unit within the last 15 minutes; ``flooded``: the unit's
    shared call is still taking emergencies.
    """
    if flooded or calls >= FLOOD_AFTER:
        return CallKind.FLOOD
    if gathered is None or is_over(gathered.first_at, now) or gathered.called_singly < CALLED_SINGLY:
        return CallKind.PUBLIC
    return CallKind.SHARED


def is_over(since: datetime, now: datetime) -> bool:
    """Whether the 15 minutes in which things are gathered have passed."""
    return now >= since + GATHERED_WITHIN


def next_round(
    call: CallState, *, new: bool, waiting: bool, now: datetime, again_after: timedelta
) -> CallRound | None:
    """The round that is due now; None if none is.

    ``new``: emergencies that no round has shown yet; ``waiting``: shown ones that nobody has answered. New
    ones begin the rounds anew. ``again_after`` is the procedure's time between rounds.
    """
    if new and now >= call.paged_at + SHARED_AGAIN:
        everybody = waiting and call.rounds_of_newest < ROUNDS
        audience = Audience.EVERYBODY if everybody else Audience.FIRST
        return CallRound(audience, call.rounds + 1, 0, now + again_after)
    if not waiting or now < call.again_at:
        return None
    number = call.rounds_of_newest + 1
    return CallRound(
        Audience.EVERYBODY if number <= ROUNDS else Audience.NATION,
        call.rounds + 1,
        number,
        now + (again_after if number < ROUNDS else NATION_AGAIN),
    )
