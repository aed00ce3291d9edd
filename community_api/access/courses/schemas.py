"""Courses in JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from marshmallow import fields

from community_api.access.courses.loader import Course
from community_api.core.schemas.fields import BaseSchema
from community_api.core.schemas.special_fields import TitledOut


class CourseTestOut(BaseSchema):
    """The test at its end."""

    questions = fields.Integer(required=True)
    pass_percent = fields.Integer(required=True)


class CourseOut(BaseSchema):
    """One version of a course."""

    code = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    modules = fields.List(fields.Nested(TitledOut), required=True)
    test = fields.Nested(CourseTestOut, required=True)
    valid_months = fields.Integer(required=True)
    effective_from = fields.String(required=True, metadata={"format": "date"})
    earlier_until = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "format": "date",
            "description": "From then on earlier versions count no more; null: never",
        },
    )
    in_force = fields.Boolean(required=True, metadata={"description": "Whether it is the one taught today"})


class CoursesOut(BaseSchema):
    """Every version of every course."""

    items = fields.List(fields.Nested(CourseOut), required=True)


def course_view(course: Course, say: Callable[[str], str], *, newest: bool) -> dict[str, Any]:
    """What is shown of a version, in the reader's words."""
    return {
        "code": course.code,
        "version": course.version,
        "title": say(course.title),
        "modules": [{"code": one.code, "title": say(one.title)} for one in course.modules],
        "test": {"questions": course.questions, "pass_percent": course.pass_percent},
        "valid_months": course.valid_months,
        "effective_from": course.effective_from.isoformat(),
        "earlier_until": _day(course.earlier_until),
        "in_force": newest,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
