"""Fields and bases of every schema: strict, ordered, with codes for messages.

A message is a code, optionally with parameters: ``too_long|max=5000``; the edge translates it.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, ClassVar, Self

from flask import g
from marshmallow import RAISE, Schema, ValidationError, fields, post_dump, validate

from community_api.core.moments import moment_text
from community_api.core.pagination import DEFAULT_LIMIT, MAX_LIMIT, PageWanted
from community_api.core.schemas import fast_path
from community_api.core.schemas.optional_details import LeftOut
from community_api.core.schemas.validators import Bounded

# The earliest moment that a report may speak of; earlier ones are typing errors.
EARLIEST_YEAR = 1900
LATEST_YEAR = 2200
# RFC 3339, and no other form of ISO 8601; that the offset is wanting is told apart.
MOMENT_FORM = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?", re.ASCII)
DAY_FORM = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
# White space, and signs that show nothing: a text of these alone says nothing.
UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*")

_CODES = {
    "required": "required",
    "null": "null",
    "validator_failed": "invalid",
    "invalid": "wrong_type",
    "type": "wrong_type",
}
for _kind in (
    fields.Field,
    fields.String,
    fields.Integer,
    fields.Float,
    fields.Boolean,
    fields.List,
    fields.Nested,
    fields.Dict,
    fields.Number,
):
    _kind.default_error_messages = {
        name: _CODES.get(name, "wrong_type") for name in (*_CODES, *_kind.default_error_messages)
    }


class BaseSchema(Schema):
    """Refuses unknown fields, keeps the declared order."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "wrong_type"}  # noqa: RUF012 - marshmallow's own protocol
    # Optional fields that may be left out of what was sent, and when (core/schemas/optional_details.py).
    left_out: ClassVar[Mapping[str, LeftOut]] = {}

    def __deepcopy__(self, _memo: Any) -> Self:
        """The same: nobody changes one; flask-smorest copies what documents it several times."""
        return self

    @cached_property
    def _reader(self) -> fast_path.Reader:
        return fast_path.Reader(self)

    @cached_property
    def _writer(self) -> fast_path.Writer:
        return fast_path.Writer(self)

    def _serialize(self, obj: Any, *, many: bool = False) -> Any:
        if not many and type(obj) is dict and self._writer.writes:
            return self._writer(obj)
        return super()._serialize(obj, many=many)

    def _deserialize(
        self, data: Any, *, many: bool = False, partial: Any = None, unknown: Any = RAISE, **body: Any
    ) -> Any:
        read = None if many or partial or unknown != RAISE else fast_path.read(self._reader, data)
        if read is not None:
            return read
        return super()._deserialize(data, many=many, partial=partial, unknown=unknown, **body)


CODE_PATTERN = r"^[a-z][a-z0-9_]{0,39}\Z"
RESERVED_IDS = frozenset({uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)})
_ID_CODES: dict[str, Any] = {**_CODES, "invalid": "not_a_uuid"}


class Id(fields.Field[uuid.UUID]):
    """A UUID in its canonical text form."""

    default_error_messages = _ID_CODES
    written_plainly = staticmethod(str)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        try:
            read = uuid.UUID(value)
        except (ValueError, AttributeError, TypeError):
            raise self.make_error("invalid") from None
        if str(read) != value.lower():
            raise self.make_error("invalid")
        return read


_MOMENT_CODES: dict[str, Any] = {
    **_CODES,
    "invalid": "not_a_time",
    "offset": "offset_missing",
    "range": "impossible_time",
}


class Moment(fields.Field[datetime]):
    """RFC 3339 with an offset in, UTC with ``Z`` out."""

    default_error_messages = _MOMENT_CODES

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else moment_text(value)

    @staticmethod
    def written_plainly(value: datetime) -> str:
        """As ``_serialize``."""
        return moment_text(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or MOMENT_FORM.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            read = datetime.fromisoformat(value.upper())
        except ValueError:
            raise self.make_error("invalid") from None
        if read.tzinfo is None:
            raise self.make_error("offset")
        if not EARLIEST_YEAR <= read.year <= LATEST_YEAR:
            raise self.make_error("range")
        return read.astimezone(UTC)


_DAY_CODES: dict[str, Any] = {**_CODES, "invalid": "not_a_day", "range": "impossible_time"}


class Day(fields.Field[date]):
    """A calendar day, ``YYYY-MM-DD``."""

    default_error_messages = _DAY_CODES

    def _serialize(self, value: date | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if not isinstance(value, str) or DAY_FORM.fullmatch(value) is None:
            raise self.make_error("invalid")
        try:
            read = date.fromisoformat(value)
        except ValueError:
            raise self.make_error("invalid") from None
        if not EARLIEST_YEAR <= read.year <= LATEST_YEAR:
            raise self.make_error("range")
        return read


class Text(fields.String):
    """Words of a person: trimmed, not blank, bounded.

    ``max_length`` is of the text as sent, ``min_length`` of what trimming leaves: the document says both.
    """

    def __init__(self, max_length: int, *, min_length: int = 1, **kwargs: Any) -> None:
        bounds = {"minLength": min_length, "maxLength": max_length, "x-trimmed": True}
        told = {**bounds, **kwargs.pop("metadata", {})}
        super().__init__(metadata=told, **kwargs)
        self._bounds = (min_length, max_length)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        sent = super()._deserialize(value, attr, data, **kwargs)
        text = sent.strip()
        low, high = self._bounds
        if UNSEEN.fullmatch(text):
            raise ValidationError("blank")
        if len(text) < low:
            raise ValidationError(f"too_short|min={low}")
        if len(sent) > high:
            raise ValidationError(f"too_long|max={high}")
        return text


class Choice(fields.String):
    """One of a closed list of codes."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        listed = [str(choice) for choice in choices]
        super().__init__(validate=validate.OneOf(listed, error="not_one_of"), **kwargs)
        self._choices = frozenset(listed)

    def plainly(self, value: Any) -> str:
        """As in core/schemas/fast_path.py."""
        if type(value) is not str or value not in self._choices:
            raise fast_path.FastPathMiss
        return value


class Code(fields.String):
    """A code of a list that a procedure declares; whether it is one of them, the use case asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=validate.Regexp(CODE_PATTERN, error="bad_format"), **kwargs)


class Whole(fields.Integer):
    """A whole number in a range; text is no number."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        bounds = validate.Range(low, high, error=f"out_of_range|min={low}|max={high}")
        super().__init__(strict=True, validate=bounds, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(self.parent, QuerySchema) and isinstance(value, str):
            value = _whole_number(value)
        if isinstance(value, (bool, str)):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


def _whole_number(text: str) -> int | str:
    """The number that a query parameter spells; the text itself when it spells none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


class Truth(fields.Boolean):
    """true or false, nothing that merely looks like it (in a query the words)."""

    truthy = {"true", True}  # noqa: RUF012
    falsy = {"false", False}  # noqa: RUF012

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, str) and not isinstance(self.parent, QuerySchema):
            raise self.make_error("invalid")
        if not isinstance(value, (bool, str)):
            raise self.make_error("invalid")
        return super()._deserialize(value, attr, data, **kwargs)


class ClientId(Id):
    """A UUID that a client made; nil and max are nobody's (RFC 9562)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> uuid.UUID:
        made = super()._deserialize(value, attr, data, **kwargs)
        if made in RESERVED_IDS:
            raise ValidationError("reserved_id")
        return made


class CommandSchema(BaseSchema):
    """The body of a write that makes a record: the client may choose its id."""

    id = ClientId(
        metadata={"description": "Made by the client; the same id with the same content happens once."}
    )


class QuerySchema(BaseSchema):
    """Query parameters; unknown and repeated ones are refused."""

    error_messages = {"unknown": "unknown_parameter"}  # noqa: RUF012 - marshmallow's own protocol


class PageQuery(QuerySchema):
    """What every list takes."""

    limit = Whole(1, MAX_LIMIT, load_default=DEFAULT_LIMIT)
    cursor = fields.String(validate=Bounded(600, empty=True))

    @staticmethod
    def wanted(params: dict[str, Any]) -> PageWanted:
        """Take ``limit`` and ``cursor`` out of what was told."""
        return PageWanted(params.pop("limit", DEFAULT_LIMIT), params.pop("cursor", None))


class ReceiptSchema(BaseSchema):
    """What a caller keeps to prove later that the act was logged."""

    event_id = Id(required=True)
    leaf_hash = fields.String(required=True, metadata={"description": "SHA-256, hexadecimal"})


class RetentionSchema(BaseSchema):
    """How long a record is kept."""

    # "class" is no name in Python.
    retention_class = fields.String(data_key="class", attribute="class", required=True)
    review_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})
    legal_hold = fields.Boolean(required=True)


class WarningOut(BaseSchema):
    """Something to think over; never a refusal."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class Warned(BaseSchema):
    """The answer to a write: what was left out of it, and what its words give to think over."""

    warnings = fields.List(
        fields.Nested(WarningOut),
        dump_only=True,
        metadata={"description": "What was left out, and what the words give to think over"},
    )

    @post_dump
    def _add_warnings(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        warnings = g.get("warnings")
        if warnings is not None:
            data.setdefault("warnings", warnings)
        return data


class Receipted(Warned):
    """The answer to a staff write: it carries the audit receipt of that write; reads carry none."""

    audit_receipt = fields.Nested(
        ReceiptSchema, dump_only=True, metadata={"description": "Also on a replay: the first"}
    )

    @post_dump
    def _add_receipt(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        receipt = g.get("receipt")
        if receipt is not None:
            data["audit_receipt"] = {"event_id": str(receipt.event_id), "leaf_hash": receipt.leaf_hash.hex()}
        return data
