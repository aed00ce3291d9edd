"""The words of indicator lists (domain 7.3): an indicator names behaviour, never a person or a trait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

KIND: Final = "indicator_list"
# A flag that was prepared with the list before may still arrive, from a phone that was offline (contract 6).
GRACE = timedelta(days=30)
# A list that nobody looks at again must end by itself (domain 7.3).
LONGEST_SUNSET_MONTHS = 12


class IndicatorClass(StrEnum):
    """After ISE-SAR: an offence or its attempt, or behaviour that is lawful for almost everybody."""

    CRIMINAL = "criminal"
    POTENTIAL = "potential"


@dataclass(frozen=True)
class Indicator:
    """One observable behaviour. ``min_facts``: what a ground must tell. ``not_alone``: no ground by itself.

    The second person does not confirm on a ``not_alone`` indicator only; nothing counts or adds up.
    """

    code: str
    indicator_class: IndicatorClass
    behaviour: str
    why_relevant: str
    innocent_when: tuple[str, ...]
    min_facts: tuple[str, ...]
    not_alone: bool
    source: str


@dataclass(frozen=True)
class NonIndicator:
    """What is never a sign, and the words per language under which it is passed off as one."""

    code: str
    label: str
    not_a_sign_because: str
    disguises: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class IndicatorList:
    """One version of a kind's list, as declared. ``protected_terms`` per language raise warnings only.

    ``sha256`` is that of the file, in hexadecimal: a version never changes.
    """

    kind: str
    version: int
    title: str
    description: str
    based_on: str
    sunset_months: int
    indicators: Mapping[str, Indicator]
    non_indicators: Mapping[str, NonIndicator]
    protected_terms: Mapping[str, tuple[str, ...]]
    sha256: str


@dataclass(frozen=True)
class Force:
    """When one version was or is in force: from ``active_from`` until before ``active_until``."""

    version: int
    active_from: datetime
    active_until: datetime

    def at(self, moment: datetime) -> bool:
        return self.active_from <= moment < self.active_until
