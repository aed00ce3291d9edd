"""HTTP of handing over to partners what a report led to, if its teller allows it."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.wishes.service import check_handover
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.safeguarding import schemas, service

blp = Blueprint("handovers", __name__, url_prefix=views.BASE, description="What partners are given")


@blp.route("/safeguarding-records/<uuid:record_id>/handovers")
class SafeguardingHandovers(MethodView):
    """What partners are given."""

    @blp.permission(Permission.SAFEGUARDING_RECORD_HAND_OVER)
    @blp.arguments(schemas.HandoverIn)
    @blp.creates(schemas.HandoverOut)
    def post(self, body: dict[str, Any], record_id: uuid.UUID) -> Any:
        """Give a partner the minimum."""
        return views.perform(
            body,
            lambda command: schemas.handover_view(
                service.hand_over(
                    views.uow(),
                    views.actor(),
                    command,
                    record_id=record_id,
                    body=body,
                    check_wish=check_handover,
                )
            ),
            lambda record: schemas.handover_view(
                service.read_handover(views.uow(), views.actor(), record_id, record.id)
            ),
        )
