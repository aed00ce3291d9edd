"""The words for who works where: levels, roles, posts.

Sources: the levels and their duties are those of the OSCE slides on intelligence-led policing (Stodiek,
Kaunas, 12 June 2017); roles and their separation are those of contract section 4.

Public names. A unit is shown everywhere by its short name ("lin-a"), a post by role and unit
("supervisor.lin-a"). Neither is secret, both stay the same for as long as the unit exists, and no database
id of a unit or post ever appears in an address or a body.
"""

import re
from enum import StrEnum
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from community_api.procedure_engine.terms import STAFFED

PARTNER_PATTERN: Final = "[a-z][a-z0-9_]{0,39}"
UNIT_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
UNIT_NAME_MAX: Final = 40


class Level(StrEnum):
    """How high in the chain a unit stands; `external` units stand outside it (partners, control, abroad).

    Levels compare by height, not by spelling: `Level.LOCAL < Level.NATIONAL`. An external unit is neither
    above nor below anybody, so every such comparison with it is false.
    """

    COMMUNITY = "community"
    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"
    EXTERNAL = "external"

    @property
    def height(self) -> int | None:
        """0 for a team up to 3 for the national unit; None means outside the chain."""
        return _HEIGHTS.get(self)

    def __lt__(self, other: str) -> bool:
        mine, theirs = self.height, Level(other).height
        return mine is not None and theirs is not None and mine < theirs

    def __gt__(self, other: str) -> bool:
        return Level(other) < self

    def __le__(self, other: str) -> bool:
        return self == other or self < other

    def __ge__(self, other: str) -> bool:
        return self == other or self > other


_HEIGHTS: Final = {Level.COMMUNITY: 0, Level.LOCAL: 1, Level.REGIONAL: 2, Level.NATIONAL: 3}


class Role(StrEnum):
    """What somebody does in a unit. The level of an analyst or manager is that of the unit."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DUTY_COMMANDER = "duty_commander"
    ANALYST = "analyst"
    INTELLIGENCE_MANAGER = "intelligence_manager"
    SOURCE_REGISTRAR = "source_registrar"
    TASKING_CHAIR = "tasking_chair"
    RECORDS_MANAGER = "records_manager"
    DPO = "dpo"
    OVERSIGHT = "oversight"
    TRAINER = "trainer"
    ADMINISTRATOR = "administrator"
    PARTNER = "partner"


# The posts that every unit of a level has from its first day, filled or not. Others are made with the first
# grant of their role. The procedures are proved against the same list, so that it stands with them.
POSTS_OF_LEVEL: Final[dict[Level, tuple[Role, ...]]] = {
    level: tuple(map(Role, STAFFED[level.value])) for level in Level
}


class PostName(NamedTuple):
    """The parts of the public name of a post; `str()` of it is the name itself."""

    role: Role
    unit: str

    def __str__(self) -> str:
        return f"{self.role.value}.{self.unit}"


def is_unit_name(text: str) -> bool:
    """Whether a text could be the short name of a unit: a-z, 0-9 and single hyphens, at most 40."""
    return len(text) <= UNIT_NAME_MAX and UNIT_NAME.fullmatch(text) is not None


def is_partner_code(text: object) -> bool:
    """Whether something could be the code of a partner in a procedure, such as "education"."""
    return isinstance(text, str) and re.fullmatch(PARTNER_PATTERN, text) is not None


def is_holiday_region(text: str) -> bool:
    """Whether a text names a country, or a part of one, whose public holidays are known: "DE", "DE-BY"."""
    country, dash, part = text.partition("-")
    known = holidays.list_supported_countries(include_aliases=False)
    return country in known and (not dash or part in known[country])


# Files beside the zones that name none: what a machine is set to, or what stands in until somebody sets it.
NO_ZONES: Final = frozenset({"Factory", "localtime", "posixrules"})
COPIES: Final = ("posix/", "right/")


def is_timezone(text: str) -> bool:
    """Whether a text is the name of an IANA zone, such as "Europe/Berlin"."""
    try:
        return text not in NO_ZONES and not text.startswith(COPIES) and ZoneInfo(text).key == text
    except (ValueError, OSError, ZoneInfoNotFoundError):
        # A folder of zones ("Europe"), a path that leads outside, or nothing at all.
        return False
