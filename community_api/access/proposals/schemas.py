"""Proposals in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from community_api.access.accounts.first_password import Issued
from community_api.access.proposals.bodies import BODIES, show_body
from community_api.access.proposals.next_steps import next_step
from community_api.access.proposals.service import ShownProposal
from community_api.access.proposals.terms import State
from community_api.access.terms import ProposalDecision, ProposalKind
from community_api.core.http import views
from community_api.core.i18n.translations import N_, format_day
from community_api.core.openapi_variants import Variants
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
    RetentionSchema,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.wording.fields import WorkText

HAND_OVER = N_(
    "Give this token to the person yourself, within 30 minutes. With it they set a password of their own. "
    "It is shown to you only now; if it gets lost, propose the same again."
)


class ProposalIn(CommandSchema):
    """What somebody asks for; the body is read as its kind says."""

    kind = Choice(ProposalKind, required=True)
    body = fields.Dict(keys=fields.String(), required=True)

    @staticmethod
    def parts(values: Mapping[str, Any]) -> Mapping[str, Schema]:
        """The schema of the body, for whoever looks at its words (core/schemas/advice.py)."""
        return {"body": BODIES[ProposalKind(values["kind"])]}

    @post_load
    def _read_body(self, values: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        try:
            body = BODIES[ProposalKind(values["kind"])].load(values["body"])
        except ValidationError as error:
            raise ValidationError({"body": error.messages}) from None
        return {**values, "body": body}


# Of each kind what its body is.
VARIANTS = Variants(
    ProposalIn.__name__,
    by="kind",
    part="body",
    schemas={kind.value: schema for kind, schema in BODIES.items()},
)


class DecisionIn(CommandSchema):
    """What the second person says."""

    decision = Choice(ProposalDecision, required=True)
    reason = WorkText(2000, required=True)


class ProposalQuery(PageQuery):
    """Which proposals are wanted."""

    state = Choice(State)
    kind = Choice(ProposalKind)


class ProposalItem(BaseSchema):
    """A proposal in a list: without what it says."""

    id = Id(required=True)
    kind = Choice(ProposalKind, required=True)
    unit = fields.String(required=True, metadata={"example": "lin-a"})
    subject = fields.String(
        required=True, allow_none=True, metadata={"description": "Whom it concerns; null: nobody known yet"}
    )
    state = Choice(State, required=True)
    proposed_by = fields.String(required=True, allow_none=True)
    proposed_at = Moment(required=True)
    decided_at = Moment(required=True, allow_none=True)
    lapses_at = Moment(required=True)


class ProposalOut(ProposalItem, Receipted):
    """A proposal, whole. ``reason`` is that of the decision, before it that of the proposer."""

    body = fields.Dict(required=True)
    reason = fields.String(required=True, allow_none=True)
    next_step = fields.String(
        required=True, metadata={"description": "What remains to be done, in the caller's language"}
    )
    version = fields.Integer(required=True)
    retention = fields.Nested(RetentionSchema, required=True)


class FirstPasswordOut(BaseSchema):
    """What the owner of an account sets a password with, at POST /auth/first-password."""

    token = fields.String(required=True)
    expires_at = Moment(required=True)
    next_step = fields.String(required=True, metadata={"description": "What remains to do, for the decider"})


class DecisionOut(ProposalOut):
    """A decided proposal. ``first_password`` is shown once: neither later nor when this is sent again."""

    first_password = fields.Nested(FirstPasswordOut, required=True, allow_none=True)


ProposalList = page_schema(ProposalItem, "ProposalList")


def item_view(proposal: ShownProposal) -> dict[str, Any]:
    """What a list shows."""
    return {
        "id": proposal.id,
        "kind": proposal.kind,
        "unit": proposal.unit,
        "subject": proposal.subject,
        "state": proposal.state,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
        "decided_at": proposal.decided_at,
        "lapses_at": proposal.lapses_at,
    }


def _next_step(proposal: ShownProposal) -> str:
    spoken = views.language()
    day = format_day(proposal.lapses_at.date(), spoken)
    return views.services().words.translate(next_step(proposal), spoken, date=day)


def full_view(proposal: ShownProposal) -> dict[str, Any]:
    """What a single proposal, or a decision on it, shows."""
    return {
        **item_view(proposal),
        "body": show_body(ProposalKind(proposal.kind), proposal.body or {}),
        "reason": proposal.reason,
        "next_step": _next_step(proposal),
        "version": proposal.version,
        "retention": proposal.retention,
        "first_password": None if proposal.first_password is None else _handed_over(proposal.first_password),
    }


def _handed_over(issued: Issued) -> dict[str, Any]:
    next_step = views.translator()(HAND_OVER)
    return {"token": issued.token, "expires_at": issued.expires_at, "next_step": next_step}
