"""HTTP of cases."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.access.purpose_cases import schemas, service
from community_api.access.terms import CaseKind
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint("cases", __name__, url_prefix=f"{views.BASE}/cases", description="Reasons for reading")


@blp.route("")
class Cases(MethodView):
    """The caller's cases."""

    @blp.permission(Permission.CASE_LIST)
    @blp.arguments(schemas.CaseQuery, location="query")
    @blp.response(200, schemas.CaseList)
    def get(self, params: dict[str, Any]) -> Any:
        """List one's own cases, newest first."""
        wanted = schemas.CaseQuery.wanted(params)
        return views.page_response(
            service.list_cases(views.uow(), views.actor(), state=params.get("state"), wanted=wanted)
        )

    @blp.permission(Permission.CASE_OPEN)
    @blp.arguments(schemas.CaseIn)
    @blp.creates(schemas.CaseOut)
    def post(self, body: dict[str, Any]) -> Any:
        """Open a case; it closes itself after 14 days."""
        return views.perform(
            body,
            lambda command: service.open_case(
                views.uow(),
                views.actor(),
                command,
                kind=CaseKind(body["kind"]),
                reason=body["reason"],
                reference=body.get("reference"),
            ),
            lambda record: service.read_case(views.uow(), views.actor(), record.id),
        )
