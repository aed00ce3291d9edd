"""What checks have in common: findings, references to codes, and guards.

A finding is a path in the file and a sentence. Paths use the keys of the file, so that the notebook of
the reading knows their lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.engine.guards import Judges
from community_api.procedure_engine.engine.predicates import PREDICATES
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.language.unknown_names import (
    NO_ACT,
    NO_CHOICE,
    NO_CLASSIFIED_FIELD,
    NO_FIELD,
    NO_FIELD_OF_RECORDS,
    NO_GRADE_FIELD,
    NO_LEVEL_HERE,
    NO_MARK,
    hinted,
)
from community_api.procedure_engine.pack.definition import Field, Guard, Pack
from community_api.procedure_engine.terms import Act

Findings: TypeAlias = Iterator[tuple[Path, Sentence]]


def unknown(path: Path, text: str, word: str | None, allowed: Collection[str], **values: str) -> Findings:
    """A finding when a word refers to nothing; None refers to nothing on purpose.

    `text` is a marked sentence with the `{word}`, and with what else is `told`.
    """
    if word is not None and word not in allowed:
        yield path, hinted(Sentence(text, word=word, **values), word, allowed)


def each_known(path: Path, text: str, words: Sequence[str], allowed: Collection[str]) -> Findings:
    """The same for every word of a list."""
    for index, word in enumerate(words):
        yield from unknown((*path, index), text, word, allowed)


def values_known(path: Path, field: str, values: Sequence[str], allowed: Collection[str]) -> Findings:
    """A finding for every value that a field cannot have."""
    for index, value in enumerate(values):
        text = N_("the field `{field}` has no value `{word}`")
        yield from unknown((*path, index), text, value, allowed, field=field)


def unique(path: Path, items: Iterable[Any], key: str = "code") -> Findings:
    """A finding for every item whose code stands earlier in the list already."""
    seen = set()
    for index, item in enumerate(items):
        code = getattr(item, key)
        if code in seen:
            yield (*path, index, key), Sentence(N_("`{code}` is declared twice"), code=code)
        seen.add(code)


def acts(pack: Pack) -> frozenset[str]:
    """Every act that a rule may name: the pack's own actions and what went before the case."""
    return frozenset(pack.action_by_code) | {act.value for act in Act}


def guards(
    path: Path, listed: Sequence[Guard], pack: Pack, asked: Collection[Judges], form: Sequence[Field] = ()
) -> Findings:
    """References of guards, and whether they judge what can be judged here: `asked` is all, or the case."""
    for index, guard in enumerate(listed):
        here = (*path, index)
        if PREDICATES[guard.predicate].judges not in asked:
            text = N_("`{predicate}` cannot stand here: only guards about the case")
            yield (*here, "predicate"), Sentence(text, predicate=guard.predicate)
        if guard.offered_anyway and PREDICATES[guard.predicate].judges is not Judges.CASE:
            yield (
                (*here, "offered_anyway"),
                Sentence(N_("only an action refused by a guard about the case can be shown anyway")),
            )
        yield from _params(here, guard, pack, form)


def _params(path: Path, guard: Guard, pack: Pack, form: Sequence[Field]) -> Findings:
    """What the parameters of a guard refer to."""
    marks = {mark.code for mark in pack.marks}
    levels = {level.code for level in pack.levels}
    for param in PREDICATES[guard.predicate].params:
        value = guard.params[param.name]
        here = (*path, param.name)
        if param.kind == "act":
            yield from unknown(here, NO_ACT, value, acts(pack))
        elif param.kind == "mark":
            yield from unknown(here, NO_MARK, value, marks)
        elif param.kind == "levels":
            yield from each_known(here, NO_LEVEL_HERE, value, levels)
        elif param.kind == "field":
            yield from _field(path, guard, form)
    if guard.params.get("at_least_days", 0) > guard.params.get("at_most_days", 0):
        yield (*path, "at_most_days"), Sentence(N_("the last day lies before the first"))


_JUDGED_TYPE = {
    "date_within": "date",
    "no_repeats": "records",
    "linked_case": "uuid",
    "waiting_question": "uuid",
    "handling_reaches": "units",
    "classification_reaches": "units",
    "goes_with": "choice",
}


def _field(path: Path, guard: Guard, form: Sequence[Field]) -> Findings:
    """A guard about content looks at a field of the right type in the action's own form."""
    fields = {field.code: field for field in form}
    code, wanted = guard.params["field"], _JUDGED_TYPE[guard.predicate]
    if code not in fields:
        yield from unknown((*path, "field"), NO_FIELD, code, fields)
    elif fields[code].type != wanted:
        yield (
            (*path, "field"),
            Sentence(
                N_("`{predicate}` judges a field of type {wanted}, not {type}"),
                predicate=guard.predicate,
                wanted=wanted,
                type=fields[code].type,
            ),
        )
    elif "handling" in guard.params:
        grades = {field.code for field in form if field.type == "grade"}
        text = NO_GRADE_FIELD
        yield from unknown((*path, "handling"), text, guard.params["handling"], grades)
    elif "classified" in guard.params:
        classified = {field.code for field in form if field.type == "classification"}
        text = NO_CLASSIFIED_FIELD
        yield from unknown((*path, "classified"), text, guard.params["classified"], classified)
    elif "other" in guard.params:
        choices = {one.code: [choice.code for choice in one.choices] for one in form if one.type == "choice"}
        other, beside = guard.params["other"], guard.params["is"]
        yield from values_known((*path, "value"), code, (guard.params["value"],), choices[code])
        yield from unknown(
            (*path, "other"),
            NO_CHOICE,
            other,
            choices,
        )
        yield from values_known((*path, "is"), other, beside, choices.get(other, beside))
    elif "key" in guard.params:
        inner = {field.code for field in fields[code].fields}
        yield from unknown((*path, "key"), NO_FIELD_OF_RECORDS, guard.params["key"], inner)
