"""Packs that differ from a sound one in one thing: what an author gets wrong on a bad day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from tests.unit.procedure_engine.mutants_around import around

Pack = dict[str, Any]
Change = Callable[[Pack], None]


def mutants(pack: Pack) -> Iterator[tuple[str, Pack]]:
    """Every mutant with a name that says what was done; the pack itself stays what it is."""
    for name, change in changes(pack):
        yield name, changed(pack, change)


def changed(pack: Pack, change: Change) -> Pack:
    """One mutant of a pack."""
    mutant = deepcopy(pack)
    change(mutant)
    return mutant


def changes(pack: Pack) -> Iterator[tuple[str, Change]]:
    """What makes each mutant, by its name; several may have the same."""
    yield from _actions(pack)
    yield from _results(pack)
    yield from _moves(pack)
    yield from _stages(pack)
    yield from _forms(pack)
    yield from _around(pack)
    yield from around(pack)


def _without(section: str, index: int, *path: Any) -> Change:
    """Takes one entry away; an empty list of guards or exclusions goes with its key."""

    def change(pack: Pack) -> None:
        thing = pack[section][index]
        *way, last = path
        for step in way:
            thing = thing[step]
        del thing[last]

    return change


def _set(value: Any, section: str, index: int, *path: Any) -> Change:
    def change(pack: Pack) -> None:
        thing = pack[section][index]
        *way, last = path
        for step in way:
            thing = thing[step]
        thing[last] = value

    return change


def _gone(section: str, index: int) -> Change:
    return lambda pack: pack[section].pop(index)


def _actions(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, action in enumerate(pack["actions"]):
        code = action["code"]
        yield f"no action {code}", _gone("actions", index)
        yield f"{code} by trainers", _set(["trainer"], "actions", index, "roles")
        yield f"{code} by chairs", _set(["tasking_chair"], "actions", index, "roles")
        if len(action["from"]) > 1:
            for at, stage in enumerate(action["from"]):
                yield f"{code} not from {stage}", _without("actions", index, "from", at)
        if len(action["roles"]) > 1:
            for at, role in enumerate(action["roles"]):
                yield f"{code} not by {role}", _without("actions", index, "roles", at)
        for at, act in enumerate(action.get("not_actor_of", ())):
            yield f"{code} also by whoever did {act}", _without("actions", index, "not_actor_of", at)
        for other in pack["actions"]:
            excluded = [*action.get("not_actor_of", ()), other["code"]]
            if other["code"] not in action.get("not_actor_of", ()):
                yield (
                    f"{code} not by whoever did {other['code']}",
                    _set(excluded, "actions", index, "not_actor_of"),
                )
        for at, guard in enumerate(action.get("guards", ())):
            yield f"{code} without {guard['predicate']}", _without("actions", index, "guards", at)
        if "after_end" in action:
            yield f"{code} not after an end", _without("actions", index, "after_end")
        if "form" in action:
            yield f"{code} without its form", _without("actions", index, "form")
        for predicate in ("made_the_report", "was_given_the_report", "has_given", "has_children"):
            more = [*action.get("guards", ()), {"predicate": predicate}]
            yield f"{code} only if {predicate}", _set(more, "actions", index, "guards")
        for level in ("local", "national"):
            more = [*action.get("guards", ()), {"predicate": "level_is", "levels": [level]}]
            yield f"{code} only at {level}", _set(more, "actions", index, "guards")


def _results(pack: Pack) -> Iterator[tuple[str, Change]]:
    stages = [stage["code"] for stage in pack["stages"]]
    for index, action in enumerate(pack["actions"]):
        for at, result in enumerate(action["results"]):
            name = f"{action['code']} result {at}"
            path = (index, "results", at)
            if len(action["results"]) > 1:
                yield f"no {name}", _without("actions", *path)
            for key in sorted(result.keys() - {"to", "stays", "when"}):
                yield f"{name} without {key}", _without("actions", *path, key)
            if "feedback" not in result:
                yield f"{name} owes an answer", _set("decision", "actions", *path, "feedback")
            for stage in stages if "to" in result else ():
                if stage != result["to"]:
                    yield f"{name} to {stage}", _set(stage, "actions", *path, "to")
            if len(result.get("when", ())) > 1:
                yield f"{name} for one value less", _without("actions", *path, "when", 0)
            for mark in pack["marks"]:
                yield f"{name} sets {mark['code']}", _set([mark["code"]], "actions", *path, "sets")
                yield f"{name} clears {mark['code']}", _set([mark["code"]], "actions", *path, "clears")


def _moves(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, move in enumerate(pack["moves"]):
        yield f"no move {move['code']}", _gone("moves", index)
        for at, guard in enumerate(move["guards"]):
            yield f"{move['code']} without {guard['predicate']}", _without("moves", index, "guards", at)
        for stage in pack["stages"]:
            if stage["code"] not in {move["to"], move["from"]}:
                yield f"{move['code']} to {stage['code']}", _set(stage["code"], "moves", index, "to")


def _stages(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, stage in enumerate(pack["stages"]):
        code = stage["code"]
        for key in sorted(stage.keys() & {"owner", "clock", "urgent_clock", "escalates_to", "warn_before"}):
            yield f"{code} without {key}", _without("stages", index, key)
        if stage["phase"] == "ended":
            continue
        for role in ("trainer", "partner", "analyst", "intelligence_manager"):
            yield f"{code} owned by {role}", _set(role, "stages", index, "owner")
            yield f"{code} escalates to {role}", _set(role, "stages", index, "escalates_to")
        yield f"{code} warns at once", _set(dict(stage["clock"]), "stages", index, "warn_before")


def _forms(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, form in enumerate(pack["forms"]):
        for at, field in enumerate(form["fields"]):
            name = f"{form['code']}.{field['code']}"
            if len(form["fields"]) > 1:
                yield f"no {name}", _without("forms", index, "fields", at)
            if field.get("required", True) and "required_when" not in field:
                yield f"{name} optional", _set(False, "forms", index, "fields", at, "required")
            for number, choice in enumerate(field.get("choices", ())):
                if len(field["choices"]) > 1:
                    path = (index, "fields", at, "choices", number)
                    yield f"no {name}={choice['code']}", _without("forms", *path)
                    never = [{"predicate": "level_is", "levels": ["external"]}]
                    yield f"{name}={choice['code']} never", _set(never, "forms", *path, "only_if")
            for level in range(len(field.get("levels", ()))):
                if len(field["levels"]) > 1:
                    yield f"{name} for a level less", _without("forms", index, "fields", at, "levels", level)


def _around(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, edge in enumerate(pack["edges"]):
        name = f"edge {edge['from']} to {edge['to']}"
        yield f"no {name}", _gone("edges", index)
        for level in ("local", "regional", "external", "community"):
            other = {**edge, "to": level}
            if level not in {edge["from"], edge["to"]} and _is_declared(pack, level) and _is_new(pack, other):
                yield f"{name} leads to {level}", _set(level, "edges", index, "to")
    for index, entrance in enumerate(pack["entrances"]):
        yield f"no entrance by {entrance['by']}", _gone("entrances", index)
        for at, level in enumerate(entrance["levels"]):
            if len(entrance["levels"]) > 1:
                yield f"no {entrance['by']} at {level}", _without("entrances", index, "levels", at)
        for stage in pack["stages"]:
            if stage["code"] != entrance["stage"]:
                name = f"{entrance['by']} begins in {stage['code']}"
                yield name, _set(stage["code"], "entrances", index, "stage")
    for index, rule in enumerate(pack["feedback"]["rules"]):
        yield f"no rule for {rule['point']}", _rule_gone(index)
        yield f"{rule['point']} answered by a chair", _rule_by("tasking_chair", index)
    for index, one in enumerate(pack["retention"]):
        yield f"{one['code']} reviewed too late", _set(3650, "retention", index, "review_after_days")
        yield f"{one['code']} kept longer", _set(3650, "retention", index, "at_most_days")
        if "for_children" in one:
            yield f"{one['code']} for children too", _without("retention", index, "for_children")
    for index, one in enumerate(pack.get("staffing", ())):
        if one["people"] > 1:
            yield f"one {one['role']} alone", _set(1, "staffing", index, "people")
    for key in ("not_actor_of", "cosign_when_age", "decided_by", "roles"):
        for index in range(len(pack["flags"][key])):
            if len(pack["flags"][key]) > 1:
                yield f"flags: one less in {key}", _flags_without(key, index)


def _is_declared(pack: Pack, level: str) -> bool:
    return any(one["code"] == level for one in pack["levels"])


def _is_new(pack: Pack, edge: Pack) -> bool:
    return not any((one["from"], one["to"]) == (edge["from"], edge["to"]) for one in pack["edges"])


def _rule_gone(index: int) -> Change:
    return lambda pack: pack["feedback"]["rules"].pop(index)


def _rule_by(role: str, index: int) -> Change:
    return lambda pack: pack["feedback"]["rules"][index].update(owed_by=role)


def _flags_without(key: str, index: int) -> Change:
    return lambda pack: pack["flags"][key].pop(index)
