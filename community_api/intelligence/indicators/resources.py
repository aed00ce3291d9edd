"""HTTP of indicator lists."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.intelligence.indicators import schemas, service
from community_api.intelligence.suspensions import service as suspensions
from community_api.intelligence.suspensions.terms import Subject

blp = Blueprint(
    "indicators",
    __name__,
    url_prefix=f"{views.BASE}/indicators",
    description="What may be a ground for a flag",
)


@blp.route("")
class Indicators(MethodView):
    """The list in force."""

    @blp.permission(Permission.INDICATOR_LIST_READ)
    @blp.etagged
    @blp.response(200, schemas.IndicatorListOut)
    def get(self) -> Any:
        """Read the indicators in force, what makes each innocent, and what is never a sign."""
        listed = service.read_active(views.uow(), views.actor())
        stopped = suspensions.names(views.uow(), Subject.INDICATOR)
        view = schemas.list_view(listed, views.services().words, views.language(), stopped)
        return views.with_etag(view, listed.row_version), 200, {"Content-Language": views.language()}
