"""What a nation sets around the chain: threshold, children, safeguarding, emergency, rights, oversight.

The rest of the product asks these of the version that a record began under. Where a pack is older than the
sections, the product's own rules hold: `SAFEGUARDING`, `EMERGENCY` and `CHILDREN` below (contract section 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.pack_lists import Titled


class Unasked(StrEnum):
    """On what ground a partner may be told without consent (R41); never on none."""

    BASIS = "basis"
    GROUND = "ground"
    NEVER = "never"


class Channel(StrEnum):
    """Whom a person asks about their data (LED articles 14 to 17)."""

    DIRECT = "direct"
    AUTHORITY = "authority"
    EITHER = "either"


@dataclass(frozen=True)
class Translation:
    """One text of the pack in further languages, as pairs of language and words."""

    text: str
    others: tuple[tuple[str, str], ...]

    def into(self, language: str) -> str | None:
        """The text in a language such as "de"; None if the pack does not translate it."""
        return dict(self.others).get(language)


@dataclass(frozen=True)
class Threshold:
    """What the second person asks before a flag becomes a case, under its national name."""

    code: str
    title: str
    text: str
    questions: tuple[Titled, ...]


@dataclass(frozen=True)
class Ceiling:
    """The highest classification that units of a level may be given."""

    level: str
    highest: str


@dataclass(frozen=True)
class Classification:
    """The national classification scheme; `values` stand lowest first."""

    title: str
    values: tuple[Titled, ...]
    ceilings: tuple[Ceiling, ...]

    def reaches(self, value: str, level: str) -> bool:
        """Whether units of a level may be given what is classified so; a level without ceiling may not."""
        order = [one.code for one in self.values]
        highest = {one.level: one.highest for one in self.ceilings}.get(level)
        return highest is not None and order.index(value) <= order.index(highest)


@dataclass(frozen=True)
class Children:
    """Who is a child, what must be said of the guardian before a co-sign, and how soon a lead looks.

    `referred_within` None: by the end of the same day where the unit is, which is also the latest (R40).
    """

    under: int
    guardian_told: tuple[str, ...]
    referred_within: Clock | None


@dataclass(frozen=True)
class Partner:
    """A kind of partner: the fields of the minimum dataset that it needs, and those that it may get (R41)."""

    code: str
    title: str
    needs: tuple[str, ...]
    gets: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Partners who decide together about support; `chair` is a role of the police, `members` partners."""

    code: str
    title: str
    chair: str
    members: tuple[str, ...]
    quorum: int
    meets_every: Clock


@dataclass(frozen=True)
class Safeguarding:
    """How somebody is supported. `partners` None: any agency of the organisation, with the whole dataset."""

    looked_at_within: Clock
    without_consent: Unasked
    grounds: tuple[Titled, ...] = ()
    partners: tuple[Partner, ...] | None = None
    panels: tuple[Panel, ...] = ()

    def partner(self, code: str | None) -> Partner | None:
        """The kind of partner with this code; None: the list is closed and it is not on it."""
        return next((one for one in self.partners or () if one.code == code), None)


@dataclass(frozen=True)
class Emergency:
    """What happens when somebody may be in danger; it is never made slower than the product's own rule.

    `graded`: the account afterwards grades source and information. `heard_by` is the role whose post hears
    that no account came. Triggers and contacts are shown to whoever acts.
    """

    triggers: tuple[Titled, ...]
    contacts: tuple[Titled, ...]
    paged_again_after_minutes: int
    justified_within: Clock
    graded: bool
    heard_by: str


@dataclass(frozen=True)
class Pursued:
    """What a law obliges the police to pursue: reports of a category, whatever their tellers wish."""

    category: str
    law: str


@dataclass(frozen=True)
class SpecialCategories:
    """Special categories of data (LED article 10): for what purposes and by whose consent. (): none."""

    purposes: tuple[str, ...]
    approved_by: str


@dataclass(frozen=True)
class Rights:
    """How people learn what is held about them; `neutral_answer` is said when nothing can be told (R26)."""

    channel: Channel
    authority: str
    answered_within: Clock
    extended_by: Clock | None
    grounds: tuple[Titled, ...]
    neutral_answer: str


@dataclass(frozen=True)
class Meeting:
    """A meeting of tasking and co-ordination, whom it may ask to collect, and what its record says."""

    code: str
    title: str
    level: str
    chair: str
    attended_by: tuple[str, ...]
    quorum: int
    every: Clock
    collectors: tuple[str, ...]
    record: tuple[Titled, ...]


@dataclass(frozen=True)
class Product:
    """An intelligence product, who makes it, and what it says at least."""

    code: str
    title: str
    made_by: str
    minimum: tuple[Titled, ...]


@dataclass(frozen=True)
class Statistics:
    """Figures: smaller ones than `shown_from` are never told, to nobody.

    `reviewed_above_percent`: a share of flags among the reports of a place above which somebody must ask
    whether it is bias (R36).
    """

    shown_from: int
    reviewed_above_percent: int


@dataclass(frozen=True)
class Oversight:
    """Who controls all this from outside, and where people complain. What it may see no pack can narrow."""

    authority: str
    complaints: str


@dataclass(frozen=True)
class Logs:
    """How long the trail is kept, which has a retention of its own (R16)."""

    kept_days: int


CHILDREN: Final = Children(under=18, guardian_told=("yes", "no", "unsafe"), referred_within=None)
SAFEGUARDING: Final = Safeguarding(looked_at_within=Clock(working_days=1), without_consent=Unasked.BASIS)
EMERGENCY: Final = Emergency(
    triggers=(),
    contacts=(),
    paged_again_after_minutes=5,
    justified_within=Clock(hours=24),
    graded=False,
    heard_by="intelligence_manager",
)
STATISTICS: Final = Statistics(shown_from=10, reviewed_above_percent=100)
