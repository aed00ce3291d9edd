"""HTTP of the audit log."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core import periods
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.oversight.audit import schemas, service

blp = Blueprint("audit", __name__, url_prefix=f"{views.BASE}/audit", description="Who did what, when and why")


@blp.route("/events")
class AuditEvents(MethodView):
    """The leaves of the log."""

    @blp.permission(Permission.AUDIT_LIST)
    @blp.arguments(schemas.AuditQuery, location="query")
    @blp.response(200, schemas.AuditEvents)
    def get(self, params: dict[str, Any]) -> Any:
        """List events, newest first: all to oversight, envelopes to the dpo, one's own to everybody else."""
        wanted = schemas.AuditQuery.wanted(params)
        filters = periods.resolve(params, views.actor().timezone)
        return views.page_response(
            service.list_entries(views.uow(), views.actor(), filters=filters, wanted=wanted),
            schemas.event_view,
        )
