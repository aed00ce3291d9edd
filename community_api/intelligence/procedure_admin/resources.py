"""HTTP of procedures."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.intelligence.procedure_admin import schemas, service
from community_api.intelligence.suspensions import service as suspensions
from community_api.intelligence.suspensions.terms import Subject
from community_api.procedure_engine.localize import Say, speaker
from community_api.procedure_engine.pack.definition import Pack

blp = Blueprint(
    "procedures", __name__, url_prefix=f"{views.BASE}/procedures", description="The procedures in force"
)


@blp.route("")
class Procedures(MethodView):
    """Every version that is known."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.response(200, schemas.ProceduresOut)
    def get(self) -> Any:
        """List procedures and their versions."""
        found = service.list_procedures(views.uow(), views.actor())
        stopped = suspensions.names(views.uow(), Subject.PROCEDURE)
        items = [
            schemas.item_view(pack, _say(pack), active=active, suspended=pack.name in stopped)
            for pack, active in found
        ]
        return {"items": items}


@blp.route("/trial")
class Trial(MethodView):
    """What a pack would have changed."""

    @blp.permission(Permission.PROCEDURE_TRY)
    @blp.arguments(schemas.TrialIn)
    @blp.response(200, schemas.TrialOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Check a pack and replay under it the cases that ended last; nothing is changed or kept."""
        tried = service.trial(views.uow(), views.actor(), body["content"], last=body["last"])
        return schemas.trial_view(tried)


@blp.route("/<string:name>/versions/<int:version>")
class Procedure(MethodView):
    """One version of one procedure."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.response(200, schemas.ProcedureOut)
    def get(self, name: str, version: int) -> Any:
        """Read one version, whole."""
        pack, active = service.read(views.uow(), views.actor(), name, version)
        suspended = pack.name in suspensions.names(views.uow(), Subject.PROCEDURE)
        return schemas.full_view(pack, _say(pack), active=active, suspended=suspended)


@blp.route("/<string:name>/versions/<int:version>/diagram")
class Diagram(MethodView):
    """One version, drawn."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.arguments(schemas.DiagramQuery, location="query")
    @blp.response(200, {"type": "string"}, content_type="image/svg+xml")
    def get(self, query: dict[str, Any], name: str, version: int) -> Any:
        """Draw one version: stages by level, clocks, second persons, feedback; for one A3."""
        words = views.services().words
        drawn = service.diagram(views.uow(), views.actor(), words, name, version, since=query.get("since"))
        response = Response(drawn, mimetype="image/svg+xml")
        response.headers["Content-Language"] = views.language()
        return response


@blp.route("/<string:name>/versions/<int:version>/differences")
class Differences(MethodView):
    """What differs since another version."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.arguments(schemas.DifferencesQuery, location="query")
    @blp.response(200, schemas.DifferencesOut)
    def get(self, query: dict[str, Any], name: str, version: int) -> Any:
        """Tell what differs since another version, place by place, in words."""
        found = service.differences(views.uow(), views.actor(), name, version, since=query.get("since"))
        return schemas.differences_view(found, views.services().words, views.language())


def _say(pack: Pack) -> Say:
    return speaker(pack, views.language(), views.translator())
