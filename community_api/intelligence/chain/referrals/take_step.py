"""Taking a step: the engine decides, everything that follows from it goes into one commit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community_api import access
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError
from community_api.core.http.preconditions import IfMatch
from community_api.intelligence.chain.referrals import facts as referrals_facts
from community_api.intelligence.chain.referrals import grades as referrals_grades
from community_api.intelligence.chain.referrals import service
from community_api.intelligence.chain.referrals.facts import ReferralFacts, gather
from community_api.intelligence.chain.referrals.models import Referral, ReferralGrade, ReferralStep
from community_api.intelligence.chain.referrals.situation import actor_view, case_of, facts_from, pack_of
from community_api.intelligence.chain.referrals.step_effects import apply, permissions_of
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import Grade, Refusal
from community_api.units import posts


@dataclass(frozen=True)
class StepResult:
    """A step that was taken, by which post, and the case as it now is."""

    step: ReferralStep
    post: str | None
    shown: service.ShownReferral


def take_step(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    referral_id: uuid.UUID,
    action: str,
    fields: Mapping[str, Any],
    if_match: IfMatch,
) -> StepResult:
    """Do what the procedure lets this person do now.

    Raises DomainError: ``not_found``, ``role_not_allowed``, ``same_person``, the precondition's,
    ``suspended_by_oversight``, ``action_not_allowed``, ``feedback_owed``, ``validation_failed`` (pointers
    under /fields).
    """
    with uow(command) as tx:
        row = service.find(tx, actor, referral_id, Permission.REFERRAL_STEP)
        found = gather(tx, row)
        taken, given = step(
            tx,
            actor,
            row,
            action=action,
            fields=fields,
            step_id=command.record_id,
            if_match=if_match,
            gathered=found,
        )
        return _result(tx, row, taken, found, given)


def step(
    tx: Transaction,
    actor: Actor,
    row: Referral,
    *,
    action: str,
    fields: Mapping[str, Any],
    step_id: uuid.UUID,
    if_match: IfMatch | None = None,
    gathered: ReferralFacts | None = None,
) -> tuple[ReferralStep, Sequence[Grade]]:
    """Let the engine decide and buffer what follows: the step, and the grades given in it.

    ``if_match`` None: it needs none, because it is not asked for by a version. ``gathered`` None: read here.
    Raises as ``take_step``.
    """
    gathered = gathered or gather(tx, row)
    pack, facts, view = pack_of(tx, row), facts_from(tx, row, gathered), actor_view(tx, actor, row)
    refusal = engine.permit(pack, action, view, facts)
    if refusal is not None:
        raise _refused(refusal)
    if if_match is not None:
        if_match.require(row.version)
    if gathered.is_stopped:
        raise DomainError("suspended_by_oversight")
    decided = engine.decide(pack, case_of(row), view, action, fields, at=tx.now, facts=facts)
    if isinstance(decided, Refusal):
        raise _refused(decided)
    for permission in permissions_of(decided):
        target = Target(permission.value.split(".")[0], unit_id=row.unit_id)
        access.require(tx, actor, permission, target, object_id=row.id)
    taken = apply(tx, actor, row, pack, decided, step_id=step_id, known_acts=gathered.own_acts)
    return taken, decided.grades


def read_step(uow: UnitOfWork, actor: Actor, referral_id: uuid.UUID, step_id: uuid.UUID) -> StepResult:
    """What a step has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = service.find(tx, actor, referral_id, Permission.REFERRAL_STEP)
        step = tx.get(ReferralStep, step_id)
        if step is None or step.referral_id != row.id:
            raise DomainError("not_found")
        return _result(tx, row, step, gather(tx, row))


def _result(
    tx: Transaction,
    row: Referral,
    step: ReferralStep,
    gathered: ReferralFacts,
    new_grades: Sequence[Grade] = (),
) -> StepResult:
    """What is shown after a step; the reads do not see the grades ``new_grades`` in this very commit."""
    fresh = [
        ReferralGrade(scheme=one.scheme, axis=one.axis, code=one.code, derived_from=one.derived_from)
        for one in referrals_grades.without_handling(new_grades)
    ]
    anew = {one.axis for one in fresh}
    kept = [one for one in gathered.grades if one.axis not in anew]
    post = None if step.post_id is None else str(posts.name_of(tx, step.post_id))
    earlier = None if gathered.is_related else ()
    grades: list[ReferralGrade | referrals_facts.Grade] = [*kept, *fresh]
    return StepResult(step, post, service.describe(tx, row, grades, earlier=earlier))


def _refused(refusal: Refusal) -> DomainError:
    errors = [FieldError(f"/fields{one.pointer}", one.code, one.params) for one in refusal.errors]
    return DomainError(refusal.code.value, errors=errors)
