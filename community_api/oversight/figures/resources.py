"""HTTP of figures."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.oversight.figures import schemas, service

blp = Blueprint(
    "oversight", __name__, url_prefix=f"{views.BASE}/oversight", description="Independent control"
)


@blp.route("/figures")
class OversightFigures(MethodView):
    """How the chain is used."""

    @blp.permission(Permission.OVERSIGHT_FIGURES)
    @blp.arguments(schemas.FiguresQuery, location="query")
    @blp.response(200, schemas.OversightFiguresOut)
    def get(self, params: dict[str, Any]) -> Any:
        """Read figures by unit: flags, refusals by reason, confirmations, recalls; no persons."""
        found = service.read_figures(
            views.uow(),
            views.actor(),
            unit=params.get("unit"),
            since=params.get("since"),
            until=params.get("until"),
        )
        return schemas.figures_view(found)
