"""HTTP of safeguarding."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.safeguarding import schemas, service

blp = Blueprint("safeguarding", __name__, url_prefix=views.BASE, description="Support for people who need it")


@blp.route("/safeguarding-records")
class SafeguardingRecords(MethodView):
    """Who may need support."""

    @blp.permission(Permission.SAFEGUARDING_RECORD_LIST)
    @blp.arguments(schemas.SafeguardingQuery, location="query")
    @blp.response(200, schemas.SafeguardingList)
    def get(self, params: dict[str, Any]) -> Any:
        """List records, newest first, without words."""
        wanted = schemas.SafeguardingQuery.wanted(params)
        found = service.list_records(views.uow(), views.actor(), state=params.get("state"), wanted=wanted)
        return views.page_response(found, schemas.item_view)


@blp.route("/safeguarding-records/<uuid:record_id>")
class SafeguardingRecord(MethodView):
    """One record."""

    @blp.permission(Permission.SAFEGUARDING_RECORD_READ)
    @blp.etagged
    @blp.response(200, schemas.SafeguardingOut)
    def get(self, record_id: uuid.UUID) -> Any:
        """Read one record, or what of it was handed to one's agency."""
        shown = service.read(views.uow(), views.actor(), record_id)
        return views.with_etag(schemas.full_view(shown), shown.row.version)


@blp.route("/safeguarding-records/<uuid:record_id>/closing")
class SafeguardingClosing(MethodView):
    """The end of a record's work."""

    @blp.permission(Permission.SAFEGUARDING_RECORD_CLOSE)
    @blp.arguments(schemas.SafeguardingClosingIn)
    @blp.creates(schemas.ClosingOut)
    def post(self, body: dict[str, Any], record_id: uuid.UUID) -> Any:
        """Close a record, with the reason."""
        reason = body["reason"]
        return views.perform(
            body,
            lambda command: schemas.closing_view(
                service.close(views.uow(), views.actor(), command, record_id=record_id, reason=reason)
            ),
            lambda record: schemas.closing_view(
                service.read_closing(views.uow(), views.actor(), record_id, record.id)
            ),
        )


@blp.route("/handovers")
class Handovers(MethodView):
    """What was handed to the caller's agency, or by the caller's unit."""

    @blp.permission(Permission.HANDOVER_LIST)
    @blp.arguments(schemas.HandoverQuery, location="query")
    @blp.response(200, schemas.HandoverList)
    def get(self, params: dict[str, Any]) -> Any:
        """List handovers, newest first, without words."""
        wanted = schemas.HandoverQuery.wanted(params)
        return views.page_response(
            service.handovers(views.uow(), views.actor(), wanted=wanted), schemas.handover_item
        )


@blp.route("/handovers/<uuid:handover_id>/answer")
class HandoverAnswer(MethodView):
    """The partner's word."""

    @blp.permission(Permission.HANDOVER_ANSWER)
    @blp.arguments(schemas.HandoverAnswerIn)
    @blp.creates(schemas.HandoverAnswerOut)
    def post(self, body: dict[str, Any], handover_id: uuid.UUID) -> Any:
        """Accept or decline."""
        return views.perform(
            body,
            lambda command: schemas.answer_view(
                service.answer(views.uow(), views.actor(), command, handover_id=handover_id, body=body)
            ),
            lambda record: schemas.answer_view(
                service.read_answer(views.uow(), views.actor(), handover_id, record.id)
            ),
        )
