"""The engine: given a pack, a case, a person and the facts, what may happen and what follows.

Pure functions; the time is an argument. The order of every decision is that of contract section 2:
permission (role, same person, certificate), then state (stage, guards), then content (fields, guards
about content). A service that has `If-Match` to judge asks `permit` first, then its precondition, then
`decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from community_api.procedure_engine.engine import form_validation
from community_api.procedure_engine.engine.clocks import Calendar
from community_api.procedure_engine.engine.guards import Judges, Situation
from community_api.procedure_engine.engine.outcomes import begun, called_back, moved, stepped, taken_over
from community_api.procedure_engine.engine.predicates import (
    PREDICATES,
    findings,
    holds,
    judges,
    permitted_units,
)
from community_api.procedure_engine.engine.state import (
    ActorView,
    CaseState,
    Duty,
    Facts,
    Offer,
    Opening,
    Refusal,
    Step,
)
from community_api.procedure_engine.pack.definition import Action, Field, Pack, Result
from community_api.procedure_engine.pack.pack_types import offered_choices
from community_api.procedure_engine.terms import Code, Entry


def permit(pack: Pack, action: str, actor: ActorView, facts: Facts) -> Refusal | None:
    """Whether the person may take this action at all, whatever the stage.

    None: yes, or the pack knows no such action, which `decide` answers as a matter of state.
    """
    declared = pack.action_by_code.get(action)
    return None if declared is None else _not_permitted(pack, declared, actor, facts)


def decide(
    pack: Pack,
    case: CaseState,
    actor: ActorView,
    action: str,
    fields: Any,
    *,
    at: datetime,
    facts: Facts,
) -> Step | Refusal:
    """Decide one step. `at` is aware; `fields` is the JSON value of that name as parsed, {} when absent."""
    declared = pack.action_by_code.get(action)
    if declared is None:
        return Refusal(Code.ACTION_NOT_ALLOWED, "unknown_action")
    refusal = _not_permitted(pack, declared, actor, facts)
    if refusal is None:
        refusal = _not_now(declared, Situation(pack, case, facts, actor, at))
    if refusal is not None:
        return refusal
    now = Situation(pack, case, facts, actor, at, fields if isinstance(fields, Mapping) else {})
    accepted, problems = form_validation.check(fields_of(pack, declared), fields, now)
    if not problems:
        problems = _content_problems(declared, Situation(pack, case, facts, actor, at, accepted))
    if problems:
        return Refusal(Code.VALIDATION_FAILED, "fields", errors=tuple(problems))
    return stepped(now, declared, _result(declared, accepted, case.level), accepted, at)


def actions_for(
    pack: Pack, case: CaseState, actor: ActorView, facts: Facts, *, at: datetime | None = None
) -> tuple[Offer, ...]:
    """Every action that leaves the case's stage, offered or with the reason why it is withheld.

    `at` (aware) None: the clock of the stage counts as running.
    """
    now = Situation(pack, case, facts, actor, at)
    return tuple(_offer(action, now, actor) for action in pack.actions if case.stage in action.sources)


def json_schema(
    pack: Pack, action: str, case: CaseState, facts: Facts, translate: Callable[[str], str] = str
) -> dict[str, Any]:
    """JSON Schema 2020-12 of an action's `fields` for this case; KeyError when the pack has no such action.

    It accepts exactly what `decide` accepts, but for the guards about content listed under `x-rules`.
    Only titles and descriptions pass through `translate`.
    """
    declared = pack.action_by_code[action]
    now = Situation(pack, case, facts)
    form = pack.form_by_code[declared.form] if declared.form else None
    rules = (
        {"rule": guard.predicate, **guard.params}
        for guard in declared.guards
        if judges(guard) is Judges.CONTENT
    )
    return form_validation.schema(form, now, translate, rules)


def move_due(pack: Pack, case: CaseState, at: datetime, facts: Facts) -> Step | None:
    """What the product does by itself now, such as going on when the last child has ended; None: nothing."""
    now = Situation(pack, case, facts, at=at)
    for move in pack.moves:
        if move.source == case.stage and all(holds(guard, now) for guard in move.guards):
            return moved(now, move, at)
    return None


def move_taken(pack: Pack, case: CaseState, code: str, at: datetime, facts: Facts) -> Step | None:
    """What comes of a move that the product has taken, whatever its guards say now; None: none from here."""
    now = Situation(pack, case, facts, at=at)
    found = (move for move in pack.moves if (move.code, move.source) == (code, case.stage))
    return next((moved(now, move, at) for move in found), None)


def open_case(
    pack: Pack,
    by: Entry,
    level: str,
    at: datetime,
    calendar: Calendar,
    *,
    urgent: bool = False,
    child: bool = False,
    categories: frozenset[str] = frozenset(),
) -> Opening:
    """The first state of a case at a unit of that level. ValueError when the pack knows no such entrance."""
    for entrance in pack.entrances:
        if entrance.by == by and level in entrance.levels:
            first = CaseState(entrance.stage, level, urgent=urgent, child=child, categories=categories)
            return begun(pack, entrance, first, at, calendar)
    raise ValueError(f"{pack.name} {pack.version} opens no case by {by} at level {level}")


def call_back(pack: Pack, case: CaseState, at: datetime, calendar: Calendar) -> Step | None:
    """What happens to a recipient's case when its report is taken back; None: its pack knows no recall."""
    return called_back(pack, case, at, calendar)


def move_version(
    new: Pack, case: CaseState, at: datetime, calendar: Calendar
) -> tuple[CaseState, Duty] | None:
    """A running case as a newer version has it: same stage and marks, owner and deadline of that version.

    None: that version knows no running case in such a state. The clock runs from when the case came into its
    stage, without its pauses.
    """
    return taken_over(new, case, at, calendar)


def fields_of(pack: Pack, action: Action) -> tuple[Field, ...]:
    """The fields of an action's form, none when it asks for nothing."""
    return pack.form_by_code[action.form].fields if action.form else ()


def _not_permitted(pack: Pack, action: Action, actor: ActorView, facts: Facts) -> Refusal | None:
    """Role first: who has no part in this procedure learns nothing about who did what."""
    if actor.roles.isdisjoint(action.roles):
        return Refusal(Code.ROLE_NOT_ALLOWED, "roles", {"roles": ", ".join(action.roles)})
    for act in (*pack.conflict_of_interest, *action.not_actor_of):
        if actor.person_id in facts.acts.get(act, ()):
            return Refusal(Code.SAME_PERSON, act, {"act": act})
    now = Situation(pack, CaseState("", facts.unit.level), facts, actor)
    for guard in action.guards:
        if judges(guard) is Judges.PERSON and not holds(guard, now):
            return Refusal(PREDICATES[guard.predicate].refusal, guard.predicate, guard.params)
    return None


def _not_now(action: Action, now: Situation, *, offering: bool = False) -> Refusal | None:
    """Whether stage and guards let the action happen. `offering`: skip what is shown although refused."""
    if now.case.stage not in action.sources:
        return Refusal(Code.ACTION_NOT_ALLOWED, "stage")
    if not any(result.is_at(now.case.level) for result in action.results):
        return Refusal(Code.ACTION_NOT_ALLOWED, "level")
    for guard in action.guards:
        if judges(guard) is not Judges.CASE or (offering and guard.offered_anyway):
            continue
        if not holds(guard, now):
            return Refusal(PREDICATES[guard.predicate].refusal, guard.predicate, guard.params)
    if now.facts.taken_back and action.disseminates:
        return Refusal(Code.ACTION_NOT_ALLOWED, "taken_back")
    for field in fields_of(now.pack, action):
        if (
            field.type == "units"
            and field.required
            and not permitted_units(now.pack, now.facts, field.levels)
        ):
            return _nobody()
    return None


def _nobody() -> Refusal:
    """The level graph permits no recipient at all."""
    return Refusal(Code.ACTION_NOT_ALLOWED, "no_permitted_recipient")


def _content_problems(action: Action, now: Situation) -> list[Any]:
    """What the guards about content find in accepted fields."""
    return [problem for guard in action.guards for problem in findings(guard, now)]


def _result(action: Action, accepted: Mapping[str, Any], level: str) -> Result:
    """The result that the accepted fields choose; the checks of the pack make sure that there is one."""
    here = (result for result in action.results if result.is_at(level))
    if action.outcome_field is None:
        return next(here)
    chosen = accepted[action.outcome_field]
    return next(result for result in here if chosen in result.when)


def _offer(action: Action, now: Situation, actor: ActorView) -> Offer:
    """One action as this person would see it."""
    withheld = _not_permitted(now.pack, action, actor, now.facts) or _not_now(action, now, offering=True)
    blocked = None if withheld else _not_now(action, now)
    return Offer(action.code, action.title, to_stages(action, now), now.case.due_at, withheld, blocked)


def to_stages(action: Action, now: Situation) -> tuple[str, ...]:
    """Where the action can lead from here, each stage once, in the order of the pack."""
    here = [result for result in action.results if result.is_at(now.case.level)]
    if action.outcome_field is None:
        return tuple(result.to or now.case.stage for result in here)
    field = next(field for field in fields_of(now.pack, action) if field.code == action.outcome_field)
    offered = offered_choices(field, now)
    possible = (result for result in here if not offered.keys().isdisjoint(result.when))
    return tuple(dict.fromkeys(result.to or now.case.stage for result in possible))
