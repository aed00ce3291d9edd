"""HTTP of what everybody may know."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.community.public import limits
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.oversight.transparency import schemas, service

blp = Blueprint(
    "transparency",
    __name__,
    url_prefix=f"{views.BASE}/public",
    description="What everybody may know",
)
limits.install(blp)


@blp.route("/transparency")
class PublicTransparency(MethodView):
    """By which list and procedure the police works, and how often."""

    @blp.public
    @blp.response(200, schemas.TransparencyOut)
    def get(self) -> Any:
        """Read the list of indicators in words, what is never a sign, procedures, legal basis and figures."""
        found = service.read_transparency(views.uow())
        view = schemas.transparency_view(found, views.services().words, views.language())
        return view, 200, {"Content-Language": views.language()}
