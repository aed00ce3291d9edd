"""HTTP of operating."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.admin.outbox import schemas, service
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.monitoring import health

blp = Blueprint(
    "operations", __name__, url_prefix=f"{views.BASE}/operations", description="How the product runs"
)


@blp.route("")
class Operations(MethodView):
    """Depths and versions."""

    @blp.permission(Permission.OPERATIONS_READ)
    @blp.response(200, schemas.OperationsOut)
    def get(self) -> Any:
        """How much there is to do, how late it is, and what runs."""
        return schemas.state_view(service.read_state(views.uow(), views.actor()), health.worker_state())


@blp.route("/dead-letters")
class DeadLetters(MethodView):
    """What the worker gave up."""

    @blp.permission(Permission.DEAD_LETTER_LIST)
    @blp.arguments(schemas.DeadLetterQuery, location="query")
    @blp.response(200, schemas.DeadLetters)
    def get(self, params: dict[str, Any]) -> Any:
        """List what was given up, the latest first."""
        wanted = schemas.DeadLetterQuery.wanted(params)
        page = service.list_dead_letters(views.uow(), views.actor(), wanted=wanted)
        return views.page_response(page, schemas.item_view)


@blp.route("/dead-letters/<uuid:item_id>/retry")
class Retry(MethodView):
    """Another chance."""

    @blp.permission(Permission.DEAD_LETTER_RETRY)
    @blp.arguments(schemas.RetryIn)
    @blp.creates(schemas.RetriedOut)
    def post(self, body: dict[str, Any], item_id: UUID) -> Any:
        """Have the worker try again from the start."""
        return views.perform(
            body,
            lambda command: schemas.item_view(
                service.retry_dead_letter(views.uow(), views.actor(), command, item_id)
            ),
            lambda _known: schemas.item_view(service.read_item(views.uow(), views.actor(), item_id)),
        )
