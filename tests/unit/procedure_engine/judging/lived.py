"""What goes wrong for some case, some day."""

from __future__ import annotations

from collections.abc import Iterator

from tests.unit.procedure_engine.judging.life import Life, word
from tests.unit.procedure_engine.judging.parts import LEVELS, POSTS, Pack, ended, graded


def lived(pack: Pack, life: Life) -> Iterator[str]:
    """What goes wrong for some case, some day."""
    stages = {word(case, "stage") for case in life.seen}
    if stages != {stage["code"] for stage in pack["stages"]}:
        yield "a stage that no case comes to"
    for one in pack["entrances"]:
        for level in one["levels"]:
            if frozenset({f"stage {one['stage']}", f"level {level}"}) not in {
                frozenset(fact for fact in case if fact.startswith(("stage ", "level ")))
                for case in life.seen
            }:
                yield "an entrance that nobody comes through"
    yield from _dead(pack, life)
    ending = {case for case in life.seen if word(case, "stage") in ended(pack)}
    grown = True
    while grown:
        grown = False
        for case, ways in life.next.items():
            if case not in ending and any(after in ending for _, _, after in ways):
                ending.add(case)
                grown = True
    if ending != life.seen:
        yield "a case without an end"
    if any(word(case, "stage") in ended(pack) and "answer owed" not in case for case in life.seen):
        yield "an end without feedback"
    for action in pack["actions"]:
        yield from _early(pack, life, action)
    for stage in pack["stages"]:
        levels = {word(case, "level") for case in life.seen if word(case, "stage") == stage["code"]}
        yield from _heard(stage, levels)


def _heard(stage: Pack, levels: set[str]) -> Iterator[str]:
    if stage["phase"] == "ended":
        return
    for level in levels:
        higher = [one for one in LEVELS[LEVELS.index(level) : 4] if one != level or
                  stage["escalates_to"] != stage["owner"]]  # fmt: skip
        if not any(stage["escalates_to"] in POSTS[one].split() for one in higher):
            yield "nobody hears of it"
        if stage["owner"] not in POSTS[level].split():
            yield "an owner whom no unit has"


def _dead(pack: Pack, life: Life) -> Iterator[str]:
    for action in pack["actions"]:
        for number in range(len(action["results"])):
            if not any((code, at) == (action["code"], number) for code, at, _, _ in life.taken):
                yield "a result that never comes about"
        for stage in action["from"]:
            if not any(code == action["code"] and where == stage for code, _, where, _ in life.taken):
                yield "an action that can never be taken there"
    for move in pack["moves"]:
        if not any(code == move["code"] for code, _, _, _ in life.taken):
            yield "a move that never happens"
    for form in pack["forms"]:
        for field in form["fields"]:
            for choice in field.get("choices", ()):
                if "only_if" in choice and (form["code"], field["code"], choice["code"]) not in life.chosen:
                    yield "a choice that is never offered"


def _early(pack: Pack, life: Life, action: Pack) -> Iterator[str]:
    where = [
        case for case in life.seen if word(case, "stage") in action["from"] and life.possible(action, case)
    ]
    for result in action["results"]:
        for case in where:
            if result.get("disseminates") and "holds" not in case and "issues_report" not in result:
                yield "sent without a report"
            for key in ("issues_report", "corrects_report"):
                if key in result and f"did {result[key]['action']}" not in case:
                    yield "a text before it was written"
            if "issues_report" in result:
                sides = set(graded(pack, action))
                for other in pack["actions"]:
                    if f"did {other['code']}" in case:
                        sides |= graded(pack, other)
                if sides != {"source", "information"}:
                    yield "a report without a grade"
