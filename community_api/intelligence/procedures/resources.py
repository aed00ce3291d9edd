"""HTTP of procedures."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core import http
from community_api.core.http import Blueprint
from community_api.intelligence.procedures import schemas, service
from community_api.intelligence.suspensions import service as suspensions
from community_api.intelligence.suspensions.terms import Subject

blp = Blueprint(
    "procedures", __name__, url_prefix=f"{http.BASE}/procedures", description="The procedures in force"
)


@blp.route("")
class Procedures(MethodView):
    """Every version that is known."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.response(200, schemas.ProceduresOut)
    def get(self) -> Any:
        """List procedures and their versions."""
        say = http.translator()
        found = service.listing(http.uow(), http.actor())
        stopped = suspensions.names(http.uow(), Subject.PROCEDURE)
        items = [
            schemas.item_view(pack, say, active=active, suspended=pack.name in stopped)
            for pack, active in found
        ]
        return {"items": items}


@blp.route("/<string:name>/versions/<int:version>")
class Procedure(MethodView):
    """One version of one procedure."""

    @blp.permission(Permission.PROCEDURE_READ)
    @blp.response(200, schemas.ProcedureOut)
    def get(self, name: str, version: int) -> Any:
        """Read one version, whole."""
        pack, active = service.read(http.uow(), http.actor(), name, version)
        suspended = pack.name in suspensions.names(http.uow(), Subject.PROCEDURE)
        return schemas.full_view(pack, http.translator(), active=active, suspended=suspended)
