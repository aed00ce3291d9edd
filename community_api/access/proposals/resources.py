"""HTTP of proposals."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.access.proposals import decisions, schemas, service
from community_api.access.proposals.service import ShownProposal
from community_api.access.terms import ProposalDecision, ProposalKind
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "proposals",
    __name__,
    url_prefix=f"{views.BASE}/proposals",
    description="Changes of accounts, roles and posts, which take two people",
)


@blp.route("")
class Proposals(MethodView):
    """What was proposed."""

    @blp.permission(Permission.PROPOSAL_LIST)
    @blp.arguments(schemas.ProposalQuery, location="query")
    @blp.response(200, schemas.ProposalList)
    def get(self, params: dict[str, Any]) -> Any:
        """List proposals in scope and one's own, newest first."""
        wanted = schemas.ProposalQuery.wanted(params)
        found = service.list_proposals(views.uow(), views.actor(), filters=params, wanted=wanted)
        return views.page_response(found, schemas.item_view)

    @blp.permission(Permission.ACCOUNT_PROPOSE)
    @blp.etagged
    @blp.arguments(schemas.ProposalIn)
    @blp.creates(schemas.ProposalOut)
    def post(self, content: dict[str, Any]) -> Any:
        """Propose a change; everybody may propose their own absence."""
        kind, body = ProposalKind(content["kind"]), content["body"]
        done = views.perform(
            content,
            lambda command: service.propose(views.uow(), views.actor(), command, kind=kind, body=body),
            lambda record: service.read_proposal(views.uow(), views.actor(), record.id),
        )
        return _answer(done)


@blp.route("/<uuid:proposal_id>")
class Proposal(MethodView):
    """One proposal."""

    @blp.permission(Permission.PROPOSAL_LIST)
    @blp.etagged
    @blp.response(200, schemas.ProposalOut)
    def get(self, proposal_id: uuid.UUID) -> Any:
        """Read a proposal, whole."""
        return _answer(service.read_proposal(views.uow(), views.actor(), proposal_id))


@blp.route("/<uuid:proposal_id>/decision")
class Decision(MethodView):
    """What the second person says."""

    @blp.permission(Permission.ACCOUNT_APPROVE)
    @blp.etagged
    @blp.arguments(schemas.DecisionIn)
    @blp.creates(schemas.DecisionOut)
    def post(self, body: dict[str, Any], proposal_id: uuid.UUID) -> Any:
        """Approve or refuse; what is approved is so at once."""
        done = views.perform(
            body,
            lambda command: decisions.decide(
                views.uow(),
                views.actor(),
                command,
                proposal_id=proposal_id,
                decision=ProposalDecision(body["decision"]),
                reason=body["reason"],
            ),
            lambda _known: decisions.read_decided(views.uow(), views.actor(), proposal_id),
        )
        return _answer(done)


def _answer(done: ShownProposal | tuple[ShownProposal, int, dict[str, str]]) -> Any:
    """The proposal as it is now, with its entity tag."""
    if isinstance(done, tuple):
        shown, status, headers = done
        return views.with_etag(schemas.full_view(shown), shown.version), status, headers
    return views.with_etag(schemas.full_view(done), done.version)
