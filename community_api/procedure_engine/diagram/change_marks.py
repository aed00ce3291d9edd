"""What a drawing marks as new, changed or gone since another version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from community_api.procedure_engine.compare import Kind, compare
from community_api.procedure_engine.pack.definition import Pack

# Stages and steps are drawn; what their forms ask is said of the steps.
_DRAWN = ("stages", "actions", "moves")


def marks_since(old: Pack, new: Pack) -> Mapping[tuple[str, str], str]:
    """Stages, actions and moves that are "new" or "changed", by section and code."""
    marks: dict[tuple[str, str], str] = {}
    for one in compare(old, new):
        for section, code in _meant(one.place, new):
            is_new = one.kind is Kind.NEW and one.place == (section, code)
            marks.setdefault((section, code), "new" if is_new else "changed")
    return marks


def gone_since(old: Pack, new: Pack) -> tuple[str, ...]:
    """Titles of the stages and steps that are no more."""
    kept = {one.code for section in _DRAWN for one in getattr(new, section)}
    return tuple(one.title for section in _DRAWN for one in getattr(old, section) if one.code not in kept)


def _meant(place: tuple[str, ...], new: Pack) -> Iterator[tuple[str, str]]:
    """The drawn things that a difference is about."""
    section, code = place[0], place[1] if place[1:] else ""
    if section in _DRAWN:
        yield section, code
    if section == "forms":
        yield from (("actions", action.code) for action in new.actions if action.form == code)
