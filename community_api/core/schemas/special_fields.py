"""Fields of their own kind: measures, languages, periods, links; read generously where nothing is lost."""

from __future__ import annotations

import math
import re
from typing import Any

from flask import request
from marshmallow import ValidationError, fields, validate

from community_api.core.i18n.language_tags import MAX_TAG, canonical_tag
from community_api.core.schemas.fields import DAY_FORM, MOMENT_FORM, BaseSchema, Day, Moment, PageQuery, Whole

# As a query's plain plus sign arrives.
UNESCAPED_PLUS = re.compile(MOMENT_FORM.pattern.partition("([Zz]")[0] + r" \d\d:\d\d", re.ASCII)


class MomentOrDay(Moment):
    """In a query: a moment, or a calendar day for whoever reads it to place (core/periods.py)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str) and DAY_FORM.fullmatch(value):
            return Day().deserialize(value)
        if isinstance(value, str) and UNESCAPED_PLUS.fullmatch(value):
            raise ValidationError("plus_not_escaped")
        if not isinstance(value, str) or MOMENT_FORM.fullmatch(value) is None:
            raise ValidationError("not_a_time_or_day")
        return super()._deserialize(value, attr, data, **kwargs)


class Measure(Whole):
    """A measured number: finite ones are rounded, halves up."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is float and math.isfinite(value):
            value = math.floor(value + 0.5)
        return super()._deserialize(value, attr, data, **kwargs)


class LanguageTag(fields.String):
    """A language by RFC 5646, in its recommended spelling."""

    def __init__(self, **kwargs: Any) -> None:
        told = {"maxLength": MAX_TAG, "example": "de-CH", **kwargs.pop("metadata", {})}
        super().__init__(metadata=told, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        tag = canonical_tag(super()._deserialize(value, attr, data, **kwargs))
        if tag is None:
            raise ValidationError("not_a_language")
        return tag


class PeriodQuery(PageQuery):
    """A list that is narrowed to a period; ``until`` is exclusive, a day in it is included whole."""

    since = MomentOrDay(metadata={"description": "A time, or a day from its beginning"})
    until = MomentOrDay(metadata={"description": "A time (exclusive), or a day to its end"})


class Decimal(fields.Float):
    """A number in a range; text is no number."""

    def __init__(self, low: float, high: float, **kwargs: Any) -> None:
        bounds = validate.Range(low, high, error=f"out_of_range|min={low}|max={high}")
        super().__init__(validate=bounds, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, (bool, str)):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class Href(fields.String):
    """A path of ours, as the public finds it: under the prefix of the proxy in front."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else f"{request.script_root}{value}"


class TitledOut(BaseSchema):
    """A code and what people call it."""

    code = fields.String(required=True)
    title = fields.String(required=True)
