"""The named predicates of pack language version 1: all that a guard can say.

A guard names a predicate and gives it typed parameters; an action's guards must all hold. There is no
expression language, so that a lawyer can read a pack aloud and a checker can explore it. A predicate
judges a person, the case, or the content of the step; only the last sees `fields`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

from community_api.procedure_engine.engine.chain_predicates import CHAIN_PREDICATES
from community_api.procedure_engine.engine.guards import Judges, Param, Predicate, Situation
from community_api.procedure_engine.engine.state import Facts, FieldProblem, UnitView
from community_api.procedure_engine.pack.definition import Edge, Guard, Pack
from community_api.procedure_engine.terms import Code, FieldCode, Reach

_Params: TypeAlias = Mapping[str, Any]


def permitted_units(pack: Pack, facts: Facts, levels: Collection[str] = ()) -> tuple[UnitView, ...]:
    """The units to which the level graph lets this unit disseminate, in the order handed over.

    `levels`: only those of these levels; empty: of all.
    """
    edges = [one for one in pack.edges_from.get(facts.unit.level, ()) if not levels or one.target in levels]
    return tuple(unit for unit in facts.units if any(_leads_to(edge, facts.unit, unit) for edge in edges))


def _leads_to(edge: Edge, sender: UnitView, unit: UnitView) -> bool:
    """Whether an edge of the level graph leads from one unit to the other."""
    if unit.name == sender.name or unit.level != edge.target:
        return False
    if edge.reach is Reach.ABROAD:
        return unit.abroad
    return edge.reach is Reach.ANY or unit.name in sender.above or sender.name in unit.above


def _holds_certificate(now: Situation, params: _Params) -> bool:
    return now.actor is not None and params["course"] in now.actor.certificates


def _no_feedback_owed(now: Situation, _params: _Params) -> bool:
    return now.facts.open_obligations == 0


def _has_children(now: Situation, _params: _Params) -> bool:
    return now.facts.children > 0


def _all_children_ended(now: Situation, _params: _Params) -> bool:
    return now.facts.open_children == 0


def _level_has_edge_out(now: Situation, _params: _Params) -> bool:
    return bool(now.pack.edges_from.get(now.case.level))


def _recipients_left(now: Situation, _params: _Params) -> bool:
    return bool(permitted_units(now.pack, now.facts))


def _level_is(now: Situation, params: _Params) -> bool:
    return now.case.level in params["levels"]


def _mark_is_set(now: Situation, params: _Params) -> bool:
    return params["mark"] in now.case.marks


def _mark_is_not_set(now: Situation, params: _Params) -> bool:
    return params["mark"] not in now.case.marks


def _clock_runs(now: Situation, _params: _Params) -> bool:
    return now.case.entered_at is not None and (now.at is None or not now.case.is_paused(now.at))


def _clock_stands_still(now: Situation, _params: _Params) -> bool:
    return now.at is not None and now.case.is_paused(now.at)


def _act_was_done(now: Situation, params: _Params) -> bool:
    return bool(now.facts.acts.get(params["act"]))


def _date_within(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    """Days are counted from today in the unit's own calendar."""
    value = now.fields.get(params["field"])
    if value is None or now.at is None:
        return
    today = now.facts.calendar.local_day(now.at)
    first, last = today + timedelta(params["at_least_days"]), today + timedelta(params["at_most_days"])
    if not first <= date.fromisoformat(value) <= last:
        bounds = {"earliest": first.isoformat(), "latest": last.isoformat()}
        yield FieldProblem(f"/{params['field']}", FieldCode.DATE_OUT_OF_RANGE, bounds)


def _no_repeats(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    """The second and every later record with the same value is a problem."""
    seen = set()
    for index, record in enumerate(now.fields.get(params["field"], ())):
        value = record.get(params["key"])
        if value in seen:
            yield FieldProblem(f"/{params['field']}/{index}/{params['key']}", FieldCode.REPEATED)
        seen.add(value)


def _goes_with(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    """A value is taken only beside certain values of another field."""
    chosen, beside = now.fields.get(params["field"]), now.fields.get(params["other"])
    if chosen == params["value"] and beside not in params["is"]:
        yield FieldProblem(f"/{params['other']}", FieldCode.DOES_NOT_FIT)


_DECLARED: Final = (
    Predicate(
        "holds_certificate",
        Judges.PERSON,
        "the person is certified today in the course",
        Code.TRAINING_REQUIRED,
        (Param("course", "course", "a course of the product's list"),),
        holds=_holds_certificate,
    ),
    Predicate(
        "no_feedback_owed",
        Judges.CASE,
        "no answer is owed any more for a decision of this case",
        Code.FEEDBACK_OWED,
        holds=_no_feedback_owed,
    ),
    Predicate(
        "has_children",
        Judges.CASE,
        "the case was disseminated, so that cases at recipients came from it",
        Code.ACTION_NOT_ALLOWED,
        holds=_has_children,
    ),
    Predicate(
        "all_children_ended",
        Judges.CASE,
        "every case at a recipient has ended (also when there was none)",
        Code.ACTION_NOT_ALLOWED,
        holds=_all_children_ended,
    ),
    Predicate(
        "level_has_edge_out",
        Judges.CASE,
        "the level graph has an edge that leaves the level of the case's unit",
        Code.ACTION_NOT_ALLOWED,
        holds=_level_has_edge_out,
    ),
    Predicate(
        "recipients_left",
        Judges.CASE,
        "a unit that the level graph permits does not hold the report yet",
        Code.ACTION_NOT_ALLOWED,
        holds=_recipients_left,
    ),
    Predicate(
        "level_is",
        Judges.CASE,
        "the case's unit stands on one of the levels",
        Code.ACTION_NOT_ALLOWED,
        (Param("levels", "levels", "a list of levels"),),
        holds=_level_is,
    ),
    Predicate(
        "mark_is_set",
        Judges.CASE,
        "the case carries the mark",
        Code.ACTION_NOT_ALLOWED,
        (Param("mark", "mark", "the mark"),),
        holds=_mark_is_set,
    ),
    Predicate(
        "mark_is_not_set",
        Judges.CASE,
        "the case does not carry the mark",
        Code.ACTION_NOT_ALLOWED,
        (Param("mark", "mark", "the mark"),),
        holds=_mark_is_not_set,
    ),
    Predicate(
        "clock_runs",
        Judges.CASE,
        "the clock of the stage is not paused",
        Code.ACTION_NOT_ALLOWED,
        holds=_clock_runs,
    ),
    Predicate(
        "clock_stands_still",
        Judges.CASE,
        "the clock of the stage is paused",
        Code.ACTION_NOT_ALLOWED,
        holds=_clock_stands_still,
    ),
    Predicate(
        "act_was_done",
        Judges.CASE,
        "somebody has done the act in this case, or before it became one",
        Code.ACTION_NOT_ALLOWED,
        (Param("act", "act", "an action of the pack, or what went before: see second persons"),),
        holds=_act_was_done,
    ),
    Predicate(
        "date_within",
        Judges.CONTENT,
        "a date lies at least and at most so many days from today, in the unit's own calendar",
        Code.VALIDATION_FAILED,
        (
            Param("field", "field", "a field of type date"),
            Param("at_least_days", "days", "0: today is the first day"),
            Param("at_most_days", "days", "the last day"),
        ),
        finds=_date_within,
    ),
    Predicate(
        "goes_with",
        Judges.CONTENT,
        "a value of one field is taken only beside certain values of another",
        Code.VALIDATION_FAILED,
        (
            Param("field", "field", "a field of type choice"),
            Param("value", "value", "the value in question"),
            Param("other", "code", "the other field, of type choice"),
            Param("is", "values", "the values of it that go with the first"),
        ),
        finds=_goes_with,
    ),
    Predicate(
        "no_repeats",
        Judges.CONTENT,
        "no two records have the same value under a key",
        Code.VALIDATION_FAILED,
        (
            Param("field", "field", "a field of type records"),
            Param("key", "code", "a field of its records"),
        ),
        finds=_no_repeats,
    ),
)
PREDICATES: Final[Mapping[str, Predicate]] = {
    declared.name: declared for declared in (*_DECLARED, *CHAIN_PREDICATES)
}


def holds(guard: Guard, now: Situation) -> bool:
    """Whether a guard about a person or a case holds."""
    judge = PREDICATES[guard.predicate].holds
    return judge is None or judge(now, guard.params)


def findings(guard: Guard, now: Situation) -> tuple[FieldProblem, ...]:
    """What a guard about content finds wrong."""
    look = PREDICATES[guard.predicate].finds
    return () if look is None else tuple(look(now, guard.params))


def judges(guard: Guard) -> Judges:
    """What the guard looks at."""
    return PREDICATES[guard.predicate].judges
