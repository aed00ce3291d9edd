"""Pack language version 3: the sections that a nation sets around the chain.

Every one has a default, so that older packs stay what they are; `soundness.national` asks version 3 for all.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from community_api.procedure_engine.language.language_parts import (
    CLOCK_READER,
    CODE,
    LEVEL_READER,
    ROLE_READER,
    TITLE,
)
from community_api.procedure_engine.language.language_words import LANGUAGE, TRANSLATION, translation
from community_api.procedure_engine.language.readers import (
    FindingCollector,
    Key,
    Path,
    Reader,
    block,
    code,
    each,
    member,
    one_of,
    shape_of,
    shaped,
    value_code,
    whole_number,
    words,
    yes_or_no,
)
from community_api.procedure_engine.language.unknown_names import (
    NO_ANSWER,
    NO_CATEGORY,
    NO_CHANNEL,
    NO_COLLECTOR,
    NO_DATASET_FIELD,
    NO_FIELD_OF_SUBJECT,
    NO_PURPOSE,
    NO_RULE_OF_CONSENT,
)
from community_api.procedure_engine.pack.pack_lists import Needed, Titled
from community_api.procedure_engine.pack.pack_national import (
    Ceiling,
    Channel,
    Children,
    Classification,
    Emergency,
    Logs,
    Meeting,
    Oversight,
    Panel,
    Partner,
    Product,
    Pursued,
    Rights,
    Safeguarding,
    SpecialCategories,
    Statistics,
    Threshold,
    Unasked,
)
from community_api.procedure_engine.terms import (
    COLLECTORS,
    DATASET,
    GUARDIAN_TOLD,
    REPORT_CATEGORIES,
    SPECIAL_PURPOSES,
    SUBJECT_CATEGORIES,
    SUBJECT_FIELDS,
)


def titled() -> Reader:
    """A code with its title."""
    return block(Titled, [CODE, TITLE])


def passage() -> Reader:
    """Words for people under the key `text`, where translators find them."""
    read_block = block(dict, [Key("text", words, "the words; translated")])

    def read(notebook: FindingCollector, node: yaml.Node, path: Path) -> str:
        return str(read_block(notebook, node, path)["text"])

    return shaped(read, lambda: shape_of(read_block))


def many_titled(least: int = 1) -> Reader:
    """A list of codes with their titles."""
    return each(titled(), least)


PERCENT: Final = whole_number(1, 100)
# The last year that somebody can be a child in any country, and the first (CRC article 1).
CHILD_UNDER: Final = whole_number(18, 21)
# The product's own rule is five minutes; nobody waits longer for help because of a pack.
PAGED_AGAIN: Final = whole_number(1, 5)
SHOWN_FROM: Final = whole_number(10, 1_000)
MOST_TRANSLATIONS: Final = 2_000
A_YEAR_TO_TEN: Final = whole_number(365, 3_660)

THRESHOLD: Final = (
    CODE,
    TITLE,
    Key("text", words, "its wording; translated"),
    Key("questions", many_titled(), "what the second person asks before confirming"),
)
CEILING: Final = (
    Key("level", LEVEL_READER, "a level of this pack"),
    Key("highest", value_code, "the highest classification that its units may be given"),
)
CLASSIFIED: Final = (Key("code", value_code, "the classification"), TITLE)
CLASSIFICATION: Final = (
    TITLE,
    Key("values", each(block(Titled, CLASSIFIED), 1), "lowest first"),
    Key(
        "ceilings",
        each(block(Ceiling, CEILING), 1),
        "what units of each level may be given at most; of a level that is left out: nothing",
    ),
)
CHILDREN: Final = (
    Key("under", CHILD_UNDER, "whoever is younger is a child"),
    Key(
        "guardian_told",
        each(one_of(GUARDIAN_TOLD, NO_ANSWER), 1),
        "what a lead who agrees may say of the guardian: `yes`, `no`, `unsafe`",
    ),
    Key(
        "referred_within",
        CLOCK_READER,
        "hours in which a lead must have looked; left out, and at the latest: by the end of the same day",
        default=None,
    ),
)
DATASET_READER: Final[Reader] = one_of(DATASET, NO_DATASET_FIELD)
PARTNER: Final = (
    CODE,
    TITLE,
    Key("needs", each(DATASET_READER, 1), "what it must be told: of `person`, `need`, `safety`"),
    Key("gets", each(DATASET_READER, 1), "what it may be told; never anything else"),
)
PANEL: Final = (
    CODE,
    TITLE,
    Key("chair", ROLE_READER, "the role of the police that chairs it"),
    Key("members", each(code, 1), "the kinds of partners that belong to it"),
    Key("quorum", whole_number(1, 50), "how many kinds of partners must have taken part"),
    Key("meets_every", CLOCK_READER, "how often it meets"),
)
SAFEGUARDING: Final = (
    Key("looked_at_within", CLOCK_READER, "the time a lead has to look at a record that concerns no child"),
    Key(
        "without_consent",
        member(Unasked, NO_RULE_OF_CONSENT),
        "where there is no consent: `basis`: a law is named; `ground`: also one of `grounds`; "
        "`never`: nobody is told",
    ),
    Key(
        "grounds",
        many_titled(0),
        "the exceptions, where `ground` is the rule",
        default=(),
    ),
    Key("partners", each(block(Partner, PARTNER), 1), "the closed list of partners"),
    Key(
        "panels",
        each(block(Panel, PANEL)),
        "partners who decide together; field type `panel`",
        default=(),
    ),
)
EMERGENCY: Final = (
    Key("triggers", many_titled(), "what is an emergency; shown to whoever acts"),
    Key("contacts", many_titled(), "who else to call; shown to whoever acts"),
    Key("paged_again_after_minutes", PAGED_AGAIN, "when further commanders are paged, and again each time"),
    Key("justified_within", CLOCK_READER, "the time for the account of what was done; at most 72 hours"),
    Key("graded", yes_or_no, "whether that account grades source and information"),
    Key("heard_by", ROLE_READER, "the role of the unit that hears of it when no account came"),
)
PURSUED: Final = (
    Key("category", one_of(REPORT_CATEGORIES, NO_CATEGORY), "a category of reports"),
    Key("law", words, "the law, as it is cited; shown to the public before they tell anything"),
)
SPECIAL_CATEGORIES: Final = (
    Key(
        "purposes",
        each(one_of(SPECIAL_PURPOSES, NO_PURPOSE)),
        "for which they may be attached; an empty list: for none",
    ),
    Key("approved_by", ROLE_READER, "whose agreement it takes each time"),
)
RIGHTS: Final = (
    Key(
        "channel",
        member(Channel, NO_CHANNEL),
        "`direct`, through the `authority`, or `either`",
    ),
    Key("authority", passage(), "the supervisory authority, and how to reach it"),
    Key("answered_within", CLOCK_READER, "the time for an answer"),
    Key("extended_by", CLOCK_READER, "by which it may be extended once; left out: not at all", default=None),
    Key("grounds", many_titled(), "why an answer may be restricted; no other reason may"),
    Key("neutral_answer", passage(), "what is said whether or not anything is held"),
)
MEETING: Final = (
    CODE,
    TITLE,
    Key("level", LEVEL_READER, "at which level it is held"),
    Key("chair", ROLE_READER, "who chairs it"),
    Key("attended_by", each(ROLE_READER, 1), "who else takes part"),
    Key("quorum", whole_number(2, 50), "how many must be there"),
    Key("every", CLOCK_READER, "how often"),
    Key(
        "collectors",
        each(one_of(COLLECTORS, NO_COLLECTOR)),
        "whom it may ask to collect: never anybody who works with the community",
    ),
    Key("record", many_titled(), "what its record says"),
)
PRODUCT: Final = (
    CODE,
    TITLE,
    Key("made_by", ROLE_READER, "who makes it"),
    Key("minimum", many_titled(), "what it says at least"),
)
STATISTICS: Final = (
    Key("shown_from", SHOWN_FROM, "smaller figures are never shown"),
    Key(
        "reviewed_above_percent",
        PERCENT,
        "a share of flags among the reports of one place above which somebody asks whether it is bias",
    ),
)
OVERSIGHT: Final = (
    Key("authority", passage(), "who controls from outside; it sees everything, in every pack"),
    Key("complaints", passage(), "where to complain"),
)
LOGS: Final = (Key("kept_days", A_YEAR_TO_TEN, "how long the trail is kept, from one to ten years"),)
NEEDED: Final = (
    Key(
        "category",
        one_of(SUBJECT_CATEGORIES, NO_CATEGORY),
        "a category of persons (LED article 6)",
    ),
    Key(
        "fields",
        each(one_of(SUBJECT_FIELDS, NO_FIELD_OF_SUBJECT), 1),
        "what a flag must say of such a person beside what it always says",
    ),
)
NEEDED_BY_CATEGORY: Final = Key(
    "subjects",
    each(block(Needed, NEEDED)),
    "what categories of persons need more",
    default=(),
)

NATIONAL_SECTIONS: Final[dict[str, tuple[Key, ...]]] = {
    "threshold": THRESHOLD,
    "classification": CLASSIFICATION,
    "ceilings": CEILING,
    "children": CHILDREN,
    "safeguarding": SAFEGUARDING,
    "partners": PARTNER,
    "panels": PANEL,
    "emergency": EMERGENCY,
    "duty_to_pursue": PURSUED,
    "special_categories": SPECIAL_CATEGORIES,
    "rights": RIGHTS,
    "meetings": MEETING,
    "products": PRODUCT,
    "statistics": STATISTICS,
    "oversight": OVERSIGHT,
    "logs": LOGS,
    "subjects": NEEDED,
    "translations": TRANSLATION,
}


def _single_key(name: str, make: Any, keys: tuple[Key, ...], says: str) -> Key:
    return Key(name, block(make, keys), says, default=None)


NATIONAL: Final = (
    _single_key("threshold", Threshold, THRESHOLD, "what must be met before a flag becomes a case"),
    _single_key("classification", Classification, CLASSIFICATION, "the classification scheme"),
    _single_key("children", Children, CHILDREN, "who is a child, and what is owed to one"),
    _single_key(
        "safeguarding",
        Safeguarding,
        SAFEGUARDING,
        "consent, partners, minimum datasets, panels",
    ),
    _single_key("emergency", Emergency, EMERGENCY, "triggers, contacts, and the account afterwards"),
    Key(
        "duty_to_pursue",
        each(block(Pursued, PURSUED)),
        "what the law obliges the police to pursue, also where its teller asked not to pass it on",
        default=(),
    ),
    _single_key(
        "special_categories",
        SpecialCategories,
        SPECIAL_CATEGORIES,
        "special categories of data, off unless named",
    ),
    _single_key("rights", Rights, RIGHTS, "how people learn what is held about them"),
    Key(
        "meetings",
        each(block(Meeting, MEETING), 1),
        "tasking and co-ordination",
        default=(),
    ),
    Key(
        "products",
        each(block(Product, PRODUCT), 1),
        "intelligence products",
        default=(),
    ),
    _single_key("statistics", Statistics, STATISTICS, "figures, and when somebody looks for bias"),
    _single_key("oversight", Oversight, OVERSIGHT, "who controls all this from outside"),
    _single_key("logs", Logs, LOGS, "how long the trail is kept"),
    Key(
        "languages",
        each(LANGUAGE),
        "beside its own, the languages in which every word of it is said",
        default=None,
    ),
    Key(
        "translations",
        each(translation, most=MOST_TRANSLATIONS),
        "its words in those languages, where the product's catalogs do not have them",
        default=(),
    ),
)
