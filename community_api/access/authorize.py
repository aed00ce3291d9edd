"""The gate that every use case passes: the policy is asked, a refusal is raised and told to the trail."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from community_api.access import policy
from community_api.access.permissions import Permission
from community_api.access.policy import Decision, Reason
from community_api.access.target import Target
from community_api.access.visibility import VisibleScope, sight
from community_api.audit import Denial
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.units.directory import tree


def decide(tx: Transaction, actor: Actor, permission: Permission, target: Target | None) -> Decision:
    """What the policy says at this moment, without raising."""
    return policy.decide(actor, permission, target, tree=tree(tx), at=tx.now)


def require(
    tx: Transaction,
    actor: Actor,
    permission: Permission,
    target: Target | None,
    *,
    object_id: UUID | None = None,
) -> Decision:
    """The decision that allows; raises DomainError with the policy's reason as its code.

    ``target`` as in ``policy.decide``; ``object_id`` is what the caller named, there or not: the leaf of a
    denial holds it, and is the same for what does not exist and for what the caller may not know of. The edge
    writes that leaf in a transaction of its own. ``training_required`` carries the course as ``course``.
    Who has recused themselves from a matter reads it still and does nothing more in it: ``not_independent``.
    """
    decision = decide(tx, actor, permission, target)
    kind = target.kind if target is not None else policy.about(permission)
    if not decision.allow:
        raise _refusal(decision, kind, object_id)
    if object_id is not None and policy.acts_on_one(permission) and object_id in actor.recused_from:
        raise _refusal(replace(decision, allow=False, reason=Reason.NOT_INDEPENDENT), kind, object_id)
    return decision


def require_list(tx: Transaction, actor: Actor, permission: Permission) -> VisibleScope:
    """What a list may show; raises DomainError when it is closed to every role of the caller."""
    require(tx, actor, permission, None)
    return sight(actor, permission, tree=tree(tx))


def may_know_of(tx: Transaction, actor: Actor, target: Target) -> bool:
    """Whether the caller may learn that this thing exists, purpose and case aside."""
    return policy.may_know_of(actor, target, tree=tree(tx), at=tx.now)


def _refusal(decision: Decision, kind: str, object_id: UUID | None) -> DomainError:
    reason = decision.reason.value
    denial = Denial(decision.permission.value, reason, kind, object_id)
    if decision.certificate is None:
        return DomainError(reason, denial=denial)
    return DomainError(reason, denial=denial, course=decision.certificate)
