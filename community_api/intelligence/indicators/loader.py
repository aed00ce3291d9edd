"""Reads the declared lists from their files, once, and refuses those that changed or break a rule."""

from __future__ import annotations

import hashlib
import reprlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from community_api.core import yaml_files
from community_api.core.errors import StartupError
from community_api.core.i18n.translations import N_, Sentence
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

_NAMED_AT_ONCE = 10
_LONGEST_TERM = 60
_MOST_STARS = 3

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

    Raises StartupError, naming the file, when one cannot be read, breaks a rule, or is not what
    SHA256SUMS says: a version that was published never changes.
    """
    sums = _sums(folder)
    lists: dict[tuple[str, int], IndicatorList] = {}
    for path in sorted(folder.glob("*.yaml")):
        declared = read_list(path)
        if sums.get(path.name) != declared.sha256:
            raise StartupError(
                f"{path.name}: differs from {SUMS}; a published list never changes, make a new version"
            )
        lists[declared.kind, declared.version] = declared
    return lists


def read_list(path: Path) -> IndicatorList:
    """One list, examined by ``rules.faults``; raises StartupError with everything that is wrong."""
    raw = path.read_bytes()
    try:
        declared = parse_list(yaml_files.read(raw), hashlib.sha256(raw).hexdigest())
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise StartupError(f"{path.name}: {error}") from error
    told = [*rules.faults(declared)]
    if path != path_of(declared, path.parent):
        told.append(Sentence(N_("kind and version must be those of the file's name")))
    if told:
        raise StartupError("\n".join(f"{path.name}: {fault}" for fault in told))
    return declared


def path_of(declared: IndicatorList, folder: Path = LISTS) -> Path:
    """The file that a list was declared in."""
    return folder / f"{declared.kind}.v{declared.version}.yaml"


def parse_list(document: Any, sha256: str) -> IndicatorList:
    """Declared data as frozen data; raises ValueError with a `Sentence` for what is no list."""
    _only(document, _LIST_KEYS)
    return IndicatorList(
        kind=_text(document["kind"]),
        version=_whole("version", document["version"]),
        title=_text(document["title"]),
        description=_text(document["description"]),
        based_on=_text(document["based_on"]),
        sunset_months=_whole("sunset_months", document["sunset_months"]),
        indicators=_by_code(_indicator(entry) for entry in _listed(document["indicators"])),
        non_indicators=_by_code(_non_indicator(entry) for entry in _listed(document["non_indicators"])),
        protected_terms=_terms(document["protected_terms"]),
        sha256=sha256,
    )


def _indicator(entry: Any) -> Indicator:
    _only(entry, _INDICATOR_KEYS)
    if not isinstance(entry["not_alone"], bool):
        _refuse(N_("{code}: not_alone is true or false"), code=_text(entry["code"]))
    return Indicator(
        code=_text(entry["code"]),
        indicator_class=_class(entry["class"]),
        behaviour=_text(entry["behaviour"]),
        why_relevant=_text(entry["why_relevant"]),
        innocent_when=_texts(entry["innocent_when"]),
        min_facts=_texts(entry["min_facts"]),
        not_alone=entry["not_alone"],
        source=_text(entry["source"]),
    )


def _non_indicator(entry: Any) -> NonIndicator:
    _only(entry, _NON_INDICATOR_KEYS)
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
            _refuse(N_("{code}: stands on the list twice"), code=entry.code)
        found[entry.code] = entry
    return found


def _only(entry: Any, keys: set[str]) -> None:
    """Exactly these names: a weight, a score or a minimum number has no place to stand."""
    if not isinstance(entry, dict):
        _refuse(N_("names with their values are needed, not {found}"), found=_short(entry))
    if entry.keys() != keys:
        wrong = [_short(name) for name in sorted(map(str, entry.keys() ^ keys))[:_NAMED_AT_ONCE]]
        if "code" in entry:
            _refuse(N_("{code}: missing or not known here: {wrong}"), code=_short(entry["code"]), wrong=wrong)
        _refuse(N_("missing or not known: {wrong}"), wrong=wrong)


def _class(value: Any) -> IndicatorClass:
    if value not in [one.value for one in IndicatorClass]:
        _refuse(N_("there is no class {found}"), found=_short(value))
    return IndicatorClass(value)


def _terms(value: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        _refuse(N_("words by language are needed, not {found}"), found=_short(value))
    return {_text(language): tuple(map(_term, _listed(terms))) for language, terms in value.items()}


def _term(value: Any) -> str:
    """A word to look for, in which each `*` multiplies the ways in which it may be found."""
    term = _text(value)
    if len(term) > _LONGEST_TERM or term.count("*") > _MOST_STARS:
        text = N_("{found}: a term has {length} characters at most, and {stars} times `*`")
        _refuse(text, found=_short(term), length=_LONGEST_TERM, stars=_MOST_STARS)
    return term


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, _listed(value)))


def _listed(value: Any) -> list[Any]:
    """A list; words would pass for the list of their letters."""
    if not isinstance(value, list):
        _refuse(N_("a list is needed, not {found}"), found=_short(value))
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or value != value.strip() or not value:
        _refuse(N_("words are needed, without space around them, not {found}"), found=_short(value))
    return value


def _whole(name: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        _refuse(N_("{name}: a whole number from 1 is needed"), name=name)
    return value


def _short(value: Any) -> str:
    """What was found, as far as somebody finds it again in their file."""
    return reprlib.repr(value)


def _refuse(text: str, **values: object) -> NoReturn:
    raise ValueError(Sentence(text, **values))


def _sums(folder: Path) -> Mapping[str, str]:
    lines = (folder / SUMS).read_text(encoding="ascii").splitlines()
    return {name.strip(): digest for digest, name in (line.split(maxsplit=1) for line in lines if line)}
