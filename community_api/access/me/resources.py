"""HTTP of one's own profile."""

from __future__ import annotations

from typing import Any, Final, cast

from flask import current_app
from flask.views import MethodView

from community_api.access.me import schemas, service
from community_api.access.me.service import ListVersion, Me
from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint("me", __name__, url_prefix=f"{views.BASE}/me", description="One's own profile")
# The factory hands over what tells the version of the indicator list in force: a higher wing knows it.
LIST_VERSION: Final = "community_indicator_list_version"


@blp.route("")
class Profile(MethodView):
    """The caller."""

    @blp.permission(Permission.ME_READ)
    @blp.etagged
    @blp.response(200, schemas.MeOut)
    def get(self) -> Any:
        """Who I am to the product: roles, posts, certificates."""
        return _response(service.read_me(views.uow(), views.actor(), list_version=_list_version()))

    @blp.permission(Permission.ME_CHANGE)
    @blp.etagged
    @blp.reads_headers("If-Match")
    @blp.arguments(schemas.MeIn)
    @blp.response(200, schemas.MeOut)
    def patch(self, body: dict[str, Any]) -> Any:
        """Set language, time zone or quiet hours."""
        return _response(
            views.modify(
                lambda command: service.change_me(
                    views.uow(),
                    views.actor(),
                    command,
                    body=_as_kept(body),
                    if_match=views.if_match(),
                    list_version=_list_version(),
                )
            )
        )


def _response(me: Me) -> dict[str, Any]:
    hours = me.quiet_hours
    shown = {**vars(me), "quiet_hours": hours and {"start": hours["from"], "end": hours["to"]}}
    return views.with_etag(shown, me.version)


def _as_kept(body: dict[str, Any]) -> dict[str, Any]:
    hours = body.get("quiet_hours")
    return {**body, "quiet_hours": {"from": hours["start"], "to": hours["end"]}} if hours else body


def _list_version() -> ListVersion:
    return cast("ListVersion", current_app.extensions[LIST_VERSION])
