"""HTTP of flags, and of taking a report back (which takes its waiting flag with it)."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.valve import REPORT_KINDS
from community_api.core.http import views as http_views
from community_api.core.http.views import Blueprint
from community_api.intelligence.flags import cosign_requests, decisions, presenters, schemas, service

blp = Blueprint(
    "flags", __name__, url_prefix=http_views.BASE, description="Reasoned requests to enter the VERLT path"
)
OBSERVATION, CONCERN = REPORT_KINDS


@blp.route("/observations/<uuid:observation_id>/flags")
class ObservationFlags(MethodView):
    """Flags on an observation."""

    @blp.permission(Permission.FLAG_RAISE)
    @blp.etagged
    @blp.arguments(schemas.FlagIn)
    @blp.creates(schemas.FlagOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Raise a flag; the observation stays what it is."""
        return _raised(body, OBSERVATION, observation_id)


@blp.route("/concerns/<uuid:concern_id>/flags")
class ConcernFlags(MethodView):
    """Flags on a concern."""

    @blp.permission(Permission.FLAG_RAISE)
    @blp.etagged
    @blp.arguments(schemas.FlagIn)
    @blp.creates(schemas.FlagOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Raise a flag; the concern stays what it is, and its reporter sees nothing of it."""
        return _raised(body, CONCERN, concern_id)


@blp.route("/observations/<uuid:observation_id>/withdrawal")
class ObservationWithdrawal(MethodView):
    """Taking an observation back."""

    @blp.permission(Permission.OBSERVATION_WITHDRAW)
    @blp.arguments(schemas.FlagWithdrawalIn)
    @blp.creates(schemas.ReportWithdrawnOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Withdraw an observation that nobody has taken up; a waiting flag goes with it."""
        reason = body["reason"]
        return http_views.perform(
            body,
            lambda command: _withdrawn(
                command.record_id,
                decisions.withdraw_report(
                    http_views.uow(), http_views.actor(), command, report_id=observation_id, reason=reason
                ),
            ),
            lambda record: _withdrawn(record.id, observation_id),
        )


@blp.route("/flags")
class Flags(MethodView):
    """Flags in the caller's sight."""

    @blp.permission(Permission.FLAG_LIST)
    @blp.arguments(schemas.FlagQuery, location="query")
    @blp.response(200, schemas.FlagList)
    def get(self, params: dict[str, Any]) -> Any:
        """List flags, most urgent first, without words."""
        wanted = schemas.FlagQuery.wanted(params)
        return http_views.page_response(
            service.list_flags(http_views.uow(), http_views.actor(), filters=params, wanted=wanted),
            presenters.item_view,
        )


@blp.route("/flags/<uuid:flag_id>")
class Flag(MethodView):
    """One flag."""

    @blp.permission(Permission.FLAG_READ)
    @blp.etagged
    @blp.response(200, schemas.FlagOut)
    def get(self, flag_id: uuid.UUID) -> Any:
        """Read one flag with its words."""
        opened = service.read(http_views.uow(), http_views.actor(), flag_id)
        return http_views.with_etag(presenters.full_view(opened, http_views.language()), opened.row.version)


@blp.route("/flags/<uuid:flag_id>/cosign")
class FlagCosign(MethodView):
    """The safeguarding lead's word."""

    @blp.permission(Permission.FLAG_COSIGN)
    @blp.arguments(schemas.CosignIn)
    @blp.creates(schemas.FlagActOut)
    def post(self, body: dict[str, Any], flag_id: uuid.UUID) -> Any:
        """Co-sign or refuse, before anybody decides, when a child is or may be concerned."""
        return http_views.perform(
            body,
            lambda command: presenters.said_view(
                decisions.cosign(http_views.uow(), http_views.actor(), command, flag_id=flag_id, body=body)
            ),
            lambda record: _said_before(flag_id, record.id),
        )


@blp.route("/flags/<uuid:flag_id>/cosign-request")
class FlagCosignRequest(MethodView):
    """The second person's wish to hear the safeguarding lead first."""

    @blp.permission(Permission.FLAG_DECIDE)
    @blp.arguments(schemas.CosignRequestIn)
    @blp.creates(schemas.FlagActOut)
    def post(self, body: dict[str, Any], flag_id: uuid.UUID) -> Any:
        """Ask the safeguarding lead to co-sign before anybody decides."""
        return http_views.perform(
            body,
            lambda command: presenters.said_view(
                cosign_requests.request_cosign(
                    http_views.uow(), http_views.actor(), command, flag_id=flag_id, reason=body["reason"]
                )
            ),
            lambda record: _said_before(flag_id, record.id),
        )


@blp.route("/flags/<uuid:flag_id>/decision")
class FlagDecision(MethodView):
    """The second person's word."""

    @blp.permission(Permission.FLAG_DECIDE)
    @blp.arguments(schemas.FlagDecisionIn)
    @blp.creates(schemas.FlagActOut)
    def post(self, body: dict[str, Any], flag_id: uuid.UUID) -> Any:
        """Confirm or refuse; confirming opens a referral at the local unit."""
        return http_views.perform(
            body,
            lambda command: presenters.said_view(
                decisions.decide(http_views.uow(), http_views.actor(), command, flag_id=flag_id, body=body)
            ),
            lambda record: _said_before(flag_id, record.id),
        )


@blp.route("/flags/<uuid:flag_id>/withdrawal")
class FlagWithdrawal(MethodView):
    """The flagger's second thought."""

    @blp.permission(Permission.FLAG_WITHDRAW)
    @blp.arguments(schemas.FlagWithdrawalIn)
    @blp.creates(schemas.FlagActOut)
    def post(self, body: dict[str, Any], flag_id: uuid.UUID) -> Any:
        """Take a flag back while it waits."""
        return http_views.perform(
            body,
            lambda command: presenters.said_view(
                decisions.withdraw(
                    http_views.uow(), http_views.actor(), command, flag_id=flag_id, reason=body["reason"]
                )
            ),
            lambda record: _said_before(flag_id, record.id),
        )


def _raised(body: dict[str, Any], report_kind: str, report_id: uuid.UUID) -> Any:
    return http_views.perform(
        body,
        lambda command: _response(
            service.raise_flag(
                http_views.uow(),
                http_views.actor(),
                command,
                report_kind=report_kind,
                report_id=report_id,
                body=body,
            )
        ),
        lambda record: _response(service.read(http_views.uow(), http_views.actor(), record.id)),
    )


def _said_before(flag_id: uuid.UUID, act_id: uuid.UUID) -> dict[str, Any]:
    return presenters.said_view(decisions.read_act(http_views.uow(), http_views.actor(), flag_id, act_id))


def _response(opened: service.OpenedFlag) -> dict[str, Any]:
    http_views.warn(opened.warnings)
    return http_views.with_etag(presenters.full_view(opened, http_views.language()), opened.row.version)


def _withdrawn(withdrawal_id: uuid.UUID, observation_id: uuid.UUID) -> dict[str, Any]:
    return {"id": withdrawal_id, "observation": {"id": observation_id, "status": "withdrawn"}}
