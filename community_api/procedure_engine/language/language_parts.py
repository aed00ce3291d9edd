"""Pack language: keys and readers that several sections share."""

from __future__ import annotations

from typing import Final

from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.language.readers import (
    Key,
    Reader,
    block,
    code,
    one_of,
    whole_number,
    words,
)
from community_api.procedure_engine.language.unknown_names import NO_LEVEL, NO_ROLE
from community_api.procedure_engine.terms import LEVELS, ROLES

CODE: Final = Key("code", code, "how the pack refers to it")
TITLE: Final = Key("title", words, "what people call it; translated")
LEVEL_READER: Final[Reader] = one_of(LEVELS, NO_LEVEL)
ROLE_READER: Final[Reader] = one_of(ROLES, NO_ROLE)
CLOCK: Final = (
    Key("hours", whole_number(1, 8_784), "elapsed hours", default=None),
    Key("working_days", whole_number(1, 400), "working days, to the end of the last", default=None),
)
CLOCK_READER: Final[Reader] = block(Clock, CLOCK)
