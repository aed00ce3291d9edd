"""What marshmallow says is wrong with a body, as field errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community_api.core.errors import FieldError


def flatten(messages: Any, pointer: str = "") -> list[FieldError]:
    """Marshmallow's tree of messages as a list of field errors."""
    if isinstance(messages, Mapping):
        found: list[FieldError] = []
        for name, inner in messages.items():
            step = "" if name == "_schema" else f"/{_escaped(str(name))}"
            found.extend(flatten(inner, pointer + step))
        return found
    if isinstance(messages, (list, tuple)):
        return [error for message in messages for error in flatten(message, pointer)]
    code, *params = str(messages).split("|")
    return [FieldError(pointer, code, dict(param.split("=", 1) for param in params))]


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
