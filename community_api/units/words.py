"""Declared words: labels of roles, titles of duties, addresses of their subjects."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from community_api.core import yaml_files
from community_api.core.code_lists import code_lists
from community_api.core.i18n.translations import translate

DUTIES = Path(__file__).with_name("duties.yaml")
# The kind of subject of a duty that is about a post; it has a public name and no id of its own.
POST = "post"


def role_label(role: str, language: str) -> str:
    """What people call a role."""
    declared = code_lists()["roles"]
    return translate(declared.codes[role].label, language, declared.context)


def duty_title(kind: str) -> str:
    """The English title of a kind of duty. Raises LookupError for a kind that nobody declared."""
    declared = _declared()["kinds"].get(kind)
    if declared is None:
        raise LookupError(f"duty kind {kind!r} is not declared in units/duties.yaml and came without a title")
    return str(declared["title"])


def subject_href(kind: str, subject_id: UUID) -> str | None:
    """Where the subject of a duty is read; None: it has no address of its own."""
    pattern: str | None = _declared()["subjects"].get(kind)
    return None if pattern is None else pattern.replace("{id}", str(subject_id))


@cache
def _declared() -> Mapping[str, Any]:
    declared: Mapping[str, Any] = yaml_files.read(DUTIES.read_bytes())
    return declared
