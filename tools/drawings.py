"""Draw the pictures of docs/: python -m tools.drawings.

The layers come from the import contracts and the packages' own first sentences. Colours follow the
reader's preference for light or dark.
"""

import ast
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path

from community_api.core.i18n.translations import Words
from community_api.procedure_engine.diagram.captions import voice
from community_api.procedure_engine.diagram.svg_page import draw
from community_api.procedure_engine.repository import packs

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs"
PACKAGE = ROOT / "community_api"
LIGHT = {
    "sheet": "#ffffff",
    "lane": "#eef2f7",
    "box": "#ffffff",
    "edge": "#5b6b82",
    "word": "#18212d",
    "soft": "#4d5a6b",
    "back": "#0f7a55",
}
DARK = {
    "sheet": "#12171e",
    "lane": "#1d2530",
    "box": "#28323f",
    "edge": "#8fa1b8",
    "word": "#e9eef5",
    "soft": "#aebccd",
    "back": "#4cc79a",
}
STYLE = """text{{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:{word}}}
.name{{font-weight:600}}.soft{{fill:{soft}}}.sheet{{fill:{sheet}}}.lane{{fill:{lane}}}.box{{fill:{box};stroke:{edge}}}
.ahead{{fill:none;stroke:{edge};stroke-dasharray:4 4}}.way{{fill:none;stroke:{edge};stroke-width:1.6}}
.skip{{stroke-dasharray:5 4}}.back{{fill:none;stroke:{back};stroke-width:2.4}}.tip{{fill:{edge}}}
.backtip,.backword{{fill:{back}}}"""
MARKERS = "".join(
    f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    f'markerUnits="userSpaceOnUse" orient="auto"><path class="{name}" d="M0 0 8 4 0 8z"/></marker>'
    for name in ("tip", "backtip")
)


class Sheet:
    """A drawing of fixed size; positions are pixels from the upper left."""

    def __init__(self, width: int, height: int, text: str) -> None:
        self._size = (width, height)
        self._told = text
        self._parts: list[str] = []
        self.box(0, 0, width, height, "sheet", radius=10)

    def box(self, x: int, y: int, width: int, height: int, kind: str, *, radius: int = 6) -> None:
        self._parts.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'
        )

    def text(
        self, x: int, y: int, words: str, *, size: int = 14, kind: str = "", anchor: str = "start"
    ) -> None:
        told = f' class="{kind}"' if kind else ""
        told += f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}"{told}>{escape(words, quote=False)}</text>'
        )

    def way(self, path: str, *, kind: str = "way", tip: str | None = "tip") -> None:
        end = f' marker-end="url(#{tip})"' if tip else ""
        self._parts.append(f'<path class="{kind}" d="{path}"{end}/>')

    def dumps(self) -> str:
        width, height = self._size
        style = f"{STYLE.format(**LIGHT)}\n@media (prefers-color-scheme:dark){{\n{STYLE.format(**DARK)}\n}}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
            f'height="{height}" role="img">\n<title>{escape(self._told)}</title>\n'
            f"<style>\n{style}\n</style>\n<defs>{MARKERS}</defs>\n" + "\n".join(self._parts) + "\n</svg>\n"
        )


# --- the main job -------------------------------------------------------------------------------

FIRST, STEP, BOX, HIGH = 150, 122, 108, 44
RIGHT, BUS = 880, 908
LANES = {
    "National": ("compare, decide", 16, 4, ["acknowledge", "decide"]),
    "Regional": ("compare, decide", 106, 3, ["acknowledge", "decide", "disseminate"]),
    "Local": (
        "evaluate, decide",
        196,
        0,
        ["assess", "evaluate", "sanitise", "approve", "decide", "disseminate"],
    ),
    "Community": ("know the people", 320, 0, ["report", "flag", "confirm"]),
}
TALL = 72


def main_job() -> str:
    """From what an officer saw to the national level, and back as feedback."""
    sheet = Sheet(
        930,
        524,
        "From an officer's report by a declared procedure to the national level, and back as feedback",
    )
    for name, (task, top, first, steps) in LANES.items():
        _lane(sheet, name, task, top, first, steps)
    _ways_up(sheet)
    _way_back(sheet)
    sheet.box(8, 478, RIGHT - 8, 36, "lane")
    sheet.text(20, 501, "Audit trail", kind="name")
    sheet.text(
        FIRST,
        501,
        "one entry for every writing, reading and refusal; the independent authority reads it",
        size=13,
    )
    return sheet.dumps()


def _lane(sheet: Sheet, name: str, task: str, top: int, first: int, steps: list[str]) -> None:
    sheet.box(8, top, RIGHT - 8, TALL, "lane")
    sheet.text(20, top + 32, name, kind="name")
    sheet.text(20, top + 50, task, size=12, kind="soft")
    for number, step in enumerate(steps, first):
        x, y = FIRST + number * STEP, top + (TALL - HIGH) // 2
        sheet.box(x, y, BOX, HIGH, "box")
        sheet.text(x + BOX // 2, y + 27, step, anchor="middle")
        if number > first:
            sheet.way(f"M{x - STEP + BOX} {y + HIGH // 2}H{x - 2}")
    sheet.way(f"M{RIGHT} {top + TALL // 2}H{BUS}", kind="back", tip=None)


def _ways_up(sheet: Sheet) -> None:
    """Through the valve to the local unit, and from each disseminating unit to the next."""
    sheet.way(f"M{_middle(2)} 334V304H{_middle(0)}V256")
    sheet.text(_middle(2) + 14, 291, "The valve: a copy of the minimum leaves.", size=12, kind="soft")
    sheet.text(
        _middle(2) + 14, 308, "Nobody above reads the report or learns who made it.", size=12, kind="soft"
    )
    sheet.text(
        _middle(3) - 48, 352, "The officer reports, and may flag. Somebody else,", size=12, kind="soft"
    )
    sheet.text(
        _middle(3) - 48, 369, "independent, confirms. The report stays with its team.", size=12, kind="soft"
    )
    sheet.way(f"M{_middle(5)} 210V187H{_middle(3)}V166")
    sheet.way(f"M{_middle(5)} 120V97H{_middle(4)}V76")
    sheet.way(f"M{_middle(5) + 26} 210V187H{RIGHT - 6}V97H{_middle(5)}", kind="way skip", tip=None)
    sheet.text(_middle(3) - 8, 191, "sanitised reports only", size=12, kind="soft", anchor="end")


def _way_back(sheet: Sheet) -> None:
    """Every decision owes an answer: down the right side to the officer."""
    sheet.way(f"M{BUS} {LANES['National'][1] + TALL // 2}V437H{FIRST + BOX + 4}", kind="back", tip="backtip")
    sheet.box(FIRST, 415, BOX, HIGH, "box")
    sheet.text(FIRST + BOX // 2, 442, "hear back", anchor="middle")
    sheet.text(20, 442, "Feedback", kind="name")
    sheet.text(
        FIRST + BOX + 24, 428, "an answer for every decision, from whoever decided", size=13, kind="backword"
    )
    sheet.text(
        FIRST + BOX + 24,
        456,
        "no case closes while one is owed; when one is late, officer and manager are told",
        size=13,
        kind="soft",
    )


def _middle(number: int) -> int:
    return FIRST + number * STEP + BOX // 2


# --- the layers ---------------------------------------------------------------------------------


def layers() -> str:
    """Who may import whom, from the contract that is checked; what is not built yet is dashed."""
    rows = list(_rows())
    sheet = Sheet(
        930, 34 * len(rows) + 46, "The layers of community_api: each may import only what stands below it"
    )
    for number, row in enumerate(rows):
        y = 12 + 34 * number
        width = (250 - 6 * (len(row) - 1)) // len(row)
        for place, name in enumerate(row):
            x = 12 + place * (width + 6)
            sheet.box(x, y, width, 28, "box" if _first_sentence(name) else "ahead")
            sheet.text(x + width // 2, y + 19, name, size=13, anchor="middle")
        sheet.text(276, y + 19, _row_text(row), size=12, kind="soft")
    sheet.text(
        12, 34 * len(rows) + 34, "Each may import what stands below it, never above or beside it.", size=12
    )
    return sheet.dumps()


def _rows() -> Iterator[list[str]]:
    """Layers from the highest, each with those that stand side by side."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(
        one for one in told["tool"]["importlinter"]["contracts"] if one["name"].startswith("Layers")
    )
    for layer in contract["layers"]:
        yield [name.strip(" ()") for name in layer.split("|")]


def _row_text(row: list[str]) -> str:
    built = [(name, said) for name in row if (said := _first_sentence(name))]
    if len(row) == 1:
        return built[0][1] if built else "not built yet"
    return " · ".join(f"{name}: {_opening(said)}" for name, said in built)


def _opening(sentence: str) -> str:
    """What stands before the first colon, semicolon or full stop."""
    for mark in (":", ";", "."):
        sentence = sentence.partition(mark)[0]
    return sentence[0].lower() + sentence[1:]


def _first_sentence(name: str) -> str:
    """The first line of the docstring of a module or package; empty: it is not built yet."""
    for path in (PACKAGE / f"{name}.py", PACKAGE / name / "__init__.py"):
        if path.exists():
            return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or name).splitlines()[0]
    return ""


def procedure() -> str:
    """The newest version of the baseline, as `flask procedure draw` draws it."""
    newest = max((one for one in packs() if one.name == "osce-baseline"), key=lambda item: item.version)
    return draw(newest, voice(Words(playful=False), "en"))


DRAWINGS = {"main-job.svg": main_job, "layers.svg": layers, "osce-baseline.svg": procedure}


def main() -> None:
    """Write every drawing and say which changed."""
    for name, made in DRAWINGS.items():
        path, drawn = FOLDER / name, made()
        is_current = path.exists() and path.read_text(encoding="utf-8") == drawn
        path.write_text(drawn, encoding="utf-8")
        print(f"docs/{name} {'was current' if is_current else 'is new'}.")


if __name__ == "__main__":
    main()
