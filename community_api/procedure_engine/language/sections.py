"""The pack language, part two: every section of a pack, as tables of keys.

These tables are the language: `reading` reads by them and docs/procedures.md is tested against them. The
language grows by keys with defaults, so that the packs of running cases stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.language_actions import (
    ACTION,
    MOVE,
    READ_ACTION,
    READ_MOVE,
    REPORT_SOURCE,
    RESULT,
)
from community_api.procedure_engine.language.language_forms import form, shared_shapes
from community_api.procedure_engine.language.language_grading import (
    AXIS,
    CROSSWALK,
    FRAMEWORK,
    MATCH,
    MATCHED_AXIS,
    SCHEME,
)
from community_api.procedure_engine.language.language_national import (
    NATIONAL,
    NATIONAL_SECTIONS,
    NEEDED_BY_CATEGORY,
    passage,
    titled,
)
from community_api.procedure_engine.language.language_parts import (
    CLOCK,
    CLOCK_READER,
    CODE,
    LEVEL_READER,
    ROLE_READER,
    TITLE,
)
from community_api.procedure_engine.language.language_words import LANGUAGE
from community_api.procedure_engine.language.readers import (
    FindingCollector,
    Key,
    Path,
    Reader,
    act,
    block,
    code,
    day,
    each,
    member,
    name,
    one_of,
    shape_of_keys,
    shaped,
    whole_number,
    words,
)
from community_api.procedure_engine.language.unknown_names import (
    NO_AGE,
    NO_CATEGORY,
    NO_ENTRANCE,
    NO_FEEDBACK_POINT,
    NO_PHASE,
    NO_REACH,
)
from community_api.procedure_engine.pack.definition import Edge, Entrance, Header, Stage
from community_api.procedure_engine.pack.pack_lists import (
    Crosswalk,
    Feedback,
    FeedbackRule,
    FlagRules,
    ForCategories,
    Framework,
    Outcome,
    RetentionClass,
    Scheme,
    Staff,
    Titled,
)
from community_api.procedure_engine.terms import (
    AGES,
    LANGUAGE_VERSIONS,
    SUBJECT_CATEGORIES,
    Entry,
    FeedbackPoint,
    Phase,
    Reach,
)


def _version(notebook: FindingCollector, node: yaml.Node, path: Path) -> int:
    """The language version of a pack, which must be one that this engine reads."""
    version: int = whole_number(1, 1_000_000)(notebook, node, path)
    if version not in LANGUAGE_VERSIONS:
        text = N_("this engine reads the language versions {known}, not {version}")
        notebook.refuse(node, Sentence(text, known=LANGUAGE_VERSIONS, version=version))
    return version


shaped(_version, lambda: {"type": "integer", "enum": list(LANGUAGE_VERSIONS)})


HEADER: Final = (
    Key("language_version", _version, "the version of this language: 1, 2 or 3"),
    Key("name", name, "the procedure, such as osce-baseline"),
    Key("version", whole_number(1, 1_000_000), "counts up; a published version never changes"),
    TITLE,
    Key("notice", passage(), "what this pack is and is not; shown with it"),
    Key("legal_basis", passage(), "the law it rests on"),
    Key("approved_by", words, "who approved it"),
    Key("impact_assessment", words, "the data protection impact assessment"),
    Key("effective_from", day, "the first day on which new cases may begin on it"),
    Key("effective_to", day, "the last such day", default=None),
    Key("language", LANGUAGE, "the language that its words are written in", default="en"),
)
LEVEL: Final = (Key("code", LEVEL_READER, "one of the product's levels"), TITLE)
EDGE: Final = (
    Key("from", LEVEL_READER, "the sender's level", into="source"),
    Key("to", LEVEL_READER, "the recipient's level", into="target"),
    Key(
        "reach",
        member(Reach, NO_REACH),
        "`own_line`: only units above or below the sender; `any`: every unit of that level; "
        "`abroad`: only those of another state",
    ),
)
ENTRANCE: Final = (
    Key(
        "by",
        member(Entry, NO_ENTRANCE),
        "`flag`: a confirmed flag; `dissemination`: a report arrives; "
        "`recall`: what the case was given is taken back",
    ),
    Key("stage", code, "the first stage"),
    Key("levels", each(LEVEL_READER, least=1), "the levels of the units at which it begins so"),
    Key("retention", code, "the class it is kept by from the first moment"),
)
STAFF: Final = (
    Key("role", ROLE_READER, "a role"),
    Key("people", whole_number(1, 100), "how many a unit has of it at least; more than six count as six"),
)
MARK: Final = (CODE, TITLE)
STAGE: Final = (
    CODE,
    TITLE,
    Key(
        "phase",
        member(Phase, NO_PHASE),
        "`open`: the owner has to act; `waiting`: others have to; `ended`",
    ),
    Key("owner", ROLE_READER, "the role of the post that owes the next act; not for an end", default=None),
    Key("clock", CLOCK_READER, "the time it has; not for an end", default=None),
    Key("urgent_clock", CLOCK_READER, "the time it has in an urgent case", default=None),
    Key(
        "escalates_to",
        ROLE_READER,
        "the role that hears of it when the time has run out, in the unit or the nearest above; "
        "left out in language version 1: the intelligence manager",
        default=None,
    ),
    Key("warn_before", CLOCK_READER, "how long before its end the duty is shown as due soon", default=None),
)
FEEDBACK_RULE: Final = (
    Key(
        "point",
        member(FeedbackPoint, NO_FEEDBACK_POINT),
        "the decision that owes an answer",
    ),
    TITLE,
    Key("owed_by", ROLE_READER, "the role of the post that owes it"),
    Key("clock", CLOCK_READER, "the time the post has"),
)
OUTCOME: Final = (
    CODE,
    TITLE,
    Key("text", words, "the sentence that an answer begins with; translated", default=None),
)
FEEDBACK: Final = (
    Key(
        "outcomes",
        each(block(Outcome, OUTCOME), least=1),
        "what an officer can be told",
    ),
    Key(
        "rules",
        each(block(FeedbackRule, FEEDBACK_RULE), least=1),
        "for every decision: who owes the answer, until when",
    ),
    Key("public_first_answer", CLOCK_READER, "clock of the first answer to the public"),
    Key("public_status_every", CLOCK_READER, "clock of every status after it"),
)
FLAGS: Final = (
    Key("kinds", each(titled(), least=1), "what a flag may be about"),
    Key("roles", each(ROLE_READER, least=1), "who may raise one"),
    Key("minimum_grounds", whole_number(1, 50), "how many grounds it needs at least"),
    Key(
        "fact_min_length", whole_number(20, 1_000), "how many characters the fact of each ground has at least"
    ),
    Key("superseded_list_days", whole_number(0, 365), "days a replaced indicator list is still taken"),
    Key("decide_within", CLOCK_READER, "the second person's time"),
    Key("lapses_after", CLOCK_READER, "when an undecided flag lapses"),
    Key("decided_by", each(ROLE_READER, least=1), "the second person's roles"),
    Key("not_actor_of", each(act, least=1), "acts that exclude the second person"),
    Key("cosign_by", ROLE_READER, "who agrees first for a child"),
    Key("cosign_within", CLOCK_READER, "the time of who agrees first"),
    Key(
        "cosign_when_age",
        each(one_of(AGES, NO_AGE)),
        "ages of subjects that need it; `child` and `unknown` always do",
    ),
    NEEDED_BY_CATEGORY,
    Key(
        "refused_kept_days",
        whole_number(1, 30),
        "days after which tokens and links of a flag that was refused, withdrawn or lapsed are deleted",
        default=30,
    ),
)
FOR_CATEGORIES: Final = (
    Key(
        "categories",
        each(one_of(SUBJECT_CATEGORIES, NO_CATEGORY), least=1),
        "the categories",
    ),
    Key("retention", code, "the class that replaces it"),
)
RETENTION: Final = (
    CODE,
    TITLE,
    Key("review_after_days", whole_number(1, 3_650), "days until somebody must review it"),
    Key("at_most_days", whole_number(1, 3_650), "days until it goes, unless validated anew"),
    Key(
        "for_categories",
        each(block(ForCategories, FOR_CATEGORIES)),
        "classes that replace it where everybody whom the case names is of certain categories",
        default=(),
    ),
    Key("for_children", code, "the class that replaces it for a child", default=None),
)


def _many(make: Any, keys: tuple[Key, ...], least: int = 1) -> Reader:
    return each(block(make, keys), least)


SECTIONS: Final[Mapping[str, tuple[Key, ...]]] = {
    "procedure": HEADER,
    "levels": LEVEL,
    "edges": EDGE,
    "entrances": ENTRANCE,
    "staffing": STAFF,
    "marks": MARK,
    "stages": STAGE,
    "clock": CLOCK,
    "actions": ACTION,
    "results": RESULT,
    "issues_report": REPORT_SOURCE,
    "moves": MOVE,
    "schemes": SCHEME,
    "axes": AXIS,
    "crosswalks": CROSSWALK,
    "sides": MATCHED_AXIS,
    "matches": MATCH,
    "frameworks": FRAMEWORK,
    "feedback": FEEDBACK,
    "outcomes": OUTCOME,
    "rules": FEEDBACK_RULE,
    "flags": FLAGS,
    "retention": RETENTION,
    "for_categories": FOR_CATEGORIES,
    **NATIONAL_SECTIONS,
}
PACK: Final = (
    Key("procedure", block(Header, HEADER), "who stands behind it", into="header"),
    Key(
        "levels",
        _many(Titled, LEVEL),
        "the levels of the chain, under their national names",
    ),
    Key("edges", _many(Edge, EDGE, 0), "the level graph: who may send to whom"),
    Key(
        "entrances",
        _many(Entrance, ENTRANCE),
        "where a case begins, and at which levels",
    ),
    Key(
        "staffing",
        _many(Staff, STAFF, 0),
        "how many people of a role a unit has, by which second persons are proved; "
        "roles left out: one, the section left out: two of every role",
        default=(),
    ),
    Key("marks", _many(Titled, MARK, 0), "small yes or no that a case carries", default=()),
    Key(
        "conflict_of_interest",
        each(act),
        "acts that exclude whoever did them from every action",
        default=(),
    ),
    Key("stages", _many(Stage, STAGE), "the states of a case"),
    Key("actions", each(READ_ACTION, 1), "what people may do"),
    Key("moves", each(READ_MOVE), "what the product does by itself", default=()),
    Key("forms", each(form), "what actions ask for"),
    Key("schemes", _many(Scheme, SCHEME, 0), "grading schemes", default=()),
    Key(
        "crosswalks",
        _many(Crosswalk, CROSSWALK, 0),
        "what grades are in another scheme",
        default=(),
    ),
    Key(
        "frameworks",
        _many(Framework, FRAMEWORK, 0),
        "prompts for assessments",
        default=(),
    ),
    Key("feedback", block(Feedback, FEEDBACK), "what reporters hear, and when"),
    Key("flags", block(FlagRules, FLAGS), "what must hold before a flag becomes a case"),
    Key("retention", _many(RetentionClass, RETENTION), "how long what is kept"),
    *NATIONAL,
)


def read_pack(notebook: FindingCollector, root: yaml.Node) -> dict[str, Any]:
    """All sections of a pack as keyword arguments. Skip: something is wrong and noted."""
    values: dict[str, Any] = block(dict, PACK)(notebook, root, ())
    return values


def pack_schema() -> dict[str, Any]:
    """The language as JSON Schema 2020-12, for editors; what it cannot say is checked by the product."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A procedure pack",
        **shape_of_keys(PACK),
        "$defs": shared_shapes(),
    }
