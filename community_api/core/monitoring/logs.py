"""Structured logs: one event, one line of JSON, opaque ids only."""

from __future__ import annotations

import json
import logging
import sys
import traceback
import uuid
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = "community"
# What a caller of the logger may say besides the message: codes, counts and opaque ids.
PERMITTED = (
    "request_id",
    "object_id",
    "code",
    "kind",
    "language",
    "error",
    "count",
    "endpoint",
    "status",
    "seconds",
    "worker",
)


class JsonLines(logging.Formatter):
    """Renders a record as one line; tracebacks as places in the code, without the values in messages."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        told.update({name: getattr(record, name) for name in PERMITTED if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["where"] = _where(record.exc_info[2])
        # ASCII only, so that nothing paints on a terminal or ends the line for a reader of Unicode.
        return json.dumps(told, default=str, separators=(",", ":")).replace("\x7f", "\\u007f")


class StandardError(logging.StreamHandler[Any]):
    """Writes to what standard error is at the moment, which tests and servers exchange."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def configure(level: int = logging.INFO) -> None:
    """Send every log, the libraries' too, to standard error as lines of JSON; safe to call again."""
    root, ours = logging.getLogger(), logging.getLogger(OURS)
    if not any(isinstance(handler, StandardError) for handler in root.handlers):
        root.addHandler(StandardError())
    ours.setLevel(level)


def alarm_broken_seal(owner_id: uuid.UUID) -> None:
    """Tell operators that a sealed text was swapped or changed."""
    broken_seals.append(owner_id)
    logging.getLogger("community.alarm").critical("seal broken", extra={"object_id": str(owner_id)})


# Read by the metrics; a list rather than a counter so that tests see which record it was.
broken_seals: list[uuid.UUID] = []


def _event(record: logging.LogRecord) -> str:
    """What happened: our own words are constants; of a library's, only a template without what fills it."""
    ours = record.name == OURS or record.name.startswith(f"{OURS}.")
    if isinstance(record.msg, str) and (ours or record.args):
        return record.msg
    return f"{record.module}.{record.funcName}:{record.lineno}"


def _where(trace: TracebackType | None) -> list[str]:
    """Where it happened; never the message of the exception, which may quote what a person wrote."""
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}" for frame in frames]
