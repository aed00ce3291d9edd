"""HTTP of referrals."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views as http_views
from community_api.core.http.views import Blueprint
from community_api.intelligence.chain.referrals import change_version, presenters, schemas, service, take_step

blp = Blueprint(
    "referrals",
    __name__,
    url_prefix=f"{http_views.BASE}/referrals",
    description="Cases of the intelligence chain",
)


@blp.route("")
class Referrals(MethodView):
    """Cases of the caller's units."""

    @blp.permission(Permission.REFERRAL_LIST)
    @blp.arguments(schemas.ReferralQuery, location="query")
    @blp.response(200, schemas.ReferralList)
    def get(self, params: dict[str, Any]) -> Any:
        """List referrals, most urgent first."""
        wanted = schemas.ReferralQuery.wanted(params)
        return http_views.page_response(
            service.list_referrals(http_views.uow(), http_views.actor(), filters=params, wanted=wanted),
            presenters.item_view,
        )


@blp.route("/<uuid:referral_id>")
class Referral(MethodView):
    """One case."""

    @blp.permission(Permission.REFERRAL_READ)
    @blp.etagged
    @blp.response(200, schemas.ReferralOut)
    def get(self, referral_id: uuid.UUID) -> Any:
        """Read one referral with what it works on."""
        shown = service.read(http_views.uow(), http_views.actor(), referral_id)
        return http_views.with_etag(presenters.full_view(shown), shown.row.version)


@blp.route("/<uuid:referral_id>/actions")
class ReferralActions(MethodView):
    """What may be done now."""

    @blp.permission(Permission.REFERRAL_LIST)
    @blp.etagged
    @blp.response(200, schemas.ActionsOut)
    def get(self, referral_id: uuid.UUID) -> Any:
        """List what this caller may do now, with a form for each as JSON Schema."""
        row, offered = service.actions(
            http_views.uow(), http_views.actor(), referral_id, http_views.translator()
        )
        items = [presenters.offer_view(one) for one in offered]
        return http_views.with_etag({"items": items}, row.version)


@blp.route("/<uuid:referral_id>/steps")
class ReferralSteps(MethodView):
    """The history of a case, and its next step."""

    @blp.permission(Permission.REFERRAL_LIST)
    @blp.response(200, schemas.StepsOut)
    def get(self, referral_id: uuid.UUID) -> Any:
        """List the steps, oldest first."""
        steps = service.history(http_views.uow(), http_views.actor(), referral_id)
        return {"items": [presenters.step_view(step, post) for step, post in steps]}

    @blp.permission(Permission.REFERRAL_STEP)
    @blp.etagged
    @blp.reads_headers("If-Match")
    @blp.arguments(schemas.StepIn)
    @blp.creates(schemas.StepOut)
    def post(self, body: dict[str, Any], referral_id: uuid.UUID) -> Any:
        """Take a step; needs If-Match."""
        return http_views.perform(
            body,
            lambda command: _response(
                take_step.take_step(
                    http_views.uow(),
                    http_views.actor(),
                    command,
                    referral_id=referral_id,
                    action=body["action"],
                    fields=body.get("fields", {}),
                    if_match=http_views.if_match(),
                )
            ),
            lambda record: _response(
                take_step.read_step(http_views.uow(), http_views.actor(), referral_id, record.id)
            ),
        )


@blp.route("/<uuid:referral_id>/procedure-version")
class ReferralVersion(MethodView):
    """The version of its procedure by which a case goes on."""

    @blp.permission(Permission.REFERRAL_MOVE_VERSION)
    @blp.etagged
    @blp.arguments(schemas.MoveIn)
    @blp.creates(schemas.StepOut)
    def post(self, body: dict[str, Any], referral_id: uuid.UUID) -> Any:
        """Move a running case to a newer version; its deadline is counted anew."""
        return http_views.perform(
            body,
            lambda command: _response(
                change_version.move(
                    http_views.uow(),
                    http_views.actor(),
                    command,
                    referral_id=referral_id,
                    version=body["version"],
                    reason=body["reason"],
                )
            ),
            lambda record: _response(
                take_step.read_step(http_views.uow(), http_views.actor(), referral_id, record.id)
            ),
        )


def _response(step: take_step.StepResult) -> dict[str, Any]:
    return http_views.with_etag(presenters.taken_view(step), step.shown.row.version)
