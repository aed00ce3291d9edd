"""The words of every refusal: code to status, title and detail, from ``problems.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from community_api.core import yaml_files


@dataclass(frozen=True)
class Problem:
    """``title`` and ``detail`` are English and are the keys of the catalogs."""

    code: str
    status: int
    title: str
    detail: str


@dataclass(frozen=True)
class ProblemMap:
    """All problems, and the messages of field errors and warnings."""

    problems: Mapping[str, Problem]
    fields: Mapping[str, str]
    warnings: Mapping[str, str]


@cache
def load_problems(path: Path) -> ProblemMap:
    """Read the map, once; raises ValueError for an entry that lacks its status or words."""
    told: dict[str, Any] = yaml_files.read(path.read_text(encoding="utf-8"))
    return ProblemMap(
        problems={code: _problem(code, entry) for code, entry in told["problems"].items()},
        fields={code: entry["message"] for code, entry in told["fields"].items()},
        warnings={code: entry["message"] for code, entry in told.get("warnings", {}).items()},
    )


def _problem(code: str, entry: Mapping[str, Any]) -> Problem:
    status, title, detail = entry.get("status"), entry.get("title"), entry.get("detail")
    if not isinstance(status, int) or not 400 <= status <= 599 or not title or not detail:
        raise ValueError(f"problems.yaml: {code} needs a status from 400 to 599, a title and a detail")
    return Problem(code, status, title, detail)
