"""Predicates about the other cases of a chain: what was given, taken back, asked and linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from community_api.procedure_engine.engine.guards import Judges, Param, Predicate, Situation
from community_api.procedure_engine.engine.state import FieldProblem
from community_api.procedure_engine.terms import Code, FieldCode

_Params: TypeAlias = Mapping[str, Any]


def _may_pass_on(now: Situation, params: _Params) -> bool:
    return now.facts.received_under not in params["codes"] or params["mark"] in now.case.marks


def _linked_case(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    value = now.fields.get(params["field"])
    if value is not None and value not in now.facts.linked:
        yield FieldProblem(f"/{params['field']}", FieldCode.NOT_LINKED)


def _waiting_question(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    value = now.fields.get(params["field"])
    if value is not None and value not in now.facts.questions:
        yield FieldProblem(f"/{params['field']}", FieldCode.NOT_WAITING)


def _handling_reaches(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    """Under one of these codes only units of these levels may have it."""
    if now.fields.get(params["handling"]) not in params["codes"]:
        return
    level_of = {unit.name: unit.level for unit in now.facts.units}
    for index, name in enumerate(now.fields.get(params["field"], ())):
        if level_of.get(name) not in params["levels"]:
            yield FieldProblem(f"/{params['field']}/{index}", FieldCode.HANDLING_FORBIDS)


def _classification_reaches(now: Situation, params: _Params) -> Iterable[FieldProblem]:
    """Nobody is given what is classified higher than their level may have."""
    scheme, value = now.pack.classification, now.fields.get(params["classified"])
    if scheme is None or value is None:
        return
    level_of = {unit.name: unit.level for unit in now.facts.units}
    for index, name in enumerate(now.fields.get(params["field"], ())):
        if not scheme.reaches(value, level_of.get(name, "")):
            yield FieldProblem(f"/{params['field']}/{index}", FieldCode.CLASSIFICATION_FORBIDS)


CHAIN_PREDICATES: Final = (
    Predicate(
        "made_the_report",
        Judges.CASE,
        "the case issued the report that it holds",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: now.facts.made_report,
    ),
    Predicate(
        "was_given_the_report",
        Judges.CASE,
        "the report of the case was given to it by another unit",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: now.facts.received_under is not None,
    ),
    Predicate(
        "has_given",
        Judges.CASE,
        "a unit holds the report because this case gave it, or somebody to whom this case gave it",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: now.facts.given > 0,
    ),
    Predicate(
        "must_give_up",
        Judges.CASE,
        "what the case was given has been taken back and is not given up yet",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: now.facts.recalled_here,
    ),
    Predicate(
        "nothing_to_give_up",
        Judges.CASE,
        "nothing that the case was given has been taken back without having been given up",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: not now.facts.recalled_here,
    ),
    Predicate(
        "recalls_confirmed",
        Judges.CASE,
        "whoever had to give up what this case took back has confirmed it",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: now.facts.unconfirmed == 0,
    ),
    Predicate(
        "question_waits",
        Judges.CASE,
        "somebody who holds the report has asked for its originator's consent and waits",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: bool(now.facts.questions),
    ),
    Predicate(
        "no_question_asked",
        Judges.CASE,
        "this case waits for no answer of the originator",
        Code.ACTION_NOT_ALLOWED,
        holds=lambda now, _params: not now.facts.asking,
    ),
    Predicate(
        "may_pass_on",
        Judges.CASE,
        "the report was not given under one of these handling codes, or the mark is set",
        Code.CONSENT_NEEDED,
        (
            Param("codes", "codes", "handling codes that forbid passing on without consent"),
            Param("mark", "mark", "the mark that says that the originator has consented"),
        ),
        holds=_may_pass_on,
    ),
    Predicate(
        "linked_case",
        Judges.CONTENT,
        "a field names another case about a linked report or the same subject",
        Code.VALIDATION_FAILED,
        (Param("field", "field", "a field of type uuid"),),
        finds=_linked_case,
    ),
    Predicate(
        "waiting_question",
        Judges.CONTENT,
        "a field names a question to the originator that waits for its answer",
        Code.VALIDATION_FAILED,
        (Param("field", "field", "a field of type uuid"),),
        finds=_waiting_question,
    ),
    Predicate(
        "handling_reaches",
        Judges.CONTENT,
        "under one of these handling codes only units of these levels are recipients",
        Code.VALIDATION_FAILED,
        (
            Param("field", "field", "a field of type units"),
            Param("handling", "code", "the field that holds the handling code"),
            Param("codes", "codes", "handling codes"),
            Param("levels", "levels", "the levels that may have it"),
        ),
        finds=_handling_reaches,
    ),
    Predicate(
        "classification_reaches",
        Judges.CONTENT,
        "every recipient stands at a level that may be given what is classified so",
        Code.VALIDATION_FAILED,
        (
            Param("field", "field", "a field of type units"),
            Param("classified", "code", "the field that holds the classification"),
        ),
        finds=_classification_reaches,
    ),
)
