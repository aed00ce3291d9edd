"""What may be known of courses."""

from __future__ import annotations

from community_api.access import authorize
from community_api.access.courses.loader import Course, courses, in_force
from community_api.access.permissions import Permission
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import UnitOfWork


def list_courses(uow: UnitOfWork, actor: Actor) -> list[tuple[Course, bool]]:
    """Every version of every course, and whether it is taught today. Not secret: no leaf is written."""
    with uow() as tx:
        authorize.require(tx, actor, Permission.COURSE_LIST, None)
        today = tx.now.date()
        return [(one, in_force(one.code, today) == one) for one in courses().values()]
