"""Every shipped procedure played a second time, from its YAML and by the plainest reading of it.

`predict` says what a step would come to: the code, and when it is allowed the next stage, the marks, whether
an answer is owed and who is sent the report. It knows persons by name and shares no code with the engine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.unit.procedure_engine.playing.country import ABOVE, LEVEL

Pack = dict[str, Any]
BEFORE = ("report.author", "report.supplement", "flag.raise", "flag.cosign", "flag.confirm")


@dataclass
class Known:
    """All that has happened to one case, told by whoever runs the game."""

    unit: str
    stage: str
    marks: set[str] = field(default_factory=set)
    acts: dict[str, set[str]] = field(default_factory=dict)
    parent: Known | None = None
    owed: int = 0
    children: int = 0
    open_children: int = 0
    made: bool = False
    holders: set[str] = field(default_factory=set)
    given: int = 0
    received_under: str | None = None
    recalled_here: bool = False
    taken_back: bool = False
    unconfirmed: int = 0
    questions: set[str] = field(default_factory=set)
    asking: bool = False
    linked: set[str] = field(default_factory=set)
    paused: bool = False

    def who_did(self, act: str) -> set[str]:
        """Everybody who did such a thing here or further up."""
        above = self.parent.who_did(act) if self.parent else set()
        return self.acts.get(act, set()) | above


@dataclass(frozen=True)
class Outcome:
    """What a step comes to; everything but `code` only where it is allowed."""

    code: str
    stage: str = ""
    marks: frozenset[str] = frozenset()
    owes: int = 0
    sent_to: tuple[str, ...] = ()


def action_of(pack: Pack, code: str) -> Pack:
    return next(one for one in pack["actions"] if one["code"] == code)


def fields_of(pack: Pack, action: Pack) -> list[Pack]:
    return next((one["fields"] for one in pack["forms"] if one["code"] == action.get("form")), [])


def permitted(pack: Pack, case: Known, levels: list[str] | None = None) -> list[str]:
    """The units to which the case's report may still go."""
    found = []
    for name in LEVEL:
        for edge in pack["edges"]:
            if edge["from"] != LEVEL[case.unit] or edge["to"] != LEVEL[name] or name == case.unit:
                continue
            near = edge["reach"] == "any" or name in ABOVE[case.unit] or case.unit in ABOVE[name]
            if (near if edge["reach"] != "abroad" else name == "sudria") and name not in case.holders:
                found.append(name)
    return [name for name in found if levels is None or LEVEL[name] in levels]


def predict(
    pack: Pack, case: Known, who: str, roles: set[str], code: str, form: dict[str, Any], passed: set[str]
) -> Outcome:
    """What comes of a step with a form that is well filled in but for what the rules say about it."""
    action = action_of(pack, code)
    if not roles & set(action["roles"]):
        return Outcome("role_not_allowed")
    for act in [*pack.get("conflict_of_interest", ()), *action.get("not_actor_of", ())]:
        if who in case.who_did(act):
            return Outcome("same_person")
    asked = [one["course"] for one in action.get("guards", ()) if one["predicate"] == "holds_certificate"]
    if not set(asked) <= passed:
        return Outcome("training_required")
    if case.stage not in action["from"]:
        return Outcome("action_not_allowed")
    for guard in action.get("guards", ()):
        if not holds(pack, case, guard):
            codes = {"no_feedback_owed": "feedback_owed", "may_pass_on": "originator_consent_needed"}
            return Outcome(codes.get(guard["predicate"], "action_not_allowed"))
    if case.taken_back and any(result.get("disseminates") for result in action["results"]):
        # No pack can switch that off: what was given up is passed on by nobody (R7).
        return Outcome("action_not_allowed")
    fields = fields_of(pack, action)
    for one in fields:
        needed = one["type"] == "units" and one.get("required", True)
        if needed and not permitted(pack, case, one.get("levels")):
            return Outcome("action_not_allowed")
    if wrong(pack, case, action, fields, form):
        return Outcome("validation_failed")
    return _allowed(pack, case, action, fields, form)


def _allowed(pack: Pack, case: Known, action: Pack, fields: list[Pack], form: dict[str, Any]) -> Outcome:
    chosen = form.get(action.get("outcome_field", ""))
    result = next(
        one
        for one in action["results"]
        if LEVEL[case.unit] in one.get("at_levels", LEVEL.values())
        and (chosen is None or chosen in one["when"])
    )
    marks = set(case.marks)
    for one in fields:
        if one.get("sets_mark") and one["code"] in form:
            marks = marks | {one["sets_mark"]} if form[one["code"]] else marks - {one["sets_mark"]}
    marks = (marks | set(result.get("sets", ()))) - set(result.get("clears", ()))
    sent = tuple(form["to_units"]) if result.get("disseminates") else ()
    return Outcome("allowed", result.get("to", case.stage), frozenset(marks), int("feedback" in result), sent)


def wrong(pack: Pack, case: Known, action: Pack, fields: list[Pack], form: dict[str, Any]) -> bool:
    """Whether anything that was said goes against the rules about it."""
    for one in fields:
        value = form.get(one["code"])
        if one["type"] == "units" and value is not None:
            free = permitted(pack, case, one.get("levels"))
            if not value or len(value) != len(set(value)) or not set(value) <= set(free):
                return True
        if one["type"] == "choice" and value is not None:
            choice = next((c for c in one["choices"] if c["code"] == value), None)
            if choice is None or not all(holds(pack, case, guard) for guard in choice.get("only_if", ())):
                return True
        told = one.get("required_when")
        if told and form.get(told["field"]) in told["is"] and value is None:
            return True
    return any(_against(guard, case, form) for guard in action.get("guards", ()))


def _against(guard: Pack, case: Known, form: dict[str, Any]) -> bool:
    name = guard["predicate"]
    if name == "goes_with":
        return form.get(guard["field"]) == guard["value"] and form.get(guard["other"]) not in guard["is"]
    if name == "handling_reaches" and form.get(guard["handling"]) in guard["codes"]:
        return any(LEVEL[unit] not in guard["levels"] for unit in form.get(guard["field"], ()))
    if name == "linked_case":
        return guard["field"] in form and form[guard["field"]] not in case.linked
    if name == "waiting_question":
        return guard["field"] in form and form[guard["field"]] not in case.questions
    return False


def holds(pack: Pack, case: Known, guard: Pack) -> bool:
    """Whether a guard about a case holds; those about what is said are judged with it."""
    name = guard["predicate"]
    if name in {"mark_is_set", "mark_is_not_set"}:
        return (guard["mark"] in case.marks) is (name == "mark_is_set")
    if name == "level_is":
        return LEVEL[case.unit] in guard["levels"]
    if name == "may_pass_on":
        return case.received_under not in guard["codes"] or guard["mark"] in case.marks
    answers = {
        "no_feedback_owed": case.owed == 0,
        "has_children": case.children > 0,
        "all_children_ended": case.open_children == 0,
        "level_has_edge_out": any(edge["from"] == LEVEL[case.unit] for edge in pack["edges"]),
        "recipients_left": bool(permitted(pack, case)),
        "made_the_report": case.made,
        "was_given_the_report": case.received_under is not None,
        "has_given": case.given > 0,
        "must_give_up": case.recalled_here,
        "nothing_to_give_up": not case.recalled_here,
        "recalls_confirmed": case.unconfirmed == 0,
        "question_waits": bool(case.questions),
        "no_question_asked": not case.asking,
        "clock_runs": not case.paused,
        "clock_stands_still": case.paused,
    }
    return answers.get(name, True)


def goes_on(pack: Pack, case: Known) -> tuple[str, str] | None:
    """What the product does by itself now: the move and the next stage."""
    for move in pack["moves"]:
        if move["from"] == case.stage and all(holds(pack, case, guard) for guard in move["guards"]):
            return move["code"], move["to"]
    return None
