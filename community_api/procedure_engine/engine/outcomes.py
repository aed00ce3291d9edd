"""What follows from a decision: next state, owner, deadline, what is owed, how long it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from community_api.procedure_engine.engine.clocks import Calendar, Pause, deadline, warning
from community_api.procedure_engine.engine.guards import Situation
from community_api.procedure_engine.engine.state import (
    CaseState,
    Duty,
    Grade,
    Obligation,
    Opening,
    Retention,
    Step,
)
from community_api.procedure_engine.pack.definition import Action, Entrance, Field, Move, Pack, Result, Stage
from community_api.procedure_engine.pack.pack_types import scheme_of
from community_api.procedure_engine.terms import Entry


def stepped(
    now: Situation, action: Action, result: Result, accepted: Mapping[str, Any], at: datetime
) -> Step:
    """The step that a person takes."""
    form = now.pack.form_by_code[action.form].fields if action.form else ()
    marks = _marks(now.case.marks, result, form, accepted)
    if result.to is None:
        case, duty = _remained(now, marks, result, at)
    else:
        case, duty = _entered(now.pack, result.to, now.case, marks, at, now.facts.calendar)
    return Step(
        action=action.code,
        outcome=accepted[action.outcome_field] if action.outcome_field else None,
        from_stage=now.case.stage,
        case=case,
        phase=now.pack.stage_by_code[case.stage].phase,
        duty=duty,
        fields=accepted,
        obligations=_obligations(now, result, accepted.get(action.outcome_field or ""), at),
        retention=_retention(now, result, at),
        grades=() if result.reply else tuple(_grades(now, form, accepted)),
        recipients=_recipients(result, form, accepted),
        issues_report=result.issues_report,
        stays=result.to is None,
        reaches=result if reaches_others(result) else None,
        confirm_by=deadline(result.within, at, now.facts.calendar) if result.within else None,
        question=_question(result, form, accepted),
    )


def reaches_others(result: Result) -> bool:
    """Whether a result has to do with other cases of the chain, beyond giving them the report."""
    return (
        result.recalls
        or result.confirms_recall
        or result.regrades
        or result.corrects_report is not None
        or result.asks_originator
        or result.answers_originator
        or bool(result.marks_sender)
        or result.reply
    )


def called_back(pack: Pack, case: CaseState, at: datetime, calendar: Calendar) -> Step | None:
    """What happens to a case when what it was given is taken back; None: its pack knows no recall."""
    for entrance in pack.entrances:
        if entrance.by == Entry.RECALL and case.level in entrance.levels:
            after, duty = _entered(pack, entrance.stage, case, case.marks, at, calendar)
            phase = pack.stage_by_code[after.stage].phase
            kept = retention(pack, entrance.retention, case, at, calendar)
            return Step(Entry.RECALL, None, case.stage, after, phase, duty, retention=kept)
    return None


def moved(now: Situation, move: Move, at: datetime) -> Step:
    """The step that the product takes by itself."""
    case, duty = _entered(now.pack, move.to, now.case, now.case.marks, at, now.facts.calendar)
    phase = now.pack.stage_by_code[move.to].phase
    return Step(move.code, None, now.case.stage, case, phase, duty)


def taken_over(new: Pack, case: CaseState, at: datetime, calendar: Calendar) -> tuple[CaseState, Duty] | None:
    """A running case under a newer version, in the stage in which it is; None: it has no place there."""
    stage = new.stage_by_code.get(case.stage)
    known = {mark.code for mark in new.marks}
    levels = {level.code for level in new.levels}
    if stage is None or stage.owner is None or not case.marks <= known or case.level not in levels:
        return None
    due_at = _due_after(case, stage, case.pauses, calendar)
    if due_at is None:
        return None
    duty = Duty(stage.code, stage.title, stage.owner, due_at, _warn_at(stage, due_at, at, calendar))
    return replace(case, due_at=due_at), duty


def begun(pack: Pack, entrance: Entrance, first: CaseState, at: datetime, calendar: Calendar) -> Opening:
    """A case in its first stage, with the retention it has from its first commit on."""
    case, duty = _entered(pack, first.stage, first, first.marks, at, calendar)
    if duty is None:
        raise ValueError(f"{pack.name} {pack.version} begins a case in an end")
    kept = retention(pack, entrance.retention, first, at, calendar)
    return Opening(case, pack.stage_by_code[case.stage].phase, duty, kept)


def retention(pack: Pack, code: str, case: CaseState, at: datetime, calendar: Calendar) -> Retention:
    """A retention class, or what stands in its place for such persons, and its days counted from today."""
    declared = pack.retention_by_code[code]
    for one in declared.for_categories:
        if case.categories and case.categories <= set(one.categories):
            declared = pack.retention_by_code[one.retention]
            break
    if case.child and declared.for_children:
        declared = pack.retention_by_code[declared.for_children]
    today = calendar.local_day(at)
    review_on = today + timedelta(declared.review_after_days)
    return Retention(declared.code, review_on, today + timedelta(declared.at_most_days))


def _remained(
    now: Situation, marks: frozenset[str], result: Result, at: datetime
) -> tuple[CaseState, Duty | None]:
    """The case where it was, and what its owner owes there as before; None at an end."""
    case, stage = replace(now.case, marks=marks), now.pack.stage_by_code[now.case.stage]
    if case.due_at is None or stage.owner is None:
        return case, None
    if result.pauses or result.resumes:
        pauses = _pauses(case, result, at, now.facts.calendar)
        case = replace(case, pauses=pauses, due_at=_due_after(case, stage, pauses, now.facts.calendar))
    due_at = case.due_at or at
    warn_at = _warn_at(stage, due_at, at, now.facts.calendar)
    return case, Duty(stage.code, stage.title, stage.owner, due_at, warn_at)


def _pauses(case: CaseState, result: Result, at: datetime, calendar: Calendar) -> tuple[Pause, ...]:
    """The pauses of the stage after one began, for its longest time, or the running one ended."""
    if result.pauses and result.within is not None:
        return (*case.pauses, Pause(at, deadline(result.within, at, calendar)))
    ended = (Pause(one.since, min(one.until, at)) for one in case.pauses)
    return tuple(one for one in ended if one.since < one.until)


def _due_after(
    case: CaseState, stage: Stage, pauses: tuple[Pause, ...], calendar: Calendar
) -> datetime | None:
    """The deadline of the stage counted anew with its pauses, from when the case came into it."""
    clock = (case.urgent and stage.urgent_clock) or stage.clock
    if clock is None or case.entered_at is None:
        return case.due_at
    return deadline(clock, case.entered_at, calendar, pauses)


def _entered(
    pack: Pack, code: str, before: CaseState, marks: frozenset[str], at: datetime, calendar: Calendar
) -> tuple[CaseState, Duty | None]:
    """The case in its next stage, and what its owner owes there until when; None at an end."""
    stage = pack.stage_by_code[code]
    clock = (before.urgent and stage.urgent_clock) or stage.clock
    due_at = deadline(clock, at, calendar) if clock else None
    case = replace(before, stage=code, marks=marks, due_at=due_at, entered_at=at, pauses=())
    if due_at is None or stage.owner is None:
        return case, None
    return case, Duty(code, stage.title, stage.owner, due_at, _warn_at(stage, due_at, at, calendar))


def _warn_at(stage: Stage, due_at: datetime, at: datetime, calendar: Calendar) -> datetime | None:
    """When to warn of the deadline of a stage that is entered now; None: no time is left for it."""
    if stage.warn_before is None:
        return None
    warn_at = warning(stage.warn_before, due_at, calendar)
    return warn_at if warn_at > at else None


def _marks(
    marks: frozenset[str], result: Result, form: Sequence[Field], accepted: Mapping[str, Any]
) -> frozenset[str]:
    """Marks after the step: by what the form said, then by what the result sets and clears."""
    told = [field for field in form if field.sets_mark is not None and field.code in accepted]
    raised = {field.sets_mark for field in told if accepted[field.code] and field.sets_mark}
    lowered = {field.sets_mark for field in told if not accepted[field.code]}
    return ((marks - lowered) | raised | set(result.sets)) - set(result.clears)


def _obligations(now: Situation, result: Result, outcome: str | None, at: datetime) -> tuple[Obligation, ...]:
    """The answer that this result owes."""
    if result.feedback is None:
        return ()
    rule = now.pack.rule_by_point[result.feedback]
    due_at = deadline(rule.clock, at, now.facts.calendar)
    return (Obligation(rule.point, outcome, rule.owed_by, due_at),)


def _retention(now: Situation, result: Result, at: datetime) -> Retention | None:
    """The class that the case gets now; None: it stays."""
    if result.retention is None:
        return None
    return retention(now.pack, result.retention, now.case, at, now.facts.calendar)


def _grades(now: Situation, form: Sequence[Field], accepted: Mapping[str, Any]) -> Iterator[Grade]:
    """Every grade given in the step, with its scheme and axis, and what it is in other schemes."""
    for field in form:
        scheme = scheme_of(field, now) if field.type == "grade" and field.code in accepted else None
        if scheme is not None and field.axis is not None:
            yield Grade(scheme, field.axis, accepted[field.code])
            for other, code in now.pack.converted(scheme, field.axis, accepted[field.code]):
                yield Grade(other, field.axis, code, f"{scheme}:{accepted[field.code]}")


def _question(result: Result, form: Sequence[Field], accepted: Mapping[str, Any]) -> str | None:
    """The id of the question that an answer names."""
    if not result.answers_originator:
        return None
    named = next(field.code for field in form if field.type == "uuid" and field.required)
    return str(accepted[named])


def _recipients(result: Result, form: Sequence[Field], accepted: Mapping[str, Any]) -> tuple[str, ...]:
    """Short names of the units that get a dissemination, in the order in which they were named."""
    if not result.disseminates:
        return ()
    return tuple(name for field in form if field.type == "units" for name in accepted.get(field.code, ()))
