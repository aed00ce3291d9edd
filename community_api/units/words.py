"""Declared words: labels of roles and levels, titles of duties, addresses of their subjects."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from community_api.core.i18n import translate
from community_api.units.terms import Level, Role

_HERE = Path(__file__).parent


def role_label(role: str, language: str) -> str:
    """What people call a role."""
    return translate(_declared("roles.yaml")["roles"][Role(role)]["label"], language, "role")


def level_label(level: str, language: str) -> str:
    """What people call a level."""
    return translate(_declared("levels.yaml")["levels"][Level(level)]["label"], language, "level")


def duty_title(kind: str) -> str:
    """The English title of a kind of duty. Raises LookupError for a kind that nobody declared."""
    declared = _declared("duties.yaml")["kinds"].get(kind)
    if declared is None:
        raise LookupError(f"duty kind {kind!r} is not declared in units/duties.yaml and came without a title")
    return str(declared["title"])


def subject_href(kind: str, subject_id: UUID) -> str | None:
    """Where the subject of a duty is read; None: it has no address of its own."""
    pattern: str | None = _declared("duties.yaml")["subjects"].get(kind)
    return None if pattern is None else pattern.replace("{id}", str(subject_id))


@cache
def _declared(name: str) -> Mapping[str, Any]:
    with (_HERE / name).open(encoding="utf-8") as file:
        declared: Mapping[str, Any] = yaml.safe_load(file)
    return declared
