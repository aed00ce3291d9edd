"""Pack language: grading schemes, cross-walks between them, and frameworks of assessment."""

from __future__ import annotations

from typing import Final

from community_api.procedure_engine.language.language_parts import CODE, TITLE
from community_api.procedure_engine.language.readers import (
    Key,
    block,
    code,
    each,
    grade_code,
    scheme_code,
    whole_number,
    words,
    yes_or_no,
)
from community_api.procedure_engine.pack.pack_lists import Axis, Match, MatchedAxis, Titled

GRADE_VALUE: Final = (Key("code", grade_code, "the grade"), TITLE)
AXIS: Final = (
    CODE,
    TITLE,
    Key("values", each(block(Titled, GRADE_VALUE), least=2), "the codes, best first"),
    Key("unassessed", each(grade_code), "codes that say that it is not known", default=()),
)
SCHEME: Final = (
    Key("code", scheme_code, 'such as "4x4"'),
    TITLE,
    Key("reference", words, "where it is defined"),
    Key(
        "axes",
        each(block(Axis, AXIS), least=1),
        "the sides of a grade: source, information, handling",
    ),
)
MATCH: Final = (
    Key("from", grade_code, "a grade of the first scheme", into="source"),
    Key("to", grade_code, "its match; left out: there is none", default=None, into="target"),
)
MATCHED_AXIS: Final = (
    Key("axis", code, "a side that both schemes have"),
    Key("values", each(block(Match, MATCH), least=1), "every grade of the first scheme"),
)
CROSSWALK: Final = (
    Key("from", scheme_code, "the scheme in which a grade was given", into="source"),
    Key("to", scheme_code, "the scheme in which it is shown as derived", into="target"),
    Key(
        "axes",
        each(block(MatchedAxis, MATCHED_AXIS), least=1),
        "the sides that are converted; never handling",
    ),
)
FACTOR: Final = (CODE, TITLE)
FRAMEWORK: Final = (
    CODE,
    Key("version", whole_number(1, 1_000_000), "its version"),
    TITLE,
    Key("open", yes_or_no, "whether an assessor may name a factor of their own"),
    Key("factors", each(block(Titled, FACTOR), least=1), "prompts, never points"),
)
