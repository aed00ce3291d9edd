"""What a run found: as text for people, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Section


def text(sections: Sequence[Section], *, judged: bool) -> str:
    """Every section as a table, its figures and its verdicts."""
    return "\n\n".join(_section(section, judged=judged) for section in sections)


def verdict(sections: Sequence[Section], *, judged: bool) -> tuple[bool, str]:
    """Whether the run passed, and the last line that says so."""
    failed = [f"{one.title} ({one.dialect})" for one in sections if one.failures]
    missed = [f"{figure.name} ({one.dialect})" for one in sections for figure in one.missed(judged=judged)]
    doubtful = [f"{one.title} ({one.dialect})" for one in sections if one.contaminated]
    lines = [f"FAILED: {', '.join(failed)}"] if failed else []
    lines += [f"MISSED: {', '.join(missed)}"] if missed else []
    lines += [f"CONTAMINATED by other processes: {', '.join(doubtful)}"] if doubtful else []
    good = "everything required holds" if judged else "everything ran; too short to judge by"
    return not failed and not missed, "\n".join(lines or [good])


def save(path: Path, about: Mapping[str, Any], sections: Sequence[Section]) -> None:
    """The whole run, every turn of it, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    told = {**about, "sections": [_data(section) for section in sections]}
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as their widest cell; the first to the left, figures to the right."""
    lines = [header, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _section(section: Section, *, judged: bool) -> str:
    mark = "  CONTAMINATED" if section.contaminated else ""
    lines = [f"== {section.title} · {section.dialect}{mark}"]
    lines += [f"FAILED  {failure}" for failure in section.failures]
    if section.rows:
        lines.append(table(section.header, section.rows))
    if section.dropped:
        lines.append(f"{section.dropped} contaminated turns were run again and do not count")
    lines += [_figure(figure, judged=judged) for figure in section.figures]
    return "\n".join(lines)


def _figure(figure: Any, *, judged: bool) -> str:
    value = "-" if figure.value is None else f"{figure.value:,.2f}{figure.unit}"
    return f"{figure.name}: {value}  [{figure.requirement}]  {figure.verdict(judged=judged)}"


def _data(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "dialect": section.dialect,
        "contaminated": section.contaminated,
        "dropped": section.dropped,
        "failures": section.failures,
        "figures": [
            {"name": one.name, "value": one.value, "unit": one.unit, "required": str(one.requirement)}
            for one in section.figures
        ],
        **section.data,
    }
