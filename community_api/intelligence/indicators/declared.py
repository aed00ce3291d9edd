"""Reads the declared lists from their files, once, and refuses those that changed or break a rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from community_api.core.errors import StartRefused
from community_api.intelligence.indicators import rules
from community_api.intelligence.indicators.terms import (
    Indicator,
    IndicatorClass,
    IndicatorList,
    NonIndicator,
)

T = TypeVar("T", Indicator, NonIndicator)
LISTS = Path(__file__).with_name("lists")
# In the form of `sha256sum`, so that anybody can check the lists without this product.
SUMS = "SHA256SUMS"
DEFAULT_KIND = "verlt"

_LIST_KEYS = {
    "version",
    "kind",
    "title",
    "description",
    "sunset_months",
    "based_on",
    "indicators",
    "non_indicators",
    "protected_terms",
}
_INDICATOR_KEYS = {
    "code",
    "class",
    "behaviour",
    "why_relevant",
    "innocent_when",
    "min_facts",
    "not_alone",
    "source",
}
_NON_INDICATOR_KEYS = {"code", "label", "not_a_sign_because", "disguises"}


@cache
def declared_lists(folder: Path = LISTS) -> Mapping[tuple[str, int], IndicatorList]:
    """Every declared list by kind and version.

    Raises StartRefused, naming the file, when one cannot be read, breaks a rule, or is not what
    SHA256SUMS says: a version that was published never changes.
    """
    sums = _sums(folder)
    lists: dict[tuple[str, int], IndicatorList] = {}
    for path in sorted(folder.glob("*.yaml")):
        declared = read_list(path)
        if sums.get(path.name) != declared.sha256:
            raise StartRefused(
                f"{path.name}: differs from {SUMS}; a published list never changes, make a new version"
            )
        lists[declared.kind, declared.version] = declared
    return lists


def read_list(path: Path) -> IndicatorList:
    """One list, examined by ``rules.faults``; raises StartRefused with everything that is wrong."""
    raw = path.read_bytes()
    try:
        declared = parse_list(yaml.safe_load(raw), hashlib.sha256(raw).hexdigest())
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise StartRefused(f"{path.name}: {error}") from error
    told = [*rules.faults(declared)]
    if path != path_of(declared, path.parent):
        told.append("kind and version must be those of the file's name")
    if told:
        raise StartRefused("\n".join(f"{path.name}: {fault}" for fault in told))
    return declared


def path_of(declared: IndicatorList, folder: Path = LISTS) -> Path:
    """The file that a list was declared in."""
    return folder / f"{declared.kind}.v{declared.version}.yaml"


def parse_list(told: Any, sha256: str) -> IndicatorList:
    """Declared data as frozen data; raises ValueError for a missing, unknown or repeated name."""
    _only("list", told, _LIST_KEYS)
    return IndicatorList(
        kind=_text(told["kind"]),
        version=_whole("version", told["version"]),
        title=_text(told["title"]),
        description=_text(told["description"]),
        based_on=_text(told["based_on"]),
        sunset_months=_whole("sunset_months", told["sunset_months"]),
        indicators=_by_code(_indicator(entry) for entry in told["indicators"]),
        non_indicators=_by_code(_non_indicator(entry) for entry in told["non_indicators"]),
        protected_terms=_terms(told["protected_terms"]),
        sha256=sha256,
    )


def _indicator(entry: Any) -> Indicator:
    _only("indicator", entry, _INDICATOR_KEYS)
    if not isinstance(entry["not_alone"], bool):
        raise TypeError(f"{entry['code']}: not_alone is true or false")
    return Indicator(
        code=_text(entry["code"]),
        indicator_class=IndicatorClass(entry["class"]),
        behaviour=_text(entry["behaviour"]),
        why_relevant=_text(entry["why_relevant"]),
        innocent_when=tuple(map(_text, entry["innocent_when"])),
        min_facts=tuple(map(_text, entry["min_facts"])),
        not_alone=entry["not_alone"],
        source=_text(entry["source"]),
    )


def _non_indicator(entry: Any) -> NonIndicator:
    _only("non-indicator", entry, _NON_INDICATOR_KEYS)
    return NonIndicator(
        code=_text(entry["code"]),
        label=_text(entry["label"]),
        not_a_sign_because=_text(entry["not_a_sign_because"]),
        disguises=_terms(entry["disguises"]),
    )


def _by_code(entries: Iterable[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for entry in entries:
        if entry.code in found:
            raise ValueError(f"{entry.code}: stands on the list twice")
        found[entry.code] = entry
    return found


def _only(what: str, entry: Any, keys: set[str]) -> None:
    """Exactly these names: a weight, a score or a minimum number has no place to stand."""
    if not isinstance(entry, dict):
        raise TypeError(f"{what}: names and values are needed")
    if entry.keys() != keys:
        wrong = sorted(map(str, entry.keys() ^ keys))
        raise ValueError(f"{what} {entry.get('code', '')}: missing or not known here: {', '.join(wrong)}")


def _terms(told: Any) -> dict[str, tuple[str, ...]]:
    return {_text(language): tuple(map(_text, terms)) for language, terms in told.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str) or value != value.strip() or not value:
        raise ValueError(f"words are needed, without space around them, not {value!r}")
    return value


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name}: a whole number from 1 is needed")
    return value


def _sums(folder: Path) -> Mapping[str, str]:
    lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    return {name.strip(): digest for digest, name in (line.split(maxsplit=1) for line in lines if line)}
