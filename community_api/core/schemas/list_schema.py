"""The schema of a page of a list."""

from __future__ import annotations

from marshmallow import Schema, fields

from community_api.core.schemas.fields import BaseSchema


def page_schema(item: type[Schema], name: str) -> type[Schema]:
    """The schema of a page of ``item``."""
    return BaseSchema.from_dict(
        {
            "items": fields.List(fields.Nested(item), required=True),
            "next_cursor": fields.String(required=True, allow_none=True),
        },
        name=name,
    )
