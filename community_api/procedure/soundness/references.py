"""What checks have in common: findings, references to codes, and guards.

A finding is a path in the file and a sentence. Paths use the keys of the file, so that the notebook of
the reading knows their lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from community_api.procedure.judging import Judges
from community_api.procedure.pack import Field, Guard, Pack
from community_api.procedure.predicates import PREDICATES
from community_api.procedure.reading import Path, suggestion
from community_api.procedure.terms import Act

Findings: TypeAlias = Iterator[tuple[Path, str]]


def unknown(path: Path, noun: str, word: str | None, known: Collection[str]) -> Findings:
    """A finding when a word refers to nothing; None refers to nothing on purpose.

    The word stands behind the noun, or where the noun has a `{}`.
    """
    if word is not None and word not in known:
        named = noun.format(f"`{word}`") if "{}" in noun else f"{noun} `{word}`"
        yield path, f"there is no {named}{suggestion(word, known)}"


def each_known(path: Path, noun: str, words: Sequence[str], known: Collection[str]) -> Findings:
    """The same for every word of a list."""
    for index, word in enumerate(words):
        yield from unknown((*path, index), noun, word, known)


def values_known(path: Path, field: str, values: Sequence[str], known: Collection[str]) -> Findings:
    """A finding for every value that a field cannot have."""
    for index, value in enumerate(values):
        if value not in known:
            yield (*path, index), f"the field `{field}` has no value `{value}`{suggestion(value, known)}"


def unique(path: Path, noun: str, items: Iterable[Any], key: str = "code") -> Findings:
    """A finding for every item whose code stands earlier in the list already."""
    seen = set()
    for index, item in enumerate(items):
        code = getattr(item, key)
        if code in seen:
            yield (*path, index, key), f"the {noun} `{code}` is declared twice"
        seen.add(code)


def acts(pack: Pack) -> frozenset[str]:
    """Every act that a rule may name: the pack's own actions and what went before the case."""
    return frozenset(pack.action_by_code) | {act.value for act in Act}


def guards(
    path: Path, listed: Sequence[Guard], pack: Pack, asked: Collection[Judges], form: Sequence[Field] = ()
) -> Findings:
    """References of guards, and whether they judge what can be judged here."""
    for index, guard in enumerate(listed):
        here = (*path, index)
        if PREDICATES[guard.predicate].judges not in asked:
            what = " or ".join(sorted(judges.value for judges in asked))
            yield (*here, "predicate"), f"`{guard.predicate}` cannot stand here: only guards about the {what}"
        if guard.offered_anyway and PREDICATES[guard.predicate].judges is not Judges.CASE:
            yield (
                (*here, "offered_anyway"),
                "only an action refused by a guard about the case can be shown anyway",
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
            yield from unknown(here, "act", value, acts(pack))
        elif param.kind == "mark":
            yield from unknown(here, "mark", value, marks)
        elif param.kind == "levels":
            yield from each_known(here, "level {} in this pack", value, levels)
        elif param.kind == "field":
            yield from _field(path, guard, form)
    if guard.params.get("at_least_days", 0) > guard.params.get("at_most_days", 0):
        yield (*path, "at_most_days"), "the last day lies before the first"


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
        yield from unknown((*path, "field"), "field {} in the action's form", code, fields)
    elif fields[code].type != wanted:
        yield (
            (*path, "field"),
            f"`{guard.predicate}` judges a field of type {wanted}, not {fields[code].type}",
        )
    elif "handling" in guard.params:
        grades = {field.code for field in form if field.type == "grade"}
        noun = "field {} of type grade in the action's form"
        yield from unknown((*path, "handling"), noun, guard.params["handling"], grades)
    elif "classified" in guard.params:
        classified = {field.code for field in form if field.type == "classification"}
        noun = "field {} of type classification in the action's form"
        yield from unknown((*path, "classified"), noun, guard.params["classified"], classified)
    elif "other" in guard.params:
        choices = {one.code: [choice.code for choice in one.choices] for one in form if one.type == "choice"}
        other, beside = guard.params["other"], guard.params["is"]
        yield from values_known((*path, "value"), code, (guard.params["value"],), choices[code])
        yield from unknown((*path, "other"), "field {} of type choice in the action's form", other, choices)
        yield from values_known((*path, "is"), other, beside, choices.get(other, beside))
    elif "key" in guard.params:
        inner = {field.code for field in fields[code].fields}
        yield from unknown((*path, "key"), "field {} in these records", guard.params["key"], inner)
