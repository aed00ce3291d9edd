"""HTTP of suspensions."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.intelligence.suspensions import schemas, service
from community_api.intelligence.suspensions.terms import Subject

blp = Blueprint(
    "suspensions", __name__, url_prefix=views.BASE, description="What the independent authority has stopped"
)


@blp.route("/indicators/<string:code>/suspension")
class IndicatorSuspension(MethodView):
    """The stop of one indicator, in every version of the list."""

    @blp.permission(Permission.INDICATOR_LIST_SUSPEND)
    @blp.arguments(schemas.SuspensionIn)
    @blp.creates(schemas.SuspensionOut)
    def post(self, body: dict[str, Any], code: str) -> Any:
        """Suspend an indicator: no new flag may name it, and none that names it is confirmed."""
        return _suspend(Subject.INDICATOR, code, body)

    @blp.permission(Permission.INDICATOR_LIST_SUSPEND)
    @blp.response(204)
    def delete(self, code: str) -> None:
        """Lift the suspension."""
        service.lift(views.uow(), views.actor(), subject=Subject.INDICATOR, name=code)


@blp.route("/procedures/<string:name>/suspension")
class ProcedureSuspension(MethodView):
    """The stop of one procedure, in every version."""

    @blp.permission(Permission.PROCEDURE_SUSPEND)
    @blp.arguments(schemas.SuspensionIn)
    @blp.creates(schemas.SuspensionOut)
    def post(self, body: dict[str, Any], name: str) -> Any:
        """Suspend a procedure: no new flag follows it, and no step is taken in its cases."""
        return _suspend(Subject.PROCEDURE, name, body)

    @blp.permission(Permission.PROCEDURE_SUSPEND)
    @blp.response(204)
    def delete(self, name: str) -> None:
        """Lift the suspension."""
        service.lift(views.uow(), views.actor(), subject=Subject.PROCEDURE, name=name)


def _suspend(subject: Subject, name: str, body: dict[str, Any]) -> Any:
    reason = body["reason"]
    return views.perform(
        body,
        lambda command: service.suspend(
            views.uow(), views.actor(), command, subject=subject, name=name, reason=reason
        ),
        lambda record: service.read(views.uow(), views.actor(), record.id, subject),
    )
