"""What differs between two versions of a procedure, found by meaning and not by line.

Both are taken as data: things with a code are the same thing wherever they stand, so that moving one in
the file is no difference; everything else is compared in order. A difference names its place as people
name it, such as `actions.decide.roles`, and what stood and stands there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from community_api.core.i18n.translations import N_
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.definition import Pack

# What tells two things of a list apart, the first that they have.
_NAMED_BY: Final = ("code", "point")
# These follow from the rest.
_NOT_COMPARED: Final = frozenset({"hash", "version"})
# What a pack is read into is here and there called otherwise than in its file.
_IN_THE_FILE: Final = {
    "header": "procedure",
    "sources": "from",
    "source": "from",
    "target": "to",
    "help": "text",
}

NEW: Final = N_("{place} is new")
GONE: Final = N_("{place} is gone")
CHANGED: Final = N_("{place}: {before} before, {after} now")


class Kind(StrEnum):
    """How two versions differ in one place."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


SENTENCES: Final[Mapping[Kind, str]] = {Kind.NEW: NEW, Kind.GONE: GONE, Kind.CHANGED: CHANGED}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. `before` is None for what is new, `after` for what is gone."""

    kind: Kind
    place: tuple[str, ...]
    before: str | None
    after: str | None

    @property
    def where(self) -> str:
        """The place as people name it."""
        return ".".join(self.place)

    @property
    def params(self) -> dict[str, str]:
        """What the sentence of its kind has placeholders for."""
        return {"place": self.where, "before": self.before or "", "after": self.after or ""}


def compare(old: Pack, new: Pack) -> tuple[Difference, ...]:
    """Everything that differs, in the order of the new pack, what is gone behind what stood before it."""
    return tuple(_compared(_plain(old), _plain(new), ()))


def _compared(old: Any, new: Any, place: tuple[str, ...]) -> Iterator[Difference]:
    """What differs between two plain values of the same place."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            here = (*place, key)
            if key not in old:
                yield Difference(Kind.NEW, here, None, _value_text(new[key]))
            elif key not in new:
                yield Difference(Kind.GONE, here, _value_text(old[key]), None)
            else:
                yield from _compared(old[key], new[key], here)
    elif old != new:
        kind = Kind.NEW if _is_nothing(old) else Kind.GONE if _is_nothing(new) else Kind.CHANGED
        yield Difference(
            kind,
            place,
            None if kind is Kind.NEW else _value_text(old),
            None if kind is Kind.GONE else _value_text(new),
        )


def _plain(value: Any) -> Any:
    """A value as dictionaries by name, lists and words."""
    if isinstance(value, Clock):
        return f"{value.hours} h" if value.hours is not None else f"{value.working_days} d"
    if is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in fields(value) if f.name not in {*_NOT_COMPARED, *_NAMED_BY}]
        return {_IN_THE_FILE.get(name, name): _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return _listed(tuple(value))
    return value.isoformat() if isinstance(value, date) else value


def _listed(items: tuple[Any, ...]) -> Any:
    """Things by their names where every one has a name of its own; else as they stand."""
    names = [_name(item) for item in items]
    if items and None not in names and len(set(names)) == len(names):
        return {str(name): _plain(item) for name, item in zip(names, items, strict=True)}
    return [_plain(item) for item in items]


def _name(item: Any) -> str | None:
    """What a thing of a list is called; guards by their predicate, edges by their ends, results by where."""
    for key in _NAMED_BY:
        if hasattr(item, key):
            return str(getattr(item, key))
    if hasattr(item, "predicate"):
        return str(item.predicate)
    if hasattr(item, "source") and hasattr(item, "target"):
        return f"{item.source}-{item.target}"
    if hasattr(item, "by") and hasattr(item, "stage"):
        return f"{item.by}-{item.stage}"
    if hasattr(item, "when"):
        return ",".join(item.when or item.at_levels) or "always"
    return None


def _is_nothing(value: Any) -> bool:
    return value is None or value is False or value in ([], {}, "")


def _value_text(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, dict):
        inner = (f"{key}={_value_text(one)}" for key, one in value.items() if not _is_nothing(one))
        return "{" + ", ".join(inner) + "}"
    if isinstance(value, list):
        return ", ".join(_value_text(one) for one in value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
