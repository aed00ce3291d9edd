"""HTTP of bias reviews."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.oversight.bias import schemas, service

blp = Blueprint(
    "bias-reviews",
    __name__,
    url_prefix=f"{views.BASE}/bias-reviews",
    description="Places where unusually much is flagged",
)


@blp.route("")
class BiasReviews(MethodView):
    """Where somebody has to ask whether it is bias."""

    @blp.permission(Permission.BIAS_REVIEW_LIST)
    @blp.arguments(schemas.BiasReviewQuery, location="query")
    @blp.response(200, schemas.BiasReviewList)
    def get(self, params: dict[str, Any]) -> Any:
        """List reviews, newest first, without words."""
        wanted = schemas.BiasReviewQuery.wanted(params)
        found = service.list_reviews(views.uow(), views.actor(), state=params.get("state"), wanted=wanted)
        return views.page_response(found, schemas.item_view)


@blp.route("/<uuid:review_id>")
class BiasReview(MethodView):
    """One review."""

    @blp.permission(Permission.BIAS_REVIEW_READ)
    @blp.etagged
    @blp.response(200, schemas.BiasReviewOut)
    def get(self, review_id: uuid.UUID) -> Any:
        """Read one review and what was found."""
        shown = service.read(views.uow(), views.actor(), review_id)
        return views.with_etag(schemas.full_view(shown), shown.row.version)


@blp.route("/<uuid:review_id>/closing")
class BiasReviewClosing(MethodView):
    """What was behind it."""

    @blp.permission(Permission.BIAS_REVIEW_CLOSE)
    @blp.arguments(schemas.BiasReviewClosingIn)
    @blp.creates(schemas.BiasReviewClosingOut)
    def post(self, body: dict[str, Any], review_id: uuid.UUID) -> Any:
        """Close a review with what was found; it is never a reason to look at anybody more closely."""
        return views.perform(
            body,
            lambda command: schemas.full_view(
                service.close(
                    views.uow(),
                    views.actor(),
                    command,
                    review_id=review_id,
                    finding=body["finding"],
                    reason=body["reason"],
                )
            ),
            lambda record: schemas.full_view(
                service.read_closing(views.uow(), views.actor(), review_id, record.id)
            ),
        )
