"""The pieces of an SVG: boxes, words in lines, arrows, numbered signs. Lengths are units of the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from community_api.procedure_engine.diagram.layout import Point

# The breadth of a letter by its height, on average and rather too broad than too narrow.
_LATIN, _OTHER = 0.53, 0.64
STYLE = """
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;fill:#18212d}
.sheet{fill:#fff}.lane{fill:#eef2f7}.box{fill:#fff;stroke:#44546a;stroke-width:1.4}
.waiting{stroke-dasharray:5 4}.ended{fill:#44546a;stroke:#44546a}.ended-word{fill:#fff}
.soft{fill:#4d5a6b}.strong{font-weight:600}.way{fill:none;stroke:#44546a;stroke-width:1.4}
.given{fill:none;stroke:#8a5a00;stroke-width:1.6;stroke-dasharray:7 4}
.dot{fill:#fff;stroke:#44546a;stroke-width:1.3}.second{stroke-width:3}
.owes{fill:#d5efe3;stroke:#0f7a55}.owes-word{fill:#0f7a55}.self{stroke-dasharray:2 2}
.new{stroke:#0f7a55;stroke-width:3}.changed{stroke:#b26a00;stroke-width:3}
.new-word{fill:#0f7a55}.changed-word{fill:#b26a00}.gone-word{fill:#a3202c;text-decoration:line-through}
"""
MARKERS = (
    '<marker id="tip" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="8" markerHeight="8" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#44546a"/></marker>'
    '<marker id="gives" viewBox="0 0 8 8" refX="7.2" refY="4" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8a5a00"/></marker>'
)


class Sheet:
    """A drawing that grows piece by piece; what is added later lies above what was before."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, other: Sheet) -> None:
        """Lay everything of another sheet above what is here."""
        self._parts += other._parts

    def box(self, x: float, y: float, width: float, height: float, *kinds: str, radius: float = 7) -> None:
        """A rectangle."""
        self._parts.append(
            f'<rect class="{" ".join(kinds)}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" '
            f'height="{height:.1f}" rx="{radius:g}"/>'
        )

    def words(self, x: float, y: float, text: str, size: float, *kinds: str, anchor: str = "start") -> None:
        """One line of words; y is its base line."""
        self._parts.append(
            f'<text class="{" ".join(kinds)}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" '
            f'text-anchor="{anchor}">{escape(text)}</text>'
        )

    def lines(
        self, x: float, y: float, lines: Iterable[str], size: float, *kinds: str, anchor: str = "start"
    ) -> float:
        """Lines of words below one another; the base line that would follow."""
        for line in lines:
            self.words(x, y, line, size, *kinds, anchor=anchor)
            y += size * 1.2
        return y

    def way(self, points: Sequence[Point], kind: str = "way", tip: str = "tip") -> None:
        """An arrow through points, leaving and arriving level."""
        path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
        for (x0, y0), (x1, y1) in pairwise(points):
            bend = (x1 - x0) / 2
            path += f"C{x0 + bend:.1f} {y0:.1f} {x1 - bend:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        self._parts.append(f'<path class="{kind}" d="{path}" marker-end="url(#{tip})"/>')

    def path(self, path: str, kind: str = "way", tip: str = "tip") -> None:
        """An arrow along a path of one's own."""
        self._parts.append(f'<path class="{kind}" d="{path}" marker-end="url(#{tip})"/>')

    def dot(self, x: float, y: float, number: int | None, *kinds: str, radius: float = 8.5) -> None:
        """A numbered sign; None: without a number."""
        self._parts.append(
            f'<circle class="dot {" ".join(kinds)}" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"/>'
        )
        if number is not None:
            self.words(x, y + radius * 0.42, str(number), radius * 1.15, "strong", anchor="middle")

    def svg(self, width: float, height: float, title: str, text: str) -> str:
        """The whole, in the proportions of A3 across; `told` is what a screen reader says."""
        return (
            '<svg xmlns="http://www.w3.org/2000/svg" width="420mm" height="297mm" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(text)}>'
            f"<title>{escape(title)}</title><style>{STYLE}</style><defs>{MARKERS}</defs>"
            f'<rect class="sheet" width="{width:.0f}" height="{height:.0f}"/>{"".join(self._parts)}</svg>\n'
        )


def wrapped(text: str, width: float, size: float, most: int = 99) -> list[str]:
    """Lines of a text that fit a width; the last of `most` ends with an ellipsis where more would follow."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if breadth(longer, size) <= width or not line:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]} …"]
    return [_cut(one, width, size) for one in lines]


def breadth(text: str, size: float) -> float:
    """About how broad a line of words is."""
    return size * sum(_LATIN if letter < "\u0370" else _OTHER for letter in text)


def _cut(line: str, width: float, size: float) -> str:
    """A line that fits, with an ellipsis for what does not."""
    if breadth(line, size) <= width:
        return line
    while line and breadth(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"
