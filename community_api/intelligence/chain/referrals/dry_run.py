"""What would have become of ended cases under another version: replayed, and nothing changed.

The steps that people took are put before the engine again, with what they wrote, under the case's own version
and under the other one. What would have differed is told by codes alone: no word of any case leaves it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import select

from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals import queries
from community_api.intelligence.chain.referrals.models import Referral, ReferralStep
from community_api.intelligence.chain.referrals.situation import every_unit, facts_of, pack_of
from community_api.intelligence.chain.referrals.terms import MOVED, STEP_LABEL
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import ActorView, CaseState, Facts, Refusal
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import Act, Entry, Phase
from community_api.units import posts
from community_api.units.calendars import calendar_of

MOST: int = 200


@dataclass(frozen=True, order=True)
class Divergence:
    """One thing that would have been otherwise. `action` "": at the beginning.

    `what`: `refused` (`after`: the code), `stage`, `owner` (`before`, `after`: codes), or `deadline`.
    `pointers`: the fields of a refused step that would have been wrong.
    """

    action: str
    what: str
    before: str = ""
    after: str = ""
    pointers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """A divergence with the number of cases in which it would have come about.

    `days`: by how many days, least and most, a deadline would have been later (less than 0: earlier).
    """

    divergence: Divergence
    cases: int
    days: tuple[float, float] | None


@dataclass(frozen=True)
class Trial:
    """What a version would have changed: how many cases were replayed, and how many would not differ."""

    replayed: int
    same: int
    differences: tuple[Difference, ...]


Found: TypeAlias = "tuple[Divergence, float | None]"


@dataclass
class _Run:
    """Where a replay stands under one version."""

    pack: Pack
    case: CaseState | None
    owner: str | None = None
    done: dict[str, frozenset[UUID]] = field(default_factory=dict)


def replay(tx: Transaction, pack: Pack, *, last: int) -> Trial:
    """The newest ended cases under another version, gathered; at most ``last``, and no more than 200."""
    ended = select(Referral).where(Referral.phase == Phase.ENDED.value, Referral.erased_at.is_(None))
    rows = tx.all(ended.order_by(Referral.ended_at.desc(), Referral.id).limit(min(last, MOST)))
    found = [dict(_differing(tx, row, pack)) for row in rows]
    gathered: dict[Divergence, list[float | None]] = {}
    for case in found:
        for divergence, days in case.items():
            gathered.setdefault(divergence, []).append(days)
    differences = (_difference(divergence, days) for divergence, days in sorted(gathered.items()))
    return Trial(len(rows), sum(not case for case in found), tuple(differences))


def _difference(divergence: Divergence, days: list[float | None]) -> Difference:
    told = [one for one in days if one is not None]
    return Difference(divergence, len(days), (min(told), max(told)) if told else None)


def _differing(tx: Transaction, row: Referral, pack: Pack) -> Iterator[Found]:
    """Both versions side by side, step by step, until the other one goes another way."""
    old, new = (_begun(tx, row, one) for one in (pack_of(tx, row), pack))
    yield from _compared("", old, new)
    facts, before = _facts(tx, row), queries.acts_in(tx, [row.id])
    for run in (old, new):
        run.done = {act: people for act, people in before.items() if act in set(Act)}
    for step in queries.steps(tx, row.id):
        if new.case is None or step.action == MOVED or step.erased_at is not None:
            return
        told = _form_of(tx, step)
        refusal = _take(tx, new, step, told, facts)
        if _take(tx, old, step, told, facts) is not None:
            # What is no longer known of that moment (a question, a recall) cannot be put before either.
            return
        if refusal is not None:
            pointers = tuple(problem.pointer for problem in refusal.errors)
            yield Divergence(step.action, "refused", after=refusal.code.value, pointers=pointers), None
            return
        yield from _compared(step.action, old, new)
        if _parted(old, new):
            return
        facts = _after(facts, pack, step)


def _begun(tx: Transaction, row: Referral, pack: Pack) -> _Run:
    by = Entry.FLAG if row.parent_id is None else Entry.DISSEMINATION
    try:
        opening = engine.open_case(
            pack,
            by,
            row.level,
            row.opened_at,
            calendar_of(tx, row.unit_id),
            urgent=row.urgent,
            child=row.child,
            categories=frozenset(row.subject_categories),
        )
    except ValueError:
        return _Run(pack, None)
    return _Run(pack, opening.case, opening.duty.role)


def _compared(action: str, old: _Run, new: _Run) -> Iterator[Found]:
    if old.case is None or new.case is None:
        if old.case is not None:
            yield Divergence(action, "stage", old.case.stage), None
        return
    if old.case.stage != new.case.stage:
        yield Divergence(action, "stage", old.case.stage, new.case.stage), None
        return
    if old.owner != new.owner:
        yield Divergence(action, "owner", old.owner or "", new.owner or ""), None
    if old.case.due_at != new.case.due_at and old.case.due_at and new.case.due_at:
        later = (new.case.due_at - old.case.due_at).total_seconds() / 86_400
        yield Divergence(action, "deadline"), round(later, 2)


def _parted(old: _Run, new: _Run) -> bool:
    """Whether the two versions have the case in different places, so that the rest says nothing."""
    return old.case is None or new.case is None or old.case.stage != new.case.stage


def _take(
    tx: Transaction, run: _Run, step: ReferralStep, body: Mapping[str, Any], facts: Facts
) -> Refusal | None:
    """Put a step before the engine; None: it was taken, and the run stands after it."""
    if run.case is None:
        return None
    if step.person_id is None:
        _move(run, step, facts)
        return None
    role = None if step.post_id is None else posts.name_of(tx, step.post_id).role.value
    actor = ActorView(step.person_id, frozenset() if role is None else frozenset({role}), _courses(run.pack))
    known = replace(facts, acts=run.done)
    decided = engine.decide(run.pack, run.case, actor, step.action, body, at=step.at, facts=known)
    if isinstance(decided, Refusal):
        return decided
    run.case, run.owner = decided.case, decided.owner_role
    run.done = {**run.done, step.action: run.done.get(step.action, frozenset()) | {step.person_id}}
    return None


def _move(run: _Run, step: ReferralStep, facts: Facts) -> None:
    """What the product did by itself, by this version; nowhere, where it knows no such move from here."""
    assert run.case is not None  # noqa: S101  (asked by the only caller)
    done = engine.move_taken(run.pack, run.case, step.action, step.at, facts)
    run.case, run.owner = (None, None) if done is None else (done.case, done.owner_role)


def _courses(pack: Pack) -> frozenset[str]:
    """Whoever took the step was certified then: that is not judged again."""
    asked = (guard for action in pack.actions for guard in action.guards)
    return frozenset(guard.params["course"] for guard in asked if guard.predicate == "holds_certificate")


def _facts(tx: Transaction, row: Referral) -> Facts:
    """What was so when the case began: nothing owed, given or asked yet."""
    return replace(
        facts_of(tx, row),
        units=every_unit(tx, row),
        acts={},
        open_obligations=0,
        children=0,
        open_children=0,
        given=0,
        made_report=False,
        recalled_here=False,
        taken_back=False,
        unconfirmed=0,
        questions=frozenset(),
        asking=False,
    )


def _after(facts: Facts, pack: Pack, step: ReferralStep) -> Facts:
    """What is so after a step that was taken."""
    action = pack.action_by_code.get(step.action)
    results = (
        [] if action is None else [one for one in action.results if not one.when or step.outcome in one.when]
    )
    issued = any(one.issues_report for one in results)
    gave = any(one.disseminates for one in results)
    return replace(
        facts,
        made_report=facts.made_report or issued,
        given=facts.given + gave,
        children=facts.children + gave,
    )


def _form_of(tx: Transaction, step: ReferralStep) -> Mapping[str, Any]:
    """What was written in the step."""
    if step.sealed is None:
        return {}
    opened: dict[str, Any] = tx.sealer.open(tx, step.id, STEP_LABEL, step.text_version, step.sealed)
    return opened
