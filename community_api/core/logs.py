"""Structured logs: one event, one line of JSON, opaque ids only."""

from __future__ import annotations

import logging
import sys
import traceback
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson

# What a caller of the logger may say besides the message: codes, counts and opaque ids.
PERMITTED = (
    "request_id",
    "object_id",
    "code",
    "kind",
    "error",
    "count",
    "endpoint",
    "status",
    "seconds",
    "worker",
)


class JsonLines(logging.Formatter):
    """Renders a record as one line; tracebacks as files and lines, without the values in messages."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        told.update({name: getattr(record, name) for name in PERMITTED if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["where"] = _where(record.exc_info[2])
        return orjson.dumps(told, default=str).decode()


def configure(level: int = logging.INFO) -> None:
    """Send the product's logs to standard error as lines of JSON; safe to call again."""
    logger = logging.getLogger("community")
    if any(isinstance(handler.formatter, JsonLines) for handler in logger.handlers):
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False


def alarm_broken_seal(owner_id: uuid.UUID) -> None:
    """Tell operators that a sealed text was swapped or changed."""
    broken_seals.append(owner_id)
    logging.getLogger("community.alarm").critical("seal broken", extra={"object_id": str(owner_id)})


# Read by the metrics; a list rather than a counter so that tests see which record it was.
broken_seals: list[uuid.UUID] = []


def _where(trace: Any) -> list[str]:
    """Where it happened; never the message of the exception, which may quote what a person wrote."""
    return [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(trace)[-8:]]
