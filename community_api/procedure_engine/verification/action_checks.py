"""Checks of stages, actions and moves, one by one; what they form together is judged by `proofs`."""

from __future__ import annotations

from collections.abc import Sequence

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.engine.guards import Judges
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.language.unknown_names import (
    NO_ACT,
    NO_ACTION,
    NO_FEEDBACK_RULE,
    NO_FORM,
    NO_LEVEL_HERE,
    NO_MARK,
    NO_OBLIGATORY_CHOICE,
    NO_OBLIGATORY_TEXT,
    NO_RETENTION_CLASS,
    NO_STAGE,
)
from community_api.procedure_engine.pack.definition import Action, Field, Pack, ReportSource, Result, Stage
from community_api.procedure_engine.terms import Phase
from community_api.procedure_engine.verification import chain_checks, clock_checks
from community_api.procedure_engine.verification.references import (
    Findings,
    acts,
    each_known,
    guards,
    unique,
    unknown,
    values_known,
)


def findings(pack: Pack) -> Findings:
    """Everything unsound about single stages, actions and moves."""
    yield from unique(("stages",), pack.stages)
    yield from unique(("actions",), pack.actions)
    yield from unique(("moves",), pack.moves)
    for index, stage in enumerate(pack.stages):
        yield from _stage(("stages", index), stage, pack)
    yield from clock_checks.findings(pack)
    for index, action in enumerate(pack.actions):
        yield from _action(("actions", index), action, pack)
    yield from _moves(pack)


def _stage(path: Path, stage: Stage, pack: Pack) -> Findings:
    """Whatever is not an end has an owner with a clock, who can do something about it."""
    ended = stage.phase is Phase.ENDED
    for key, value in (("owner", stage.owner), ("clock", stage.clock), ("urgent_clock", stage.urgent_clock)):
        if ended and value is not None:
            yield (*path, key), Sentence(N_("the end `{code}` has no {key}"), code=stage.code, key=key)
        if not ended and value is None and key != "urgent_clock":
            yield (
                path,
                Sentence(
                    N_("the stage `{code}` needs the key `{key}`, because it is not an end"),
                    code=stage.code,
                    key=key,
                ),
            )
    here = [one for one in pack.actions if stage.code in one.sources and any(r.to for r in one.results)]
    able = stage.owner is None or any(stage.owner in action.roles for action in here)
    if stage.phase is Phase.OPEN and here and not able:
        yield (
            (*path, "owner"),
            Sentence(
                N_("the owner of `{code}` may take none of the actions that lead out of it"), code=stage.code
            ),
        )


def _action(path: Path, action: Action, pack: Pack) -> Findings:
    """One action: stages, second persons, form, guards, results."""
    form = pack.form_by_code.get(action.form or "")
    fields = form.fields if form else ()
    yield from each_known((*path, "from"), NO_STAGE, action.sources, pack.stage_by_code)
    yield from each_known((*path, "not_actor_of"), NO_ACT, action.not_actor_of, acts(pack))
    yield from unknown((*path, "form"), NO_FORM, action.form, pack.form_by_code)
    yield from guards((*path, "guards"), action.guards, pack, set(Judges), fields)
    yield from _outcomes(path, action, fields)
    for index, result in enumerate(action.results):
        yield from _result((*path, "results", index), result, pack, fields)
    for index, code in enumerate(action.sources):
        ended = code in pack.stage_by_code and pack.stage_by_code[code].phase is Phase.ENDED
        if ended and not action.after_end:
            yield (
                (*path, "from", index),
                Sentence(N_("nothing leads out of the end `{code}` without `after_end`"), code=code),
            )


def _outcomes(path: Path, action: Action, fields: Sequence[Field]) -> Findings:
    """Every value of the outcome field has exactly one result."""
    if action.outcome_field is None:
        told = [level for result in action.results for level in result.at_levels]
        apart = all(result.at_levels for result in action.results) and len(told) == len(set(told))
        if len(action.results) > 1 and not apart:
            yield (
                path,
                Sentence(
                    N_("`{code}` has several results, so it needs the key `outcome_field`"), code=action.code
                ),
            )
        if any(result.when for result in action.results):
            yield (*path, "results", 0, "when"), Sentence(N_("`when` needs an `outcome_field` in the action"))
        return
    choices = {field.code: field for field in fields if field.type == "choice" and field.required}
    text = NO_OBLIGATORY_CHOICE
    yield from unknown((*path, "outcome_field"), text, action.outcome_field, choices)
    if action.outcome_field in choices:
        values = [choice.code for choice in choices[action.outcome_field].choices]
        yield from _total(path, action, values)


def _total(path: Path, action: Action, values: Sequence[str]) -> Findings:
    """No value without a result, none with two, none that does not exist."""
    seen: set[str] = set()
    for index, result in enumerate(action.results):
        here = (*path, "results", index)
        if not result.when:
            yield here, Sentence(N_("a result of `{code}` needs the key `when`"), code=action.code)
        if result.at_levels:
            yield (
                (*here, "at_levels"),
                Sentence(N_("an outcome decides here: `only_if` of its choice names the levels")),
            )
        yield from values_known((*here, "when"), action.outcome_field or "", result.when, values)
        for at, value in enumerate(result.when):
            if value in seen:
                yield (
                    (*here, "when", at),
                    Sentence(N_("the value `{value}` has a result already"), value=value),
                )
            seen.add(value)
    for value in values:
        if value not in seen:
            yield (
                (*path, "results"),
                Sentence(
                    N_("the value `{value}` of `{outcome_field}` leads nowhere"),
                    value=value,
                    outcome_field=action.outcome_field,
                ),
            )


def _result(path: Path, result: Result, pack: Pack, fields: Sequence[Field]) -> Findings:
    """Where a result leads and what it writes."""
    marks = {mark.code for mark in pack.marks}
    yield from unknown((*path, "to"), NO_STAGE, result.to, pack.stage_by_code)
    yield from unknown((*path, "feedback"), NO_FEEDBACK_RULE, result.feedback, pack.rule_by_point)
    yield from unknown(
        (*path, "retention"),
        NO_RETENTION_CLASS,
        result.retention,
        pack.retention_by_code,
    )
    yield from each_known((*path, "sets"), NO_MARK, result.sets, marks)
    yield from each_known((*path, "clears"), NO_MARK, result.clears, marks)
    levels = {level.code for level in pack.levels}
    yield from each_known((*path, "at_levels"), NO_LEVEL_HERE, result.at_levels, levels)
    yield from _report((*path, "issues_report"), result.issues_report, pack)
    yield from clock_checks.pauses(path, result)
    yield from chain_checks.findings(path, result, pack, fields)
    yield from _report((*path, "corrects_report"), result.corrects_report, pack)
    if result.disseminates and [f.required for f in fields if f.type == "units"] != [True]:
        yield (
            (*path, "disseminates"),
            Sentence(N_("who disseminates needs exactly one obligatory field of type units")),
        )


def _report(here: Path, source: ReportSource | None, pack: Pack) -> Findings:
    """The text of a report is an obligatory text in the form of some action."""
    if source is None:
        return
    code, field = source.action, source.field
    yield from unknown((*here, "action"), NO_ACTION, code, pack.action_by_code)
    form = (
        pack.form_by_code.get(pack.action_by_code[code].form or "") if code in pack.action_by_code else None
    )
    if code in pack.action_by_code:
        texts = (
            [other.code for other in form.fields if other.type == "text" and other.required] if form else ()
        )
        text = NO_OBLIGATORY_TEXT
        yield from unknown((*here, "field"), text, field, texts, code=code)


def _moves(pack: Pack) -> Findings:
    """The product goes on by itself only for a reason in the case, and never out of an end."""
    for index, move in enumerate(pack.moves):
        path: Path = ("moves", index)
        if move.code in pack.action_by_code:
            yield (*path, "code"), Sentence(N_("`{code}` is an action already"), code=move.code)
        yield from unknown((*path, "from"), NO_STAGE, move.source, pack.stage_by_code)
        yield from unknown((*path, "to"), NO_STAGE, move.to, pack.stage_by_code)
        yield from guards((*path, "guards"), move.guards, pack, {Judges.CASE})
        if not move.guards:
            yield (
                (*path, "guards"),
                Sentence(N_("a move needs at least one guard: the product does nothing for no reason")),
            )
        if move.source in pack.stage_by_code and pack.stage_by_code[move.source].phase is Phase.ENDED:
            yield (*path, "from"), Sentence(N_("nothing leads out of the end `{code}`"), code=move.source)
