"""HTTP of emergencies."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.emergencies import batch_schemas, batches, schemas, service, stand_downs
from community_api.community.emergencies.terms import Act
from community_api.core.database.commands import Command
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "emergencies", __name__, url_prefix=f"{views.BASE}/emergencies", description="Danger to somebody's life"
)


@blp.route("")
class Emergencies(MethodView):
    """What somebody was woken for."""

    @blp.permission(Permission.EMERGENCY_LIST)
    @blp.arguments(schemas.EmergencyQuery, location="query")
    @blp.response(200, schemas.EmergencyList)
    def get(self, params: dict[str, Any]) -> Any:
        """List emergencies, newest first, without words."""
        wanted = schemas.EmergencyQuery.wanted(params)
        found = service.list_emergencies(
            views.uow(),
            views.actor(),
            state=params.get("state"),
            gathered_with=params.get("gathered_with"),
            wanted=wanted,
        )
        return views.page_response(found, schemas.item_view)


@blp.route("/acknowledgements")
class EmergencyAcknowledgements(MethodView):
    """Several calls are answered at once."""

    @blp.permission(Permission.EMERGENCY_ACKNOWLEDGE)
    @blp.arguments(batch_schemas.EmergencyBatchIn)
    @blp.creates(batch_schemas.EmergencyBatchOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Take many on; what somebody else took on is left alone and named.

        409 only if none is left to take on, 404 for the whole act if one is not there.
        """
        return _done_to_many(body, Act.ACKNOWLEDGEMENT)


@blp.route("/justifications")
class EmergencyJustifications(MethodView):
    """One account of many."""

    @blp.permission(Permission.EMERGENCY_JUSTIFY)
    @blp.arguments(batch_schemas.EmergencyJustificationsIn)
    @blp.creates(batch_schemas.EmergencyBatchOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Account for many with one reason; what is accounted for already is left alone and named."""
        return _done_to_many(body, Act.JUSTIFICATION)


@blp.route("/stand-downs")
class EmergencyStandDowns(MethodView):
    """Many are over."""

    @blp.permission(Permission.EMERGENCY_STAND_DOWN)
    @blp.arguments(batch_schemas.EmergencyBatchIn)
    @blp.creates(batch_schemas.EmergencyBatchOut)
    def post(self, body: dict[str, Any]) -> Any:
        """End many with one reason; what cannot be ended, or has been, is left alone and named.

        If nobody has read the report of one of them, all wait for another commander.
        """
        return _done_to_many(body, Act.STAND_DOWN)


@blp.route("/stand-downs/<uuid:batch_id>")
class EmergencyStandDownOfMany(MethodView):
    """What another commander is asked to approve."""

    @blp.permission(Permission.EMERGENCY_READ)
    @blp.etagged
    @blp.response(200, batch_schemas.EmergencyBatchOut)
    def get(self, batch_id: uuid.UUID) -> Any:
        """Read a stand-down of many: its reason, and the first line of each report."""
        shown = stand_downs.read(views.uow(), views.actor(), batch_id)
        version = shown.row.version + sum(one.version for one in shown.gathered or ())
        return views.with_etag(batch_schemas.batch_view(shown), version)


@blp.route("/stand-downs/<uuid:batch_id>/approval")
class EmergencyStandDownApproval(MethodView):
    """Another commander agrees."""

    @blp.permission(Permission.EMERGENCY_STAND_DOWN)
    @blp.arguments(batch_schemas.EmergencyApprovalIn)
    @blp.creates(batch_schemas.EmergencyBatchOut)
    def post(self, body: dict[str, Any], batch_id: uuid.UUID) -> Any:
        """Let a stand-down of many come about; never by whoever asked for it."""
        return views.perform(
            body,
            lambda command: batch_schemas.batch_view(
                stand_downs.approve(views.uow(), views.actor(), command, batch_id)
            ),
            lambda _known: batch_schemas.batch_view(batches.read_own(views.uow(), views.actor(), batch_id)),
        )


@blp.route("/stand-downs/<uuid:batch_id>/refusal")
class EmergencyStandDownRefusal(MethodView):
    """Another commander does not agree."""

    @blp.permission(Permission.EMERGENCY_STAND_DOWN)
    @blp.arguments(batch_schemas.EmergencyRefusalIn)
    @blp.creates(batch_schemas.EmergencyBatchOut)
    def post(self, body: dict[str, Any], batch_id: uuid.UUID) -> Any:
        """Refuse a stand-down of many, with a reason; all its emergencies go on as they stand.

        Never by whoever asked for it, whose post is told.
        """
        reason = body["reason"]
        return views.perform(
            body,
            lambda command: batch_schemas.batch_view(
                stand_downs.refuse(views.uow(), views.actor(), command, batch_id, reason=reason)
            ),
            lambda _known: batch_schemas.batch_view(batches.read_own(views.uow(), views.actor(), batch_id)),
        )


@blp.route("/<uuid:emergency_id>")
class Emergency(MethodView):
    """One emergency."""

    @blp.permission(Permission.EMERGENCY_READ)
    @blp.etagged
    @blp.response(200, schemas.EmergencyOut)
    def get(self, emergency_id: uuid.UUID) -> Any:
        """Read one emergency: who was called and what was done."""
        shown = service.read(views.uow(), views.actor(), emergency_id)
        return views.with_etag(schemas.full_view(shown, views.language()), shown.view_version)


@blp.route("/<uuid:emergency_id>/acknowledgement")
class EmergencyAcknowledgement(MethodView):
    """Somebody has answered the call."""

    @blp.permission(Permission.EMERGENCY_ACKNOWLEDGE)
    @blp.arguments(schemas.EmergencyAcknowledgementIn)
    @blp.creates(schemas.EmergencyActOut)
    def post(self, body: dict[str, Any], emergency_id: uuid.UUID) -> Any:
        """Take it on: nobody else is called any more."""
        return _done(body, emergency_id, Act.ACKNOWLEDGEMENT)


@blp.route("/<uuid:emergency_id>/actions")
class EmergencyActions(MethodView):
    """What is done to avert the danger."""

    @blp.permission(Permission.EMERGENCY_ACT)
    @blp.arguments(schemas.EmergencyActionIn)
    @blp.creates(schemas.EmergencyActOut)
    def post(self, body: dict[str, Any], emergency_id: uuid.UUID) -> Any:
        """Note what was done and who was told; whoever acts has acknowledged."""
        return _done(body, emergency_id, Act.ACTION)


@blp.route("/<uuid:emergency_id>/justification")
class EmergencyJustification(MethodView):
    """The account that is owed within a day."""

    @blp.permission(Permission.EMERGENCY_JUSTIFY)
    @blp.arguments(schemas.EmergencyJustificationIn)
    @blp.creates(schemas.EmergencyActOut)
    def post(self, body: dict[str, Any], emergency_id: uuid.UUID) -> Any:
        """Account for what was done, with hindsight."""
        return _done(body, emergency_id, Act.JUSTIFICATION)


@blp.route("/<uuid:emergency_id>/stand-down")
class EmergencyStandDown(MethodView):
    """The danger is over."""

    @blp.permission(Permission.EMERGENCY_STAND_DOWN)
    @blp.arguments(schemas.EmergencyStandDownIn)
    @blp.creates(schemas.EmergencyActOut)
    def post(self, body: dict[str, Any], emergency_id: uuid.UUID) -> Any:
        """End it, with the reason."""
        return _done(body, emergency_id, Act.STAND_DOWN)


def _done(body: dict[str, Any], emergency_id: uuid.UUID, act: Act) -> Any:
    return views.perform(
        body,
        lambda command: schemas.done_view(
            service.do(views.uow(), views.actor(), command, emergency_id=emergency_id, act=act, body=body)
        ),
        lambda record: schemas.done_view(
            service.read_entry(views.uow(), views.actor(), emergency_id, record.id)
        ),
    )


def _done_to_many(body: dict[str, Any], act: Act) -> Any:
    def act_on_many(command: Command) -> Any:
        # What is told apart here stays in the body: the digest of the command is made of all of it.
        words = {name: value for name, value in body.items() if name != "emergencies"}
        done = batches.do_many(
            views.uow(), views.actor(), command, act=act, emergencies=body["emergencies"], words=words
        )
        return batch_schemas.batch_view(done)

    return views.perform(
        body,
        act_on_many,
        lambda record: batch_schemas.batch_view(batches.read_own(views.uow(), views.actor(), record.id)),
    )
