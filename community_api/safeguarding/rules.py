"""Pure decisions of safeguarding: until when, on which ground, and what may be handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from community_api.core.errors import DomainError, FieldError, invalid
from community_api.procedure_engine.engine.clocks import Calendar, deadline
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_national import (
    CHILDREN,
    SAFEGUARDING,
    Children,
    Safeguarding,
    Unasked,
)
from community_api.safeguarding.terms import UNNAMED_PARTNER, Consent

# What a partner never gets (R41): ids of records, codes of indicators, grades, schemes, the words for them.
# A partner needs to know who needs what; the sentence can always be said without these.
INTELLIGENCE: Final = (
    re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE),
    re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b", re.IGNORECASE),
    re.compile(r"\b[A-EX][1-5]\b"),
    re.compile(r"\b(4x4|5x5x5|3x5x2)\b", re.IGNORECASE),
    re.compile(
        r"\b(verlt|indicators?|flagged|flags?|grad(e|es|ed|ing)|intelligence report)\b", re.IGNORECASE
    ),
)


@dataclass(frozen=True)
class Nation:
    """What the procedure of a record says of support; what it leaves out is the product's own rule."""

    support: Safeguarding
    children: Children


def nation_of(pack: Pack | None) -> Nation:
    """The rules of a version of the procedure; None: of none."""
    if pack is None:
        return Nation(SAFEGUARDING, CHILDREN)
    return Nation(pack.safeguarding or SAFEGUARDING, pack.children or CHILDREN)


def due(opened_at: datetime, nation: Nation, *, child: bool, zone: str, calendar: Calendar) -> datetime:
    """Until when somebody must have looked: for a child the end of the same day at the latest (R40)."""
    if not child:
        return deadline(nation.support.looked_at_within, opened_at, calendar)
    day = opened_at.astimezone(ZoneInfo(zone)).date()
    evening = datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).astimezone(UTC)
    within = nation.children.referred_within
    return evening if within is None else min(evening, deadline(within, opened_at, calendar))


def check_ground(support: Safeguarding, body: Mapping[str, Any]) -> None:
    """Consent or, without it, what the procedure takes instead: a law, and a ground it names (R41).

    Raises DomainError ``consent_or_basis_required``; ``validation_failed`` for a ground that it does not
    have.
    """
    ground = body.get("exception_ground")
    if ground is not None and ground not in {one.code for one in support.grounds}:
        raise invalid("/exception_ground", "not_a_choice")
    if body["consent"] == Consent.GIVEN:
        return
    if support.without_consent is Unasked.NEVER or body.get("statutory_basis") is None:
        raise DomainError("consent_or_basis_required")
    if support.without_consent is Unasked.GROUND and ground is None:
        raise invalid("/exception_ground", "required")


def check_dataset(support: Safeguarding, partner: str | None, dataset: Mapping[str, str | None]) -> None:
    """What a partner is given is what the procedure lists for it, and nothing of the intelligence side.

    ``partner`` is what the agency is in that list; None: nobody has said. Raises DomainError
    ``validation_failed``.
    """
    pointer = "/minimum_dataset"
    wrong = [
        *against_the_minimum(support, partner, dataset, pointer),
        *more_than_the_minimum(dataset, pointer),
    ]
    if wrong:
        raise DomainError("validation_failed", errors=wrong)


def against_the_minimum(
    support: Safeguarding, partner: str | None, dataset: Mapping[str, str | None], pointer: str
) -> Iterator[FieldError]:
    """What this kind of partner needs and does not get, and what it gets and must not (R41).

    Raises DomainError ``validation_failed`` for a partner that is not on the procedure's closed list.
    """
    if support.partners is None:
        return
    declared = support.partner(partner) or support.partner(UNNAMED_PARTNER if partner is None else "")
    if declared is None:
        raise invalid("/partner_unit", "partner_not_listed")
    told = {name for name, text in dataset.items() if text is not None}
    for name in declared.needs:
        if name not in told:
            yield FieldError(f"{pointer}/{name}", "required", {})
    for name in sorted(told - set(declared.gets)):
        yield FieldError(f"{pointer}/{name}", "not_for_this_partner", {})


def more_than_the_minimum(dataset: Mapping[str, str | None], pointer: str) -> Iterator[FieldError]:
    """Every field of a minimum dataset that names something of the intelligence side."""
    for name, text in dataset.items():
        if text is not None and any(pattern.search(text) for pattern in INTELLIGENCE):
            yield FieldError(f"{pointer}/{name}", "more_than_minimum", {})
