"""What a body says to pass on something although its teller forbade it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, validates_schema

from community_api.core.schemas.fields import BaseSchema, Choice
from community_api.procedure_engine.terms import WishException
from community_api.wording.fields import WorkText

MAX_REASON: Final = 2_000


class ExceptionFields(BaseSchema):
    """An exception from the wish of a member of the public that nothing be passed on, and why it holds."""

    exception = Choice(
        WishException,
        metadata={"description": "Why it is passed on although its teller forbade it; code list exceptions"},
    )
    exception_reason = WorkText(
        MAX_REASON, metadata={"description": "Why the exception holds; needed with it, and only with it"}
    )

    @validates_schema
    def _reasoned(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if (data.get("exception") is None) == (data.get("exception_reason") is None):
            return
        lacking = data.get("exception_reason") is None
        raise ValidationError("needed_here" if lacking else "not_needed", "exception_reason")
