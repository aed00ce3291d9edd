"""How a moment goes out."""

from __future__ import annotations

from datetime import UTC, datetime

import orjson


def moment_text(value: datetime) -> str:
    """RFC 3339 in UTC, milliseconds."""
    at = value if value.tzinfo is UTC else value.astimezone(UTC)
    # In a fifth of the time that the moment's own `isoformat` takes; a page tells a hundred of them.
    told = orjson.dumps(at)
    return (told[1:24] if at.microsecond else told[1:20] + b".000").decode() + "Z"
