"""HTTP of courses."""

from __future__ import annotations

from typing import Any

from flask.views import MethodView

from community_api.access.courses import schemas, service
from community_api.access.permissions import Permission
from community_api.core.http import views
from community_api.core.http.views import Blueprint

blp = Blueprint(
    "courses", __name__, url_prefix=f"{views.BASE}/courses", description="What people must have learnt"
)


@blp.route("")
class Courses(MethodView):
    """What is taught and tested."""

    @blp.permission(Permission.COURSE_LIST)
    @blp.response(200, schemas.CoursesOut)
    def get(self) -> Any:
        """List the courses, their modules and their tests, by version."""
        say = views.translator()
        found = service.list_courses(views.uow(), views.actor())
        return {"items": [schemas.course_view(one, say, newest=newest) for one, newest in found]}
