"""Units, posts and duties in JSON."""

from typing import Any

from marshmallow import fields, validate

from community_api.core.schemas.fields import BaseSchema, Choice, Id, Moment, PageQuery
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.special_fields import Href
from community_api.core.schemas.validators import Bounded
from community_api.units.service import ShownDuty
from community_api.units.terms import UNIT_NAME, UNIT_NAME_MAX, Level, Role

# How a client names a unit; whether there is such a one is the use case's to say.
UNIT = Bounded(UNIT_NAME_MAX)
_UNIT_NAME = [
    UNIT,
    validate.Regexp(rf"{UNIT_NAME.pattern}\Z", error="invalid"),
]


class UnitQuery(PageQuery):
    """Which units are wanted."""

    level = Choice(Level)


class PostQuery(PageQuery):
    """Which posts are wanted."""

    unit = fields.String(validate=_UNIT_NAME)
    role = Choice(Role)


class UnitSchema(BaseSchema):
    """A unit; its name is what every other field called unit holds."""

    name = fields.String(required=True, metadata={"example": "lin-a"})
    title = fields.String(required=True)
    level = Choice(Level, required=True)
    parent = fields.String(required=True, allow_none=True, metadata={"example": "lin"})
    path = fields.String(required=True, metadata={"example": "nor/ost/lin/lin-a"})
    timezone = fields.String(required=True, metadata={"example": "Europe/Berlin"})
    holidays = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Whose public holidays and weekends count; null: Monday to Friday, no holidays",
            "example": "DE-BY",
        },
    )
    partner = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What an agency is in the procedure's list of partners",
            "example": "education",
        },
    )
    country = fields.String(required=True)
    area = fields.Dict(
        required=True, allow_none=True, metadata={"description": "GeoJSON Polygon or MultiPolygon, WGS 84"}
    )


class PostSchema(BaseSchema):
    """A role in a unit, to which duties belong."""

    post = fields.String(required=True, metadata={"example": "supervisor.lin-a"})
    role = Choice(Role, required=True)
    unit = fields.String(required=True, metadata={"example": "lin-a"})
    title = fields.String(required=True, metadata={"description": "In the caller's language"})


class SubjectSchema(BaseSchema):
    """What a duty is about."""

    kind = fields.String(required=True, metadata={"example": "observation"})
    id = Id(required=True)
    href = Href(required=True, allow_none=True, metadata={"format": "uri-reference"})


class DutySchema(BaseSchema):
    """What one of the caller's posts owes."""

    id = Id(required=True)
    kind = fields.String(required=True, metadata={"example": "triage"})
    title = fields.String(required=True, metadata={"description": "In the caller's language"})
    subject = fields.Nested(SubjectSchema, required=True)
    due_at = Moment(required=True)
    due_soon = fields.Boolean(
        required=True, metadata={"description": "The time for which the procedure warns before the deadline"}
    )
    overdue = fields.Boolean(required=True)
    post = fields.String(required=True, metadata={"example": "supervisor.lin-a"})


UnitPage = page_schema(UnitSchema, "UnitPage")
PostPage = page_schema(PostSchema, "PostPage")
DutyPage = page_schema(DutySchema, "DutyPage")


def duty_view(duty: ShownDuty) -> dict[str, Any]:
    """What a list shows of a duty."""
    about = duty.subject
    return {
        "id": duty.id,
        "kind": duty.kind,
        "title": duty.title,
        "subject": {"kind": about.kind, "id": about.id, "href": about.href},
        "due_at": duty.due_at,
        "due_soon": duty.due_soon,
        "overdue": duty.overdue,
        "post": duty.post,
    }
