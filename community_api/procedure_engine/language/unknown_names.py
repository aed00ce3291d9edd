"""What is said of words in a pack that refer to nothing, and of keys that are not there or not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from community_api.core.i18n.translations import N_, Sentence

NO_ACT: Final = N_("there is no act `{word}`")
NO_ACTION: Final = N_("there is no action `{word}`")
NO_ACT_BEFORE: Final = N_("there is no act `{word}` before a case")
NO_AGE: Final = N_("there is no age `{word}`")
NO_ANSWER: Final = N_("there is no answer `{word}`")
NO_AXIS: Final = N_("there is no axis `{word}` in the scheme {scheme}")
NO_CATEGORY: Final = N_("there is no category `{word}`")
NO_CHANNEL: Final = N_("there is no channel `{word}`")
NO_CLASSIFICATION: Final = N_("there is no classification `{word}`")
NO_COLLECTOR: Final = N_("there is no collector `{word}`")
NO_COURSE: Final = N_("there is no course `{word}`")
NO_ENTRANCE: Final = N_("there is no entrance `{word}`")
NO_FEEDBACK_POINT: Final = N_("there is no feedback point `{word}`")
NO_FEEDBACK_RULE: Final = N_("there is no feedback rule for `{word}`")
NO_FIELD: Final = N_("there is no field `{word}` in the action's form")
NO_CHOICE: Final = N_("there is no field `{word}` of type choice in the action's form")
NO_CLASSIFIED_FIELD: Final = N_("there is no field `{word}` of type classification in the action's form")
NO_GRADE_FIELD: Final = N_("there is no field `{word}` of type grade in the action's form")
NO_DATASET_FIELD: Final = N_("there is no field of the minimum dataset `{word}`")
NO_FIELD_OF_RECORDS: Final = N_("there is no field `{word}` in these records")
NO_FIELD_OF_SUBJECT: Final = N_("there is no field of a subject `{word}`")
NO_FORM: Final = N_("there is no form `{word}`")
NO_FRAMEWORK: Final = N_("there is no framework `{word}`")
NO_GRADE: Final = N_("there is no grade `{word}`")
NO_LEVEL: Final = N_("there is no level `{word}`")
NO_LEVEL_HERE: Final = N_("there is no level `{word}` in this pack")
NO_MARK: Final = N_("there is no mark `{word}`")
NO_OBLIGATORY_CHOICE: Final = N_("there is no obligatory field `{word}` of type choice in the form")
NO_OBLIGATORY_SCHEME: Final = N_("there is no obligatory field `{word}` of type scheme in this form")
NO_OBLIGATORY_TEXT: Final = N_("there is no obligatory text `{word}` in the form of {code}")
NO_OTHER_FIELD: Final = N_("there is no other field `{word}` here")
NO_PANEL: Final = N_("there is no panel `{word}`")
NO_PARTNER: Final = N_("there is no partner `{word}`")
NO_PHASE: Final = N_("there is no phase `{word}`")
NO_PURPOSE: Final = N_("there is no purpose `{word}`")
NO_REACH: Final = N_("there is no reach `{word}`")
NO_RETENTION_CLASS: Final = N_("there is no retention class `{word}`")
NO_ROLE: Final = N_("there is no role `{word}`")
NO_RULE_OF_CONSENT: Final = N_("there is no rule of consent `{word}`")
NO_SCHEME: Final = N_("there is no scheme `{word}`")
NO_STAGE: Final = N_("there is no stage `{word}`")


def lacking(name: str) -> Sentence:
    """The sentence about a key that must be there."""
    return Sentence(N_("the key `{name}` is missing here"), name=name)


def unknown_key(name: str, keys: Iterable[str]) -> Sentence:
    """The sentence about a key that the language does not have."""
    return hinted(Sentence(N_("there is no key `{name}` here"), name=shown_text(name)), name, keys)


def hinted(sentence: Sentence, word: str, allowed: Iterable[str]) -> Sentence:
    """A sentence about an unknown word, with one that is similar, else what is known if that is little."""
    allowed = sorted(allowed)
    near = difflib.get_close_matches(word, allowed, n=1)
    if near:
        return Sentence(N_("{said}; did you mean `{near}`?"), said=sentence, near=near[0])
    if 0 < len(allowed) <= 12:
        listed = ", ".join(f"`{name}`" for name in allowed)
        return Sentence(N_("{said}; known here: {listed}"), said=sentence, listed=listed)
    return sentence


def shown_text(value: str) -> str:
    """A text cut short for a message."""
    return value if len(value) <= 40 else value[:37] + "..."
