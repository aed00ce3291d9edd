"""HTTP of what a unit was given."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.intelligence.chain.disseminations import schemas, service
from community_api.intelligence.chain.reports.schemas import DisseminationOut, dissemination_view
from community_api.intelligence.chain.reports.service import ShownDissemination

blp = Blueprint(
    "disseminations",
    __name__,
    url_prefix=f"{views.BASE}/disseminations",
    description="What a unit was given, and what it has to confirm",
)


@blp.route("/<uuid:dissemination_id>")
class Dissemination(MethodView):
    """One giving of one report to one unit."""

    @blp.permission(Permission.DISSEMINATION_READ)
    @blp.etagged
    @blp.response(200, DisseminationOut)
    def get(self, dissemination_id: uuid.UUID) -> Any:
        """Read one giving, its recall and its notices."""
        return _response(service.read(views.uow(), views.actor(), dissemination_id))


@blp.route("/<uuid:dissemination_id>/recall-confirmation")
class RecallConfirmation(MethodView):
    """That what was taken back has been given up."""

    @blp.permission(Permission.DISSEMINATION_CONFIRM_RECALL)
    @blp.etagged
    @blp.arguments(schemas.RecallConfirmationIn)
    @blp.creates(schemas.ConfirmedOut)
    def post(self, body: dict[str, Any], dissemination_id: uuid.UUID) -> Any:
        """Confirm a recall."""
        fields = {name: value for name, value in body.items() if name != "id"}
        return views.perform(
            body,
            lambda command: _response(
                service.confirm_recall(
                    views.uow(), views.actor(), command, dissemination_id=dissemination_id, body=fields
                )
            ),
            lambda _known: _response(service.again(views.uow(), views.actor(), dissemination_id)),
        )


@blp.route("/<uuid:dissemination_id>/notices/<uuid:notice_id>/confirmation")
class NoticeConfirmation(MethodView):
    """That a new grade or a correction has reached the copy."""

    @blp.permission(Permission.DISSEMINATION_CONFIRM_NOTICE)
    @blp.etagged
    @blp.arguments(schemas.NoticeConfirmationIn)
    @blp.creates(schemas.ConfirmedOut)
    def post(self, body: dict[str, Any], dissemination_id: uuid.UUID, notice_id: uuid.UUID) -> Any:
        """Confirm a notice."""
        return views.perform(
            body,
            lambda command: _response(
                service.confirm_notice(
                    views.uow(),
                    views.actor(),
                    command,
                    dissemination_id=dissemination_id,
                    notice_id=notice_id,
                )
            ),
            lambda _known: _response(service.again(views.uow(), views.actor(), dissemination_id)),
        )


def _response(dissemination: ShownDissemination) -> dict[str, Any]:
    return views.with_etag(dissemination_view(dissemination), dissemination.row.version)
