"""Whether cross-walks are total, say what they can say, and never make a grade better than it was given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.language.unknown_names import NO_GRADE, NO_SCHEME
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_lists import Axis, Crosswalk
from community_api.procedure_engine.verification.references import Findings, unknown


def findings(pack: Pack) -> Findings:
    """Everything wrong with the conversion of grades."""
    seen = set()
    for index, walk in enumerate(pack.crosswalks):
        path: Path = ("crosswalks", index)
        for key, scheme in (("from", walk.source), ("to", walk.target)):
            yield from unknown((*path, key), NO_SCHEME, scheme, pack.scheme_by_code)
        if walk.source == walk.target:
            yield (*path, "to"), Sentence(N_("a scheme needs no cross-walk to itself"))
        if (walk.source, walk.target) in seen:
            yield (
                path,
                Sentence(
                    N_("there is a cross-walk from {source} to {target} already"),
                    source=walk.source,
                    target=walk.target,
                ),
            )
        seen.add((walk.source, walk.target))
        if {walk.source, walk.target} <= pack.scheme_by_code.keys():
            yield from _axes(path, walk, pack)
    yield from _raised(pack)


def _axes(path: Path, walk: Crosswalk, pack: Pack) -> Findings:
    """Every grade of a side once, and matches that exist; what is not known stays not known."""
    for at, side in enumerate(walk.axes):
        here = (*path, "axes", at)
        first, second = _axis(pack, walk.source, side.axis), _axis(pack, walk.target, side.axis)
        if side.axis == "handling":
            yield (
                (*here, "axis"),
                Sentence(N_("how a report may be used is decided anew and never converted")),
            )
        elif first is None or second is None:
            yield (*here, "axis"), Sentence(N_("both schemes need the axis `{axis}`"), axis=side.axis)
        else:
            yield from _values(here, {one.source: one.target for one in side.values}, first, second)
            if len({one.source for one in side.values}) < len(side.values):
                yield (*here, "values"), Sentence(N_("a grade is matched twice"))


def _values(path: Path, matches: Mapping[str, str | None], first: Axis, second: Axis) -> Findings:
    known, there = _codes(first), _codes(second)
    for code in known:
        if code not in matches:
            yield (
                (*path, "values"),
                Sentence(N_("the grade {code} is missing: without a match, leave out its `to`"), code=code),
            )
    for index, (code, target) in enumerate(matches.items()):
        here = (*path, "values", index)
        yield from unknown((*here, "from"), NO_GRADE, code, known)
        yield from unknown((*here, "to"), NO_GRADE, target, there)
        vague = (code in first.unassessed, target in second.unassessed)
        if target in there and code in known and vague[0] is not vague[1]:
            yield (
                (*here, "to"),
                Sentence(
                    N_("{code} and {target} differ: only one of them says that it is not known"),
                    code=code,
                    target=target,
                ),
            )


def _raised(pack: Pack) -> Findings:
    """A grade that is converted there and back is never better than it was."""
    for index, walk in enumerate(pack.crosswalks):
        for at, side in enumerate(walk.axes):
            first, back = _axis(pack, walk.source, side.axis), dict(_back(pack, walk, side.axis))
            codes = [] if first is None else [one for one in _codes(first) if one not in first.unassessed]
            rank = {code: number for number, code in enumerate(codes)}
            for number, one in enumerate(side.values):
                returned = back.get(one.target or "")
                if rank.get(returned or "", len(rank)) < rank.get(one.source, 0):
                    message = Sentence(
                        N_(
                            "{source} becomes {target} and comes back as {returned}, a better grade: "
                            "match {target} with the least of the grades that become it"
                        ),
                        source=one.source,
                        target=one.target,
                        returned=returned,
                    )
                    yield ("crosswalks", index, "axes", at, "values", number), message


def _back(pack: Pack, walk: Crosswalk, axis: str) -> Iterator[tuple[str, str]]:
    """The matches of the cross-walk in the other direction."""
    for other in pack.crosswalks:
        if (other.source, other.target) == (walk.target, walk.source):
            for side in other.axes:
                for one in side.values if side.axis == axis else ():
                    if one.target is not None:
                        yield one.source, one.target


def _axis(pack: Pack, scheme: str, code: str) -> Axis | None:
    return (
        next((one for one in pack.scheme_by_code[scheme].axes if one.code == code), None)
        if (scheme in pack.scheme_by_code)
        else None
    )


def _codes(axis: Axis) -> tuple[str, ...]:
    return tuple(one.code for one in axis.values)
