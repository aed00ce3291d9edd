"""HTTP of feedback."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.feedback import answers, inbox, metrics, schemas

blp = Blueprint(
    "feedback", __name__, url_prefix=f"{views.BASE}/feedback", description="What everyone is owed who told"
)


@blp.route("/obligations")
class Obligations(MethodView):
    """What the caller's posts owe."""

    @blp.permission(Permission.FEEDBACK_OBLIGATION_LIST)
    @blp.arguments(schemas.ObligationQuery, location="query")
    @blp.response(200, schemas.ObligationList)
    def get(self, params: dict[str, Any]) -> Any:
        """List obligations, most urgent first."""
        wanted = schemas.ObligationQuery.wanted(params)
        found = answers.list_obligations(views.uow(), views.actor(), filters=params, wanted=wanted)
        return views.page_response(found, schemas.obligation_view)


@blp.route("")
class Feedback(MethodView):
    """The inbox of an officer, and the answers that fill it."""

    @blp.permission(Permission.FEEDBACK_LIST)
    @blp.arguments(schemas.InboxQuery, location="query")
    @blp.response(200, schemas.Inbox)
    def get(self, params: dict[str, Any]) -> Any:
        """List what the caller was told, newest first."""
        wanted = schemas.InboxQuery.wanted(params)
        found = inbox.list_messages(views.uow(), views.actor(), unread=params.get("unread"), wanted=wanted)
        return views.page_response(found, schemas.message_item)

    @blp.permission(Permission.FEEDBACK_WRITE)
    @blp.arguments(schemas.FeedbackIn)
    @blp.creates(schemas.AnsweredOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Answer what is owed; the product delivers."""
        return views.perform(
            body,
            lambda command: schemas.answered_view(
                answers.answer(views.uow(), views.actor(), command, body=body)
            ),
            lambda record: schemas.answered_view(answers.read_answer(views.uow(), views.actor(), record.id)),
        )


@blp.route("/<uuid:feedback_id>")
class Message(MethodView):
    """One message of the inbox."""

    @blp.permission(Permission.FEEDBACK_READ)
    @blp.etagged
    @blp.response(200, schemas.MessageOut)
    def get(self, feedback_id: uuid.UUID) -> Any:
        """Read one message."""
        opened = inbox.read(views.uow(), views.actor(), feedback_id)
        return views.with_etag(schemas.message_view(opened), opened.row.version)


@blp.route("/<uuid:feedback_id>/acknowledgement")
class MessageAcknowledgement(MethodView):
    """The recipient's word back."""

    @blp.permission(Permission.FEEDBACK_ACKNOWLEDGE)
    @blp.arguments(schemas.AcknowledgementIn)
    @blp.creates(schemas.AcknowledgementOut)
    def post(self, body: dict[str, Any], feedback_id: uuid.UUID) -> Any:
        """Take note of a message and say how useful it was."""
        rating, comment = body.get("rating"), body.get("comment")
        return views.perform(
            body,
            lambda command: schemas.acknowledgement_view(
                inbox.acknowledge(
                    views.uow(),
                    views.actor(),
                    command,
                    message_id=feedback_id,
                    rating=rating,
                    comment=comment,
                )
            ),
            lambda record: schemas.acknowledgement_view(
                inbox.read_acknowledgement(views.uow(), views.actor(), record.id)
            ),
        )


@blp.route("/<uuid:feedback_id>/approval")
class FeedbackApproval(MethodView):
    """The second reading of an answer."""

    @blp.permission(Permission.FEEDBACK_APPROVE)
    @blp.arguments(schemas.ReadingIn)
    @blp.creates(schemas.AnsweredOut)
    def post(self, body: dict[str, Any], feedback_id: uuid.UUID) -> Any:
        """Let an answer go out."""
        return _second_reading(body, feedback_id, approved=True)


@blp.route("/<uuid:feedback_id>/refusal")
class FeedbackRefusal(MethodView):
    """The second reading of an answer."""

    @blp.permission(Permission.FEEDBACK_APPROVE)
    @blp.arguments(schemas.ReadingIn)
    @blp.creates(schemas.AnsweredOut)
    def post(self, body: dict[str, Any], feedback_id: uuid.UUID) -> Any:
        """Send an answer back to whoever owes it."""
        return _second_reading(body, feedback_id, approved=False)


@blp.route("/metrics")
class FeedbackMetrics(MethodView):
    """How timely answers are."""

    @blp.permission(Permission.FEEDBACK_METRICS)
    @blp.arguments(schemas.MetricsQuery, location="query")
    @blp.response(200, schemas.MetricsOut)
    def get(self, params: dict[str, Any]) -> Any:
        """Show timeliness by clock or unit; nothing per officer."""
        found = metrics.timeliness(
            views.uow(),
            views.actor(),
            unit=params.get("unit"),
            first=params.get("from_"),
            last=params.get("to"),
            group_by=params["group_by"],
        )
        items = [schemas.figures_view(group, one) for group, one in found.groups]
        return {"items": items, "withheld_units": found.withheld_units}


def _second_reading(body: dict[str, Any], feedback_id: uuid.UUID, *, approved: bool) -> Any:
    reason = body.get("reason")
    return views.perform(
        body,
        lambda command: schemas.answered_view(
            answers.read_second(
                views.uow(), views.actor(), command, message_id=feedback_id, approved=approved, reason=reason
            )
        ),
        lambda record: schemas.answered_view(answers.read_reading(views.uow(), views.actor(), record.id)),
    )
