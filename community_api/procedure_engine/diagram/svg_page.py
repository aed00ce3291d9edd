"""A pack as an SVG: lanes with boxes and arrows, a legend, and every numbered step in words."""

from __future__ import annotations

from itertools import combinations

from community_api.procedure_engine.diagram import captions
from community_api.procedure_engine.diagram.captions import Voice
from community_api.procedure_engine.diagram.change_marks import gone_since, marks_since
from community_api.procedure_engine.diagram.layout import Placed, Point, place
from community_api.procedure_engine.diagram.outline import Arrow, DrawnStep, Lane, Sketch
from community_api.procedure_engine.diagram.svg_elements import Sheet, breadth, wrapped
from community_api.procedure_engine.pack.definition import Pack, Stage
from community_api.procedure_engine.terms import Phase

WIDTH, EDGE = 1880.0, 24.0
SIDE = 118.0
BOX = (120.0, 86.0)
HEAD, ABOVE, BELOW = 78.0, 14.0, 30.0
EMPTY_LANE = 58.0
# Steps in words stand in so many columns: one more where there are many.
COLUMNS, MANY = 3, 24
# The height of the smallest letters by the breadth of the sheet: 1.92 mm on the 420 mm of an A3.
LEAST = 1.92 / 420
# Bold letters are broader.
BOLD = 1.12
A3 = 2**0.5
# How near to each other, from middle to middle: two boxes, a box and an arrow that passes, two arrows.
APART = {2: 94.0, 1: 53.0, 0: 15.0}


def draw(pack: Pack, voice: Voice, since: Pack | None = None) -> str:
    """The drawing of a pack, with what is new, changed or gone since another version (None: without)."""
    sketch = Sketch(pack)
    # The proportions of the paper are fixed: what is too high for it is drawn again, broader.
    width = WIDTH
    while True:
        drawing = _Drawing(sketch, voice, since, width)
        height = drawing.drawn()
        if height * A3 <= width * 1.005:
            return drawing.svg(max(height, width / A3))
        width = height * A3


class _Drawing:
    def __init__(self, sketch: Sketch, voice: Voice, since: Pack | None, width: float) -> None:
        self._sketch, self._voice, self._width = sketch, voice, width
        # What is smallest on paper is still read without effort, however broad the sheet.
        self._small, self._sign = max(9.5, width * LEAST), max(10.0, width * LEAST)
        self._marks = marks_since(since, sketch.pack) if since else {}
        self._gone = gone_since(since, sketch.pack) if since else ()
        self._pack = sketch.pack
        self._ground, self._sheet = Sheet(), Sheet()
        self._places = {
            lane.level: place([one.code for one in lane.stages], [(a.start, a.end) for a in lane.arrows])
            for lane in sketch.lanes
        }
        most = max(placed.columns for placed in self._places.values())
        self._pitch = (self._width - EDGE * 2 - SIDE - BOX[0] - 90) / max(most, 1)
        self._at: dict[tuple[str, str], Point] = {}
        # By level, start and end: where a long arrow passes between other boxes.
        self._bends: dict[tuple[str, str, str], tuple[Point, ...]] = {}

    def drawn(self) -> float:
        """Lanes from the first level down, what crosses them below the boxes, then the steps in words.

        The height that it takes.
        """
        self._head()
        down = HEAD
        for lane in self._sketch.lanes:
            down = self._lane(lane, down) + 10
        for lane in self._sketch.lanes:
            self._ways(lane)
        self._crossings()
        return self._steps(down + 16)

    def svg(self, height: float) -> str:
        """What was drawn, arrows below boxes."""
        sheet = Sheet()
        sheet.add(self._ground)
        sheet.add(self._sheet)
        title = f"{self._voice.say(self._pack.header.title)} {self._pack.version}"
        return sheet.svg(self._width, height, title, self._description())

    def _description(self) -> str:
        """The drawing for those who cannot see it: the stages of each lane."""
        parts = (
            f"{self._voice.say(lane.title)}: {self._voice.titles(self._pack, [s.code for s in lane.stages])}"
            for lane in self._sketch.lanes
            if lane.stages
        )
        return ". ".join(parts)

    def _head(self) -> None:
        header, say, sheet = self._pack.header, self._voice.say, self._sheet
        sheet.words(EDGE, 34, say(header.title), 24, "strong")
        told = say(captions.VERSION, number=header.version, day=header.effective_from.isoformat())
        sheet.words(EDGE, 54, f"{told} · {say(captions.HASH, hash=self._pack.hash[:16])}", 12, "soft")
        for at, line in enumerate(wrapped(say(header.notice), self._width - 1000, 12, 2)):
            sheet.words(self._width - EDGE, 34 + at * 15, line, 12, "soft", anchor="end")
        self._legend(EDGE, 71)

    def _legend(self, x: float, y: float) -> None:
        """What the signs mean."""
        signs = (
            (("owes",), captions.OWES),
            (("second",), captions.SECOND),
            (("self",), captions.BY_ITSELF),
        )
        for kinds, text in signs:
            self._sheet.dot(x + 7, y - 3, None, *kinds, radius=6)
            said = self._voice.say(text)
            self._sheet.words(x + 18, y, said, self._sign, "soft")
            x += 34 + breadth(said, self._sign)
        for kind, text in (("waiting", captions.WAITS), ("ended", captions.ENDS)):
            self._sheet.box(x, y - 9, 16, 11, "box", kind, radius=3)
            said = self._voice.say(text)
            self._sheet.words(x + 22, y, said, self._sign, "soft")
            x += 38 + breadth(said, self._sign)
        self._ground.path(f"M{x} {y - 3}H{x + 26}", "given", "gives")
        self._sheet.words(x + 32, y, self._voice.say(captions.GIVEN), self._sign, "soft")

    def _lane(self, lane: Lane, top: float) -> float:
        """One lane with its boxes; the lower edge of it."""
        placed = self._places[lane.level]
        pitch = _row_pitch(placed)
        height = ABOVE + placed.rows * pitch + BOX[1] + BELOW if lane.stages else EMPTY_LANE
        self._ground.box(EDGE, top, self._width - EDGE * 2, height, "lane", radius=10)
        self._sheet.lines(
            EDGE + 12, top + 22, wrapped(self._voice.say(lane.title), SIDE + 20, BOLD * 13), 13, "strong"
        )
        if not lane.stages:
            self._sheet.words(EDGE + SIDE + 90, top + 27, self._voice.say(captions.OUTSIDE), 12, "soft")
            self._at["", lane.level] = (EDGE + SIDE + 60, top)
        for code, (column, row) in placed.boxes.items():
            self._at[code, lane.level] = self._point(column, row, top, pitch)
        for (start, end), bends in placed.bends.items():
            corners = (self._point(column, row, top, pitch) for column, row in bends)
            self._bends[lane.level, start, end] = tuple((x + BOX[0] / 2, y + BOX[1] / 2) for x, y in corners)
        for stage in lane.stages:
            self._box(lane, stage)
        return top + height

    def _point(self, column: float, row: float, top: float, pitch: float) -> Point:
        """The upper left corner of a box."""
        return EDGE + SIDE + 70 + column * self._pitch, top + ABOVE + row * pitch

    def _box(self, lane: Lane, stage: Stage) -> None:
        """A stage: what it is called, who owes the next act until when, and steps from many stages."""
        x, y = self._at[stage.code, lane.level]
        ended = stage.phase is Phase.ENDED
        kind = {Phase.WAITING: "waiting", Phase.ENDED: "ended"}.get(stage.phase, "open")
        mark = self._marks.get(("stages", stage.code), "same")
        self._sheet.box(x, y, *BOX, "box", kind, mark)
        word = ("ended-word",) if ended else ()
        here = [one.step for one in lane.gathered if stage.code in one.sources]
        lines = wrapped(self._voice.say(stage.title), BOX[0] - 8, BOLD * 11, 2 if here else 3)
        down = self._sheet.lines(x + 7, y + 14, lines, 11, "strong", *word)
        if stage.owner:
            owner = wrapped(self._voice.role(stage.owner), BOX[0] - 8, self._small, 1)
            time = wrapped(self._voice.time(stage), BOX[0] - 8, self._small, 2)
            self._sheet.lines(x + 7, down - 2, [*owner, *time], self._small, "soft")
        apart = min(18.0, (BOX[0] - 18) / max(len(here) - 1, 1))
        for at, step in enumerate(here):
            self._dot(x + 11 + at * apart, y + BOX[1] - 10, step, 7)
        if stage.code in lane.begins:
            self._beginning(x, y, lane.begins[stage.code])
        arriving = [g.step for g in lane.gathered if g.end == stage.code]
        for at, step in enumerate(arriving):
            self._ground.path(f"M{x - 44 - at * 20:.1f} {y + 14:.1f}H{x:.1f}")
            self._dot(x - 34 - at * 20, y + 14, step)

    def _beginning(self, x: float, y: float, by: str) -> None:
        """How a case begins here."""
        text = captions.BEGINS_BY_FLAG if by == "flag" else captions.BEGINS_BY_DISSEMINATION
        lines = wrapped(self._voice.say(text), 62, self._sign, 3)
        self._sheet.lines(
            x - 12, y + BOX[1] / 2 - 10 - 12 * (len(lines) - 1), lines, self._sign, "soft", anchor="end"
        )
        self._ground.path(f"M{x - 62:.1f} {y + BOX[1] / 2:.1f}H{x:.1f}")

    def _dot(self, x: float, y: float, step: DrawnStep, radius: float = 8.5) -> None:
        kinds = [
            kind for kind, on in (("owes", step.owes), ("second", step.second), ("self", step.move)) if on
        ]
        self._sheet.dot(x, y, step.number, *kinds, radius=radius)

    def _ways(self, lane: Lane) -> None:
        """Arrows of a lane: forward from side to side, back below the boxes."""
        ahead = [a for a in lane.arrows if self._left(lane, a.start) < self._left(lane, a.end)]
        leaving, arriving = self._order(lane, ahead, out=True), self._order(lane, ahead, out=False)
        for arrow in ahead:
            x0, y0 = self._at[arrow.start, lane.level]
            x1, y1 = self._at[arrow.end, lane.level]
            bends = self._bends.get((lane.level, arrow.start, arrow.end), ())
            start = (x0 + BOX[0], y0 + BOX[1] * 0.8 * leaving[arrow])
            self._ground.way([start, *bends, (x1, y1 + BOX[1] * arriving[arrow])])
            for at, step in enumerate(arrow.steps):
                self._dot(start[0] + 12 + at * 19, start[1], step)
        for at, arrow in enumerate(a for a in lane.arrows if a not in ahead):
            self._back(lane, arrow, at)

    def _left(self, lane: Lane, code: str) -> float:
        return self._at[code, lane.level][0]

    def _order(self, lane: Lane, ahead: list[Arrow], *, out: bool) -> dict[Arrow, float]:
        """Where on the side of its box each arrow leaves or arrives, so that they do not cross there."""
        found: dict[Arrow, float] = {}
        for code in {arrow.start if out else arrow.end for arrow in ahead}:
            mine = [a for a in ahead if (a.start if out else a.end) == code]
            mine.sort(key=lambda a: self._other(lane, a, out=out))
            found |= {arrow: (at + 1) / (len(mine) + 1) for at, arrow in enumerate(mine)}
        return found

    def _other(self, lane: Lane, arrow: Arrow, *, out: bool) -> float:
        """How far down the arrow comes from or goes to."""
        bends = self._bends.get((lane.level, arrow.start, arrow.end), ())
        if bends:
            return bends[0 if out else -1][1]
        return self._at[arrow.end if out else arrow.start, lane.level][1] + BOX[1] / 2

    def _back(self, lane: Lane, arrow: Arrow, at: int) -> None:
        """An arrow to an earlier stage."""
        x0, y0 = self._at[arrow.start, lane.level]
        x1, y1 = self._at[arrow.end, lane.level]
        start, end = (x0 + BOX[0], y0 + BOX[1] - 9), (x1 + 34 + (at % 4) * 14, y1 + BOX[1])
        low = max(y0, y1) + BOX[1] + 10 + (at % 3) * 6
        self._ground.path(
            f"M{start[0]:.1f} {start[1]:.1f}H{start[0] + 14:.1f}"
            f"Q{start[0] + 22:.1f} {start[1]:.1f} {start[0] + 22:.1f} {low - 8:.1f}"
            f"Q{start[0] + 22:.1f} {low:.1f} {start[0] + 14:.1f} {low:.1f}H{end[0] + 8:.1f}"
            f"Q{end[0]:.1f} {low:.1f} {end[0]:.1f} {low - 8:.1f}V{end[1]:.1f}"
        )
        for number, step in enumerate(arrow.steps):
            self._dot(start[0] + 12 + number * 19, start[1], step)

    def _crossings(self) -> None:
        """What is given to another level, from the lower edge of a box to where a case begins."""
        for number, one in enumerate(self._sketch.crossings):
            x0, y0 = self._at[one.start]
            x1, y1 = self._at[one.end or "", one.level]
            start = (x0 + BOX[0] * 0.7 + number * 9, y0 + BOX[1])
            end = (x1 + (30 + number * 12 if one.end else 0), y1)
            low = end[1] - 10 - number * 5
            self._ground.path(
                f"M{start[0]:.1f} {start[1]:.1f}C{start[0]:.1f} {low:.1f} {start[0]:.1f} {low:.1f} "
                f"{start[0] - 30:.1f} {low:.1f}L{end[0] + 14:.1f} {low:.1f}"
                f"Q{end[0]:.1f} {low:.1f} {end[0]:.1f} {end[1]:.1f}",
                "given",
                "gives",
            )

    def _steps(self, top: float) -> float:
        """Every numbered step in words, in columns; what is gone at the end. The lower edge of it."""
        columns = COLUMNS + (len(self._sketch.steps) > MANY)
        room = (self._width - EDGE * 2) / columns
        entries = [(step, self._entry(step, room - 46)) for step in self._sketch.steps]
        share = sum(len(lines) + 1.6 for _, lines in entries) / columns
        used, lowest, before, y = 0.0, top, 0, top
        for step, lines in entries:
            column = min(columns - 1, int((used + 0.8) / share))
            x, y = EDGE + column * room, y if column == before else top
            self._dot(x + 10, y + 8, step, 8)
            mark = self._marks.get(("actions" if step.action else "moves", step.code), "")
            title = self._voice.say(step.title)
            if mark:
                title += f" ({self._voice.say(captions.NEW if mark == 'new' else captions.CHANGED)})"
            self._sheet.words(
                x + 26, y + 11, title, self._small + 1, "strong", f"{mark}-word" if mark else "same"
            )
            y = self._sheet.lines(x + 26, y + 23, lines, self._small, "soft") - 4
            used, before, lowest = used + len(lines) + 1.6, column, max(lowest, y)
        for title in self._gone:
            said = self._voice.say(captions.GONE, title=self._voice.say(title))
            self._sheet.words(EDGE, lowest + 14, said, self._small + 1, "gone-word")
            lowest += 14
        return lowest + EDGE

    def _entry(self, step: DrawnStep, room: float) -> list[str]:
        return wrapped(self._voice.step(self._pack, step), room, self._small)


def _row_pitch(placed: Placed) -> float:
    """How far apart rows must be for whatever shares a column to have room."""
    things = [(point, 1) for point in placed.boxes.values()]
    things += [(point, 0) for bends in placed.bends.values() for point in bends]
    least = 1.0
    for ((x0, y0), one), ((x1, y1), other) in combinations(things, 2):
        if x0 == x1 and y0 != y1:
            least = max(least, APART[one + other] / abs(y0 - y1))
    return least
