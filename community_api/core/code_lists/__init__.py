"""Code lists: the labels of codes, declared in YAML, one file a list, in the words of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from community_api.core import yaml_files

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Code:
    """One code; ``label`` and ``description`` (None: the label says it all) are English."""

    code: str
    label: str
    description: str | None


@dataclass(frozen=True)
class CodeList:
    """The codes of one field, in the order of choosing. ``context`` tells translators where it stands.

    ``public``: the public meets these codes, so everybody may read the labels, in every public language.
    """

    name: str
    context: str
    label: str
    codes: Mapping[str, Code]
    public: bool = False


@cache
def code_lists() -> Mapping[str, CodeList]:
    """Every list by its name; raises ValueError naming the file that is not as it should be."""
    return {path.stem: read_code_list(path) for path in sorted(HERE.glob("*.yaml"))}


def codes(name: str) -> tuple[str, ...]:
    """The codes of a list, for schemas; raises KeyError for a list that nobody declared."""
    return tuple(code_lists()[name].codes)


def read_code_list(path: Path) -> CodeList:
    """Read one list.

    Raises ValueError for anything but context, label, perhaps ``public: true``, and codes with label and
    description.
    """
    document = yaml_files.read(path.read_bytes())
    if not isinstance(document, dict) or document.keys() - {"public"} != {"context", "label", "codes"}:
        raise ValueError(f"{path.name}: context, label and codes are needed, perhaps public, nothing else")
    if document.get("public", True) is not True:
        raise ValueError(f"{path.name}: public is true, or is left out")
    listed = {code: _code(path.name, code, entry) for code, entry in document["codes"].items()}
    return CodeList(path.stem, document["context"], document["label"], listed, "public" in document)


def _code(file: str, code: Any, entry: Any) -> Code:
    if not isinstance(code, str):
        raise TypeError(f"{file}: {code!r} is no text; put it in quotes")
    if not isinstance(entry, dict) or not {"label"} <= entry.keys() <= {"label", "description"}:
        raise ValueError(f"{file}: {code} needs a label, and may have a description, nothing else")
    if not all(isinstance(words, str) for words in entry.values()):
        raise TypeError(f"{file}: {code}: words are needed; put them in quotes")
    return Code(code, entry["label"], entry.get("description"))
