"""HTTP of community priorities."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.priorities import schemas, service
from community_api.community.priorities.service import ShownPriority
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "priorities",
    __name__,
    url_prefix=f"{views.BASE}/priorities",
    description="What a neighbourhood and its police look after together",
)


@blp.route("")
class Priorities(MethodView):
    """What was agreed, team by team and month by month."""

    @blp.permission(Permission.PRIORITY_LIST)
    @blp.arguments(schemas.PriorityQuery, location="query")
    @blp.response(200, schemas.PriorityList)
    def get(self, params: dict[str, Any]) -> Any:
        """List priorities, the newest month first."""
        wanted = schemas.PriorityQuery.wanted(params)
        found = service.list_priorities(views.uow(), views.actor(), filters=params, wanted=wanted)
        return views.page_response(found, schemas.item_view)

    @blp.permission(Permission.PRIORITY_AGREE)
    @blp.etagged
    @blp.arguments(schemas.PriorityIn)
    @blp.creates(schemas.PriorityOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Keep what was agreed with residents and partners for a month."""
        return views.perform(
            body,
            lambda command: _response(service.agree(views.uow(), views.actor(), command, body=body)),
            lambda record: _response(service.read(views.uow(), views.actor(), record.id)),
        )


@blp.route("/<uuid:priority_id>")
class OnePriority(MethodView):
    """One priority."""

    @blp.permission(Permission.PRIORITY_READ)
    @blp.etagged
    @blp.response(200, schemas.PriorityOut)
    def get(self, priority_id: uuid.UUID) -> Any:
        """Read one priority with what was agreed, and with whom."""
        return _response(service.read(views.uow(), views.actor(), priority_id))


@blp.route("/<uuid:priority_id>/withdrawal")
class PriorityWithdrawal(MethodView):
    """A priority that does not hold any more."""

    @blp.permission(Permission.PRIORITY_WITHDRAW)
    @blp.etagged
    @blp.arguments(schemas.PriorityWithdrawalIn)
    @blp.creates(schemas.PriorityOut)
    def post(self, body: dict[str, Any], priority_id: uuid.UUID) -> Any:
        """Take a priority back, with the reason; its place in the month is free again."""
        return views.perform(
            body,
            lambda command: _response(
                service.withdraw(
                    views.uow(), views.actor(), command, priority_id=priority_id, reason=body["reason"]
                )
            ),
            lambda _known: _response(service.read(views.uow(), views.actor(), priority_id)),
        )


def _response(priority: ShownPriority) -> dict[str, Any]:
    return views.with_etag(schemas.full_view(priority), priority.row.version)
