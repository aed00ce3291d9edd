"""`/units`, `/posts` and `/duties`."""

from typing import Any

from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.schemas.fields import PageQuery
from community_api.units import service
from community_api.units.schemas import DutyPage, PostPage, PostQuery, UnitPage, UnitQuery, duty_view
from community_api.units.terms import Level, Role

blueprint = Blueprint(
    "units", __name__, url_prefix=views.BASE, description="Units, the posts in them, and what posts owe"
)


@blueprint.route("/units")
@blueprint.permission("unit.list")
@blueprint.arguments(UnitQuery, location="query")
@blueprint.response(200, UnitPage)
def list_units(query: dict[str, Any]) -> dict[str, Any]:
    """The units by name, with their levels and areas."""
    level = Level(query["level"]) if "level" in query else None
    wanted = UnitQuery.wanted(query)
    gate = views.services().gate
    return views.page_response(
        service.list_units(views.uow(), views.actor(), gate=gate, level=level, wanted=wanted)
    )


@blueprint.route("/posts")
@blueprint.permission("post.list")
@blueprint.arguments(PostQuery, location="query")
@blueprint.response(200, PostPage)
def list_posts(query: dict[str, Any]) -> dict[str, Any]:
    """The posts by unit and role; who holds them is not shown."""
    wanted = PostQuery.wanted(query)
    role = Role(query["role"]) if "role" in query else None
    gate, unit = views.services().gate, query.get("unit")
    found = service.list_posts(views.uow(), views.actor(), gate=gate, unit=unit, role=role, wanted=wanted)
    return views.page_response(found)


@blueprint.route("/duties")
@blueprint.permission("duty.list")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, DutyPage)
def list_duties(query: dict[str, Any]) -> dict[str, Any]:
    """What the posts that the caller holds now owe, the most urgent first."""
    gate, wanted = views.services().gate, PageQuery.wanted(query)
    found = service.list_duties(views.uow(), views.actor(), gate=gate, wanted=wanted)
    return views.page_response(found, duty_view)
