"""Where the boxes of a lane stand and how its arrows run: a layered layout, in columns and rows.

The layout library finds layers and crossings; it is given numbers instead of codes, because the order of
its sets must not depend on anything but the pack. Arrows that lead back to an earlier stage stay out
of the layers and run below the boxes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from fast_sugiyama import from_edges

_SPACING = 10.0

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Placed:
    """Columns and rows of the boxes, from 0; `bends` are the points between the ends of a long arrow."""

    boxes: Mapping[str, Point]
    bends: Mapping[tuple[str, str], tuple[Point, ...]]
    columns: float
    rows: float


@dataclass(frozen=True)
class _Layout:
    """What the library made of one connected part; numbers beyond the stages are helping points."""

    points: dict[int, Point]
    width: float
    links: list[tuple[int, int]]


def place(codes: Sequence[str], arrows: Iterable[tuple[str, str]]) -> Placed:
    """Places for some stages, told in their order (a beginning first), and the arrows between them."""
    arrows = tuple(arrows)
    codes = _followed(codes, arrows)
    number = {code: index for index, code in enumerate(codes)}
    forward = sorted({(number[a], number[b]) for a, b in arrows if number[a] < number[b]})
    points: dict[int, Point] = {}
    links: list[tuple[int, int]] = []
    down = 0.0
    for part in _layouts(forward):
        points |= {one: (-y, x / _SPACING + down) for one, (x, y) in part.points.items()}
        links += part.links
        down += part.width / _SPACING + 1
    for index in number.values():
        if index not in points:
            points[index], down = (0.0, down), down + 1
    points = _from_zero(points)
    boxes = {code: points[index] for code, index in number.items()}
    bends = {(codes[a], codes[b]): _bends(a, b, links, points, len(codes)) for a, b in forward}
    return Placed(boxes, bends, _most(points, 0), _most(points, 1))


def _followed(codes: Sequence[str], arrows: Sequence[tuple[str, str]]) -> list[str]:
    """The stages in the order in which a case comes to them: what leads against it leads back."""
    leaving: dict[str, list[str]] = {code: [] for code in codes}
    for start, end in arrows:
        leaving[start].append(end)
    left: list[str] = []
    for first in codes:
        # As deep as it goes, each stage noted when everything behind it is.
        seen, trail = {*left, first}, [(first, iter(leaving[first]))] if first not in left else []
        while trail:
            at, ends = trail[-1]
            following = next((end for end in ends if end not in seen), None)
            if following is None:
                left.append(at)
                trail.pop()
            else:
                seen.add(following)
                trail.append((following, iter(leaving[following])))
    return list(reversed(left))


def _layouts(forward: list[tuple[int, int]]) -> list[_Layout]:
    """One layout for each connected part; the smallest number first, as the parts come in any order."""
    if not forward:
        return []
    found = from_edges(
        forward, vertex_spacing=_SPACING, minimum_length=1, dummy_vertices=True, dummy_size=_SPACING
    )
    parts = [
        _Layout(
            {int(one): (float(x), float(y)) for one, (x, y) in positions},
            float(width),
            [(int(a), int(b)) for a, b in edges or ()],
        )
        for positions, width, _height, edges in found
    ]
    return sorted(parts, key=lambda part: min(part.points))


def _from_zero(points: Mapping[int, Point]) -> dict[int, Point]:
    """Columns counted from 0 without gaps; rows from 0."""
    columns = {x: index for index, x in enumerate(sorted({x for x, _ in points.values()}))}
    top = min((y for _, y in points.values()), default=0.0)
    return {one: (float(columns[x]), y - top) for one, (x, y) in points.items()}


def _bends(
    start: int, end: int, links: list[tuple[int, int]], points: Mapping[int, Point], offset: int
) -> tuple[Point, ...]:
    """The helping points of one long arrow: those that lead from its start to its end and to no other."""
    following = {a: b for a, b in links if a >= offset}
    for first in (b for a, b in links if a == start and b >= offset):
        trail, at = [first], following[first]
        while at >= offset:
            trail.append(at)
            at = following[at]
        if at == end:
            return tuple(points[one] for one in trail)
    return ()


def _most(points: Mapping[int, Point], axis: int) -> float:
    return max((point[axis] for point in points.values()), default=0.0)
