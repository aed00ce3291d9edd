"""HTTP of the desk: the queue, triage, closing, reopening, links."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.triage import closure, links, schemas, service
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint("triage", __name__, url_prefix=views.BASE, description="What a desk does with reports")


@blp.route("/triage")
class Triage(MethodView):
    """What waits at a desk."""

    @blp.permission(Permission.COMMUNITY_REPORT_TRIAGE_LIST)
    @blp.arguments(schemas.TriageQuery, location="query")
    @blp.response(200, schemas.TriageList)
    def get(self, params: dict[str, Any]) -> Any:
        """List what waits for triage, most urgent first, with likely duplicates."""
        wanted = schemas.TriageQuery.wanted(params)
        return views.page_response(
            service.list_waiting(views.uow(), views.actor(), wanted=wanted), schemas.waiting_view
        )


@blp.route("/observations/<uuid:observation_id>/triage")
class ObservationTriage(MethodView):
    """Triage of an observation."""

    @blp.permission(Permission.COMMUNITY_REPORT_TRIAGE)
    @blp.arguments(schemas.TriageIn)
    @blp.creates(schemas.TriagedOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Decide what happens with an observation; its officers are owed an answer."""
        return _triaged(body, OBSERVATION, observation_id)


@blp.route("/concerns/<uuid:concern_id>/triage")
class ConcernTriage(MethodView):
    """Triage of a concern."""

    @blp.permission(Permission.COMMUNITY_REPORT_TRIAGE)
    @blp.arguments(schemas.TriageIn)
    @blp.creates(schemas.TriagedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Decide what happens with a concern; a question to its reporter waits for a second person."""
        return _triaged(body, CONCERN, concern_id)


@blp.route("/observations/<uuid:observation_id>/closing")
class ObservationClosing(MethodView):
    """The end of the work on an observation."""

    @blp.permission(Permission.COMMUNITY_REPORT_CLOSE)
    @blp.arguments(schemas.ClosingIn)
    @blp.creates(schemas.ClosedOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Close an observation; the text answers its officers in the same moment."""
        return _closed(body, OBSERVATION, observation_id)


@blp.route("/concerns/<uuid:concern_id>/closing")
class ConcernClosing(MethodView):
    """The end of the work on a concern."""

    @blp.permission(Permission.COMMUNITY_REPORT_CLOSE)
    @blp.arguments(schemas.ClosingIn)
    @blp.creates(schemas.ClosedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Propose the last word to a concern's reporter; it closes when a second person approves."""
        return _closed(body, CONCERN, concern_id)


@blp.route("/observations/<uuid:observation_id>/reopening")
class ObservationReopening(MethodView):
    """Work on an observation begins again."""

    @blp.permission(Permission.COMMUNITY_REPORT_REOPEN)
    @blp.arguments(schemas.ReopeningIn)
    @blp.creates(schemas.ReopenedOut)
    def post(self, body: dict[str, Any], observation_id: uuid.UUID) -> Any:
        """Take up an observation again: it is triaged anew."""
        return _reopened(body, OBSERVATION, observation_id)


@blp.route("/concerns/<uuid:concern_id>/reopening")
class ConcernReopening(MethodView):
    """Work on a concern begins again."""

    @blp.permission(Permission.COMMUNITY_REPORT_REOPEN)
    @blp.arguments(schemas.ReopeningIn)
    @blp.creates(schemas.ReopenedOut)
    def post(self, body: dict[str, Any], concern_id: uuid.UUID) -> Any:
        """Take up a concern again: it is triaged anew, and its reporter is promised a word."""
        return _reopened(body, CONCERN, concern_id)


@blp.route("/links")
class Links(MethodView):
    """Which reports belong together."""

    @blp.permission(Permission.LINK_LIST)
    @blp.arguments(schemas.LinkQuery, location="query")
    @blp.response(200, schemas.LinkList)
    def get(self, params: dict[str, Any]) -> Any:
        """List links among the reports of one's desks, newest first."""
        wanted, report_id = schemas.LinkQuery.wanted(params), params.get("report")
        found = links.list_links(views.uow(), views.actor(), report_id=report_id, wanted=wanted)
        return views.page_response(found, schemas.link_item)

    @blp.permission(Permission.COMMUNITY_REPORT_LINK)
    @blp.arguments(schemas.LinkIn)
    @blp.creates(schemas.LinkOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Link two reports; each reporter still hears about their own only."""
        return views.perform(
            body,
            lambda command: schemas.link_view(links.link(views.uow(), views.actor(), command, body=body)),
            lambda record: schemas.link_view(links.read_link(views.uow(), views.actor(), record.id)),
        )


@blp.route("/links/<uuid:link_id>")
class Link(MethodView):
    """One link."""

    @blp.permission(Permission.LINK_END)
    @blp.response(204)
    def delete(self, link_id: uuid.UUID) -> None:
        """Take a link back; the same again is no error."""
        views.modify(lambda command: links.unlink(views.uow(), views.actor(), command, link_id=link_id))


def _triaged(body: dict[str, Any], kind: str, report_id: uuid.UUID) -> Any:
    return views.perform(
        body,
        lambda command: schemas.triaged_view(
            service.triage(views.uow(), views.actor(), command, kind=kind, report_id=report_id, body=body)
        ),
        _before(schemas.triaged_view),
    )


def _closed(body: dict[str, Any], kind: str, report_id: uuid.UUID) -> Any:
    return views.perform(
        body,
        lambda command: schemas.closed_view(
            closure.close(views.uow(), views.actor(), command, kind=kind, report_id=report_id, body=body)
        ),
        _before(schemas.closed_view),
    )


def _reopened(body: dict[str, Any], kind: str, report_id: uuid.UUID) -> Any:
    reason = body["reason"]
    return views.perform(
        body,
        lambda command: schemas.reopened_view(
            closure.reopen(views.uow(), views.actor(), command, kind=kind, report_id=report_id, reason=reason)
        ),
        _before(schemas.reopened_view),
    )


def _before(view: Callable[[service.Acted], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    """How an act that was sent before is shown."""
    return lambda record: view(service.read_act(views.uow(), views.actor(), record.id))
