"""What a proposal asks for, as it is sealed and as it is read again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any


def stored(body: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed document: the body, and the reason apart."""
    told = {name: _text(value) for name, value in body.items() if name != "reason"}
    return {"body": told, "reason": body.get("reason")}


def read_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it was asked for, out of what is sealed."""
    return {name: READ.get(name, _as_it_is)(value) for name, value in body.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def _as_it_is(value: Any) -> Any:
    return value


READ: Mapping[str, Callable[[Any], Any]] = {
    "from": datetime.fromisoformat,
    "until": datetime.fromisoformat,
    "duty": uuid.UUID,
}
