"""Properties that can be seen without following a case."""

from __future__ import annotations

from collections.abc import Iterator

from tests.unit.procedure_engine.judging.parts import BEFORE_CASE, Pack, ended, fields_of, levels_of, targets

POINTS = {"triage", "closing", "flag_decision", "assessment", "decision", "ruling"}


def texts_of(pack: Pack) -> Iterator[str]:
    """Names that mean nothing, and rules that can be seen without following a case."""
    stages = {stage["code"]: stage for stage in pack["stages"]}
    acts = {action["code"] for action in pack["actions"]} | BEFORE_CASE
    marks = {mark["code"] for mark in pack["marks"]}
    classes = {one["code"]: one for one in pack["retention"]}
    used = {action.get("form") for action in pack["actions"]}
    if {form["code"] for form in pack["forms"]} != used - {None}:
        yield "a form that nobody asks for, or one that is not there"
    if {rule["point"] for rule in pack["feedback"]["rules"]} != POINTS:
        yield "a decision without a rule of feedback"
    if not {"flag.raise", "report.author"} <= set(pack["flags"]["not_actor_of"]):
        yield "somebody is the second person to themselves"
    if not {"child", "unknown"} <= set(pack["flags"]["cosign_when_age"]):
        yield "a flag on a child without a co-sign"
    if not any(entrance["by"] == "flag" for entrance in pack["entrances"]):
        yield "no entrance for a flag"
    receiving = {
        level for one in pack["entrances"] if one["by"] == "dissemination" for level in one["levels"]
    }
    called = {level for one in pack["entrances"] if one["by"] == "recall" for level in one["levels"]}
    for edge in pack["edges"]:
        if edge["to"] != "external" and edge["to"] not in receiving:
            yield "somebody is sent to who receives nothing"
    for one in classes.values():
        if one["review_after_days"] > one["at_most_days"]:
            yield "a review after the end"
        child = classes.get(one.get("for_children", one["code"]))
        if child is None or child["at_most_days"] > one["at_most_days"]:
            yield "a child's record is kept longer"
    for entrance in pack["entrances"]:
        if entrance["stage"] not in stages or entrance["stage"] in ended(pack):
            yield "an entrance into nothing or an end"
    for stage in pack["stages"]:
        yield from _stage(pack, stage)
    yield from _results(pack, set(stages), acts, marks, receiving, called)
    for action in pack["actions"]:
        yield from _action(pack, action, acts)
    for move in pack["moves"]:
        if move["to"] in ended(pack) and not _asks_for_feedback(move):
            yield "an end without asking what is owed"
        if not move["guards"]:
            yield "a move for no reason"


def _results(
    pack: Pack, stages: set[str], acts: set[str], marks: set[str], receiving: set[str], called: set[str]
) -> Iterator[str]:
    classes = {one["code"] for one in pack["retention"]}
    every = [(action, result) for action in pack["actions"] for result in action["results"]]
    for action, result in every:
        if result.get("to") is not None and result["to"] not in stages:
            yield "a way into nothing"
        if not set(result.get("sets", ())) | set(result.get("clears", ())) <= marks:
            yield "a mark that is not there"
        if result.get("retention", "referral") not in classes:
            yield "a class that is not there"
        if result.get("recalls") and not receiving <= called:
            yield "a recall that goes nowhere"
        if result.get("recalls") and not result.get("feedback"):
            yield "a recall that owes nobody an answer"
        if result.get("recalls") and not any(other.get("confirms_recall") for _, other in every):
            yield "a recall that nobody can confirm"
        asked = result.get("regrades") or result.get("corrects_report") or result.get("asks_originator")
        if (asked or result.get("pauses")) and "within" not in result:
            yield "no time for what is asked"
        if "within" in result and not asked and not result.get("pauses"):
            yield "time for nothing that is asked"
        if result.get("marks_asker") and not result.get("answers_originator"):
            yield "an answer to nobody"
        if result.get("to") in ended(pack) and not _asks_for_feedback(action):
            yield "an end without asking what is owed"
        for key in ("issues_report", "corrects_report"):
            if key in result and result[key]["action"] not in acts:
                yield "a text of nobody"


def _asks_for_feedback(thing: Pack) -> bool:
    return any(guard["predicate"] == "no_feedback_owed" for guard in thing.get("guards", ()))


def _stage(pack: Pack, stage: Pack) -> Iterator[str]:
    if stage["phase"] == "ended":
        return
    if not {"owner", "clock", "escalates_to"} <= stage.keys():
        yield "a stage without owner, clock or escalation"
        return
    out = [
        action
        for action in pack["actions"]
        if stage["code"] in action["from"] and any("to" in result for result in action["results"])
    ]
    if stage["phase"] == "open" and out and not any(stage["owner"] in action["roles"] for action in out):
        yield "an owner who can do nothing"
    for key in ("clock", "urgent_clock"):
        warn, clock = stage.get("warn_before", {}), stage.get(key, {})
        if any(unit in clock and warn[unit] >= clock[unit] for unit in warn):
            yield "a warning before the start"


def _action(pack: Pack, action: Pack, acts: set[str]) -> Iterator[str]:
    fields = {field["code"]: field for field in fields_of(pack, action)}
    if not set(action.get("not_actor_of", ())) <= acts:
        yield "an act that is not there"
    for guard in action.get("guards", ()):
        if "field" in guard and guard["field"] not in fields:
            yield "a guard about no field"
        if "classified" in guard and fields.get(guard["classified"], {}).get("type") != "classification":
            yield "a guard about no classification"
    for field in fields.values():
        if field["type"] == "grade" and "scheme_from" in field:
            chosen = fields.get(field["scheme_from"], {})
            if chosen.get("type") != "scheme" or not chosen.get("required", True):
                yield "a grade without a scheme"
        if "required_when" in field:
            other = fields.get(field["required_when"]["field"])
            if other is None:
                yield "a condition about no field"
            elif other["type"] == "choice":
                known = {choice["code"] for choice in other["choices"]}
                if not set(field["required_when"]["is"]) <= known:
                    yield "a condition about no value"
    for stage in action["from"]:
        if stage in ended(pack) and not action.get("after_end"):
            yield "a way out of an end"
    told = [value for result in action["results"] for value in result.get("when", ())]
    if "outcome_field" in action:
        field = fields.get(action["outcome_field"], {})
        if field.get("type") != "choice" or not field.get("required", True):
            yield "no outcome to decide by"
        elif sorted(told) != sorted(choice["code"] for choice in field["choices"]):
            yield "an outcome that leads nowhere, or twice"
    elif len(action["results"]) > 1:
        levels = [level for result in action["results"] for level in result.get("at_levels", ())]
        everywhere = any("at_levels" not in result for result in action["results"])
        if everywhere or len(levels) != len(set(levels)):
            yield "two results at once"
    for result in action["results"]:
        kinds = [field for field in fields.values() if field["type"] == "units"]
        if result.get("disseminates") and [f.get("required", True) for f in kinds] != [True]:
            yield "sent to nobody"
        axes = {field["axis"] for field in fields.values() if field["type"] == "grade"}
        if result.get("regrades") and not {"source", "information"} <= axes:
            yield "a new grade that is none"
        asked = [f for f in fields.values() if f["type"] == "uuid" and f.get("required", True)]
        if result.get("answers_originator") and not asked:
            yield "an answer to no question"
        for key in ("issues_report", "corrects_report"):
            if key in result:
                source = next((a for a in pack["actions"] if a["code"] == result[key]["action"]), None)
                texts = {
                    field["code"]
                    for field in (fields_of(pack, source) if source else [])
                    if field["type"] == "text" and field.get("required", True)
                }
                if source and result[key]["field"] not in texts:
                    yield "a report without a text"


def grades_of(pack: Pack) -> Iterator[str]:
    """What must be said where a report is issued or given."""
    for edge in pack["edges"]:
        if "community" in (edge["from"], edge["to"]):
            yield "a team in the chain"
        if edge["to"] == "external" and edge["from"] != "national":
            yield "abroad from below the nation"
    for entrance in pack["entrances"]:
        if {"community", "external"} & set(entrance["levels"]):
            yield "a case in a team or abroad"
    for scheme in pack["schemes"]:
        if not {"source", "information"} <= {axis["code"] for axis in scheme["axes"]}:
            yield "half a scheme"
    for action in pack["actions"]:
        fields = fields_of(pack, action)
        texts_of = {f["code"] for f in fields if f.get("required", True) and "required_when" not in f}
        for result in action["results"]:
            for key in ("issues_report", "corrects_report"):
                if key in result and result[key]["action"] not in action.get("not_actor_of", ()):
                    yield "a text that its author checks"
            if not result.get("disseminates"):
                continue
            handling = [f for f in fields if f.get("axis") == "handling" and f.get("required", True)]
            if not {"purpose", "legal_basis", "need_to_know"} <= texts_of or len(handling) != 1:
                yield "given without saying what for"
            if any("external" in targets(pack, action, level) for level in levels_of(pack)) and not {
                "transfer_basis", "assurances", "onward_limit", "right_to_know"
            } <= texts_of:  # fmt: skip
                yield "sent abroad without the rules for it"
