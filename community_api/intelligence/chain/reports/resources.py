"""HTTP of intelligence reports."""

from __future__ import annotations

import uuid
from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.schemas.fields import PageQuery
from community_api.intelligence.chain.reports import schemas, service

blp = Blueprint(
    "intelligence-reports",
    __name__,
    url_prefix=f"{views.BASE}/intelligence-reports",
    description="Sanitised, graded reports and to whom they were given",
)


@blp.route("")
class IntelligenceReports(MethodView):
    """Reports of the caller's units and those given to them."""

    @blp.permission(Permission.INTELLIGENCE_REPORT_LIST)
    @blp.arguments(PageQuery, location="query")
    @blp.response(200, schemas.ReportList)
    def get(self, params: dict[str, Any]) -> Any:
        """List reports, newest first, without text."""
        wanted = PageQuery.wanted(params)
        return views.page_response(
            service.list_reports(views.uow(), views.actor(), wanted=wanted), schemas.item_view
        )


@blp.route("/<uuid:report_id>")
class IntelligenceReport(MethodView):
    """One report."""

    @blp.permission(Permission.INTELLIGENCE_REPORT_READ)
    @blp.etagged
    @blp.response(200, schemas.ReportOut)
    def get(self, report_id: uuid.UUID) -> Any:
        """Read one report."""
        shown = service.read(views.uow(), views.actor(), report_id)
        return views.with_etag(schemas.full_view(shown), shown.row.version)


@blp.route("/<uuid:report_id>/disseminations")
class Disseminations(MethodView):
    """To whom a report was given."""

    @blp.permission(Permission.INTELLIGENCE_REPORT_READ)
    @blp.response(200, schemas.DisseminationsOut)
    def get(self, report_id: uuid.UUID) -> Any:
        """List the givings of a report that the caller may see."""
        found = service.disseminations(views.uow(), views.actor(), report_id)
        return {"items": [schemas.dissemination_view(one) for one in found]}
