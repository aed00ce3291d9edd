"""Posts that are missing, and units in which nobody is left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.unit.procedure_engine.judging.life import Life, word
from tests.unit.procedure_engine.judging.parts import POSTS, Pack, ended, levels_of


def staffed(pack: Pack, life: Life) -> Iterator[str]:
    """Posts that are missing, and units in which nobody is left."""
    flags = pack["flags"]
    near = POSTS["community"].split() + POSTS["local"].split()
    if not set(flags["roles"]) & set(POSTS["community"].split()) or not set(flags["decided_by"]) & set(near):
        yield "nobody for flags"
    if flags["cosign_by"] not in POSTS["local"].split():
        yield "nobody to co-sign"
    for action in pack["actions"]:
        for level in {level for code, _, _, level in life.taken if code == action["code"]}:
            if not set(action["roles"]) & set(POSTS[level].split()):
                yield "nobody has that post"
            for number, result in enumerate(action["results"]):
                point = result.get("feedback")
                if point and any(
                    (action["code"], number, level) == (code, at, where) for code, at, _, where in life.taken
                ):
                    rule = next(rule for rule in pack["feedback"]["rules"] if rule["point"] == point)
                    if rule["owed_by"] not in POSTS[level].split():
                        yield "nobody to answer"
    for rule in pack["feedback"]["rules"]:
        in_team = rule["point"] in {"triage", "closing", "flag_decision", "ruling"}
        if in_team and rule["owed_by"] not in POSTS["community"].split():
            yield "nobody to answer"
    for level in levels_of(pack):
        if _nobody_left(pack, life, level):
            yield "nobody left who may go on"


def _nobody_left(pack: Pack, life: Life, level: str) -> bool:
    """Try it with every person by name: whoever did an act once has done it for ever."""
    told = {one["role"]: one["people"] for one in pack.get("staffing", ())}
    acting = {role for action in pack["actions"] for role in action["roles"]}
    people = [
        f"{role} {number}"
        for role in POSTS[level].split()
        if role in acting
        for number in range(told.get(role, 1 if told else 2))
    ]
    ways: dict[str, set[tuple[str, str]]] = {}
    for case, leading in life.next.items():
        if word(case, "level") == level:
            ways.setdefault(word(case, "stage"), set()).update(
                (what, word(after, "stage")) for what, _, after in leading
            )
    actions = {action["code"]: action for action in pack["actions"]}
    general = set(pack.get("conflict_of_interest", ()))
    excluding = {act for action in pack["actions"] for act in action.get("not_actor_of", ())} | general
    starts = {
        (one["stage"], frozenset[str]())
        for one in pack["entrances"]
        if one["by"] != "recall" and level in one["levels"]
    }
    after: dict[Any, set[Any]] = {}
    waiting = list(starts)
    while waiting:
        state = waiting.pop()
        if state in after:
            continue
        stage, did = state
        after[state] = set()
        for what, to in ways.get(stage, ()):
            if what not in actions:
                after[state].add((to, did))
                continue
            excluded = {*actions[what].get("not_actor_of", ()), *general}
            for person in people:
                if person.split()[0] in actions[what]["roles"] and not any(
                    f"{person} did {act}" in did for act in excluded
                ):
                    done = did | {f"{person} did {what}"} if what in excluding else did
                    after[state].add((to, done))
        waiting.extend(after[state])
    ending = {state for state in after if state[0] in ended(pack)}
    grown = True
    while grown:
        grown = False
        for state, following in after.items():
            if state not in ending and following & ending:
                ending.add(state)
                grown = True
    return ending != after.keys()
