"""Everything that can happen to cases, by brute force: a case is a set of facts in words, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.unit.procedure_engine.judging.parts import (
    BEFORE_CASE,
    LEVELS,
    Pack,
    ended,
    fields_of,
    graded,
    targets,
)


class Life:
    """Everything that can happen to cases, found by trying everything."""

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.seen: set[frozenset[str]] = set()
        self.next: dict[frozenset[str], list[tuple[str, int | None, frozenset[str]]]] = {}
        self.taken: set[tuple[str, int | None, str, str]] = set()
        self.chosen: set[tuple[str, str, str]] = set()
        self.results = [result for action in pack["actions"] for result in action["results"]]
        waiting = [
            frozenset({f"stage {one['stage']}", f"level {level}"})
            for one in pack["entrances"]
            if one["by"] == "flag"
            for level in one["levels"]
        ]
        while waiting:
            case = waiting.pop()
            if case in self.seen:
                continue
            self.seen.add(case)
            self.next[case] = []
            for what, number, after, other in self._everything(case):
                if not other:
                    self.next[case].append((what, number, after))
                waiting.append(after)

    def _everything(self, case: frozenset[str]) -> Iterator[tuple[str, int | None, frozenset[str], bool]]:
        stage, level = word(case, "stage"), word(case, "level")
        for action in self.pack["actions"]:
            if stage in action["from"] and self.possible(action, case):
                for number, result in enumerate(action["results"]):
                    if level not in result.get("at_levels", LEVELS):
                        continue
                    if "when" in result and not self._offered(action, result["when"], case):
                        continue
                    self.taken.add((action["code"], number, stage, level))
                    for after in self._steps(action, result, case):
                        yield action["code"], number, after, False
                    if result.get("disseminates"):
                        yield from self._openings(action, case)
        for move in self.pack["moves"]:
            if move["from"] == stage and self._all(move["guards"], case):
                self.taken.add((move["code"], None, stage, level))
                yield move["code"], None, put(case, f"stage {move['to']}", "stage"), False
        yield from self._others(case)

    def _steps(self, action: Pack, result: Pack, case: frozenset[str]) -> Iterator[frozenset[str]]:
        marked = [f for f in fields_of(self.pack, action) if f.get("sets_mark")]
        fallen = [set(case)]
        for field in marked:
            name = f"mark {field['sets_mark']}"
            branches = [facts | {name} for facts in fallen] + [facts - {name} for facts in fallen]
            fallen = branches + ([] if field.get("required", True) else [set(facts) for facts in fallen])
        for facts in fallen:
            after = (facts | {f"mark {m}" for m in result.get("sets", ())}) - {
                f"mark {m}" for m in result.get("clears", ())
            }
            yield self._after(action, result, case, after)

    def _after(self, action: Pack, result: Pack, case: frozenset[str], after: set[str]) -> frozenset[str]:
        if "to" in result:
            after = set(put(frozenset(after), f"stage {result['to']}", "stage"))
            if word(case, "stage") in ended(self.pack):
                after.discard("answer owed")
        if result.get("feedback"):
            after.add("answer owed")
        if self._matters(action["code"]) and not ("holds" in case and self._for_report(action["code"])):
            after.add(f"did {action['code']}")
        if "issues_report" in result:
            after.add("holds")
        if result.get("disseminates"):
            where = targets(self.pack, action, word(case, "level"))
            after |= {"gave"} if where else set()
            after |= {"children"} if where - {"external"} else set()
        if result.get("recalls"):
            after.discard("gave")
            if "given" not in case:
                after.add("lost")
        if "issues_report" in result and "given" not in case:
            after.discard("lost")
        if result.get("confirms_recall"):
            after.discard("called")
        return frozenset(after)

    def _openings(
        self, action: Pack, case: frozenset[str]
    ) -> Iterator[tuple[str, int | None, frozenset[str], bool]]:
        for target in targets(self.pack, action, word(case, "level")):
            for one in self.pack["entrances"]:
                if one["by"] == "dissemination" and target in one["levels"]:
                    above = {f"above {fact[4:]}" for fact in case if fact.startswith("did ")}
                    above |= {fact for fact in case if fact.startswith("above ")}
                    fresh = {f"stage {one['stage']}", f"level {target}", "given", "holds", *above}
                    yield action["code"], None, frozenset(fresh), True

    def _others(self, case: frozenset[str]) -> Iterator[tuple[str, int | None, frozenset[str], bool]]:
        sender = {f"mark {m}" for result in self.results for m in result.get("marks_sender", ())}
        asker = {f"mark {m}" for result in self.results for m in result.get("marks_asker", ())}
        asking = {
            f"did {a['code']}" for a in self.pack["actions"] for r in a["results"] if r.get("asks_originator")
        }
        if "children" in case and sender:
            yield "marked", None, case | sender, False
        if "given" in case and asking & case and asker:
            yield "marked", None, case | asker, False
        if "given" in case and "lost" not in case and any(r.get("recalls") for r in self.results):
            for one in self.pack["entrances"]:
                if one["by"] == "recall" and word(case, "level") in one["levels"]:
                    called = put(case, f"stage {one['stage']}", "stage") | {"called", "lost", "answer owed"}
                    yield "called back", None, called - {"gave"}, False

    def _matters(self, code: str) -> bool:
        asked = any(
            guard["predicate"] == "act_was_done" and guard["act"] == code
            for thing in [*self.pack["actions"], *self.pack["moves"]]
            for guard in thing.get("guards", ())
        )
        texts = any(result.get("corrects_report", {}).get("action") == code for result in self.results)
        asks = any(
            result.get("asks_originator")
            for action in self.pack["actions"]
            if action["code"] == code
            for result in action["results"]
        )
        return asked or texts or asks or self._for_report(code)

    def _for_report(self, code: str) -> bool:
        texts = any(result.get("issues_report", {}).get("action") == code for result in self.results)
        action = next(action for action in self.pack["actions"] if action["code"] == code)
        return texts or bool(graded(self.pack, action))

    def possible(self, action: Pack, case: frozenset[str]) -> bool:
        if not self._all(action.get("guards", ()), case):
            return False
        if "lost" in case and any(result.get("disseminates") for result in action["results"]):
            return False
        for field in fields_of(self.pack, action):
            if not field.get("required", True):
                continue
            if field["type"] == "units" and not targets(self.pack, action, word(case, "level")):
                return False
            if "choices" in field and not self._offered(action, None, case, field):
                return False
        return True

    def _offered(
        self, action: Pack, values: list[str] | None, case: frozenset[str], field: Pack | None = None
    ) -> bool:
        if field is None:
            field = next(f for f in fields_of(self.pack, action) if f["code"] == action["outcome_field"])
        found = False
        for choice in field["choices"]:
            if self._all(choice.get("only_if", ()), case):
                self.chosen.add((str(action.get("form")), field["code"], choice["code"]))
                found = found or values is None or choice["code"] in values
        return found

    def _all(self, guards: Any, case: frozenset[str]) -> bool:
        return all(self._holds(guard, case) for guard in guards)

    def _holds(self, guard: Pack, case: frozenset[str]) -> bool:
        name = guard["predicate"]
        if name == "mark_is_set":
            return f"mark {guard['mark']}" in case
        if name == "mark_is_not_set":
            return f"mark {guard['mark']}" not in case
        if name == "level_is":
            return word(case, "level") in guard["levels"]
        if name in {"level_has_edge_out", "recipients_left"}:
            return any(edge["from"] == word(case, "level") for edge in self.pack["edges"])
        if name == "act_was_done":
            act = guard["act"]
            return act in BEFORE_CASE or bool({f"did {act}", f"above {act}"} & case)
        facts = {
            "has_children": "children" in case,
            "made_the_report": "holds" in case and "given" not in case,
            "was_given_the_report": "given" in case,
            "has_given": "gave" in case,
            "must_give_up": "called" in case,
            "nothing_to_give_up": "called" not in case,
            "question_waits": "holds" in case and "given" not in case and "children" in case,
        }
        return facts.get(name, True)


def word(case: frozenset[str], what: str) -> str:
    """What a case says about its stage or level."""
    return next(fact.split(" ", 1)[1] for fact in case if fact.startswith(f"{what} "))


def put(case: frozenset[str], fact: str, instead_of: str) -> frozenset[str]:
    return frozenset(one for one in case if not one.startswith(f"{instead_of} ")) | {fact}
