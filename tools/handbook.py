"""Write the reference tables of docs/procedures.md anew from the tables that the engine reads by.

    python -m tools.handbook

and the JSON Schema of packs beside it. A heading that names a section gets that section's keys; what stands
around its table stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from community_api.procedure_engine.engine.form_validation import FIELD_TYPES
from community_api.procedure_engine.engine.predicates import PREDICATES
from community_api.procedure_engine.language.language_forms import FIELD_KEYS, OFFERED_ANYWAY
from community_api.procedure_engine.language.readers import REQUIRED, Key
from community_api.procedure_engine.language.sections import PACK, SECTIONS, pack_schema

# Editors complete and check packs by it (docs/procedures.md).
SCHEMA: Final = Path(__file__).parents[1] / "docs" / "procedure-pack.schema.json"
HANDBOOK: Final = Path(__file__).parents[1] / "docs" / "procedures.md"


def rows_of() -> Iterator[tuple[str, list[list[str]]]]:
    """The rows of every table by the heading it stands under; several tables under one heading in order."""
    yield "The sections of a pack", [[key_row(key) for key in PACK]]
    for name, keys in SECTIONS.items():
        yield f"`{name}`", [[key_row(key) for key in keys]]
    yield "`fields`", [[key_row(key) for key in FIELD_KEYS]]
    yield (
        "Field types",
        [[f"| `{kind.name}` | {kind.says} | {_named(kind.settings)} |" for kind in FIELD_TYPES.values()]],
    )
    predicates = [
        f"| `{one.name}` | {one.judges} | {one.says} | "
        f"{'; '.join(f'`{param.name}`: {param.says}' for param in one.params) or 'none'} | `{one.refusal}` |"
        for one in PREDICATES.values()
    ]
    yield "Predicates", [predicates, [key_row(OFFERED_ANYWAY)]]


def _named(settings: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in settings) or "none"


def key_row(key: Key) -> str:
    """One key as a row: its name, whether it is needed, what it says."""
    needed = "yes" if key.default is REQUIRED else f"no: {default_text(key.default)}"
    return f"| `{key.name}` | {needed} | {key.says} |"


def default_text(default: object) -> str:
    """A default in words."""
    if default is None or default == ():
        return "none"
    return str(default).lower()


def rewritten(text: str) -> str:
    """The handbook with its tables as they should be. ValueError: a heading or a table is missing."""
    for heading, tables in rows_of():
        text = _under(text, heading, tables)
    return text


def _under(text: str, heading: str, tables: list[list[str]]) -> str:
    """The text with the tables under a heading, up to the next of its rank or a higher one, replaced."""
    match = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    if match is None:
        raise ValueError(f"docs/procedures.md has no heading {heading!r}")
    rest = text[match.end() :]
    after = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    end = match.end() + (after.start() if after else len(rest))
    return text[: match.end()] + _filled(text[match.end() : end], tables, heading) + text[end:]


def _filled(part: str, tables: list[list[str]], heading: str) -> str:
    """A part with the rows of its tables replaced."""
    heads = list(re.finditer(r"^\|(?:-+\|)+\n(?:\| .*\n)*", part, re.MULTILINE))
    if len(heads) < len(tables):
        raise ValueError(f"docs/procedures.md has too few tables under {heading!r}")
    for found, rows in reversed(list(zip(heads, tables, strict=False))):
        line = found.group(0).split("\n", 1)[0]
        part = part[: found.start()] + "\n".join([line, *rows]) + "\n" + part[found.end() :]
    return part


def schema() -> str:
    """The JSON Schema of packs as it is published."""
    return json.dumps(pack_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8")
    HANDBOOK.write_text(rewritten(HANDBOOK.read_text(encoding="utf-8")), encoding="utf-8")
