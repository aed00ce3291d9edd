"""The map language, version 1: how the rows of one CSV file become reports. Described in examples/README.md.

Read and checked as a whole before anything is sent: a mistake names its file and line.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from community_api.clients.feed.map_values import Reading
from community_api.clients.feed.values import Row, RowRefused, Value
from community_api.clients.feed.yaml_lines import MapWrong, Node, read_yaml

VERSION = "1"
TOP = ("map", "feed", "imported_from", "csv", "key", "left_out", "fields")


@dataclass(frozen=True)
class Kind:
    """What rows can become: where it is posted, by whom, and which fields it has."""

    path: str
    by_the_public: bool
    times: tuple[str, ...]
    days: tuple[str, ...]
    texts: tuple[str, ...]
    required: tuple[str, ...]
    # The field in whose words a reader must find that this was imported.
    says_imported: str

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.times, *self.days, *self.texts, "place")


# immediate_danger is not offered: rows of the past must not call out anybody (contract section 7).
KINDS = {
    "observations": Kind(
        path="/observations",
        by_the_public=False,
        times=("occurred_at", "recorded_at"),
        days=(),
        texts=("purpose", "category", "facts", "assessment", "source_relation", "language", "unit"),
        required=("occurred_at", "purpose", "category", "facts", "source_relation"),
        says_imported="facts",
    ),
    "concerns": Kind(
        path="/public/concerns",
        by_the_public=True,
        times=(),
        days=("occurred_on",),
        texts=("category", "text", "how_known", "area", "language"),
        required=("category", "text"),
        says_imported="text",
    ),
}


@dataclass(frozen=True)
class FeedMap:
    """A checked map. ``left_out`` names columns that nothing may read, each with the reason."""

    kind: Kind
    delimiter: str
    encoding: str
    fields: Mapping[str, Value]
    left_out: Mapping[str, str]
    # Columns that tell rows apart; empty: all that the map reads.
    declared_key: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that tell rows apart: the declared ones, else all that the map reads."""
        return self.declared_key or tuple(sorted(set(self.columns())))

    def columns(self) -> Iterator[str]:
        """Every column that the map reads."""
        for value in self.fields.values():
            yield from value.columns()

    def body(self, row: Row | None) -> dict[str, Any]:
        """The report that ``row`` becomes, without its id; raises RowRefused.

        None: a row that has not as many cells as the header.
        """
        if row is None:
            raise RowRefused("row_columns", "the row has not as many cells as the header")
        made = {name: value.of(row) for name, value in self.fields.items()}
        for name in self.kind.required:
            if made[name] is None:
                columns = ", ".join(repr(c) for c in self.fields[name].columns())
                raise RowRefused("empty_cell", f"nothing for {name!r}: empty cell in {columns}")
        return {name: value for name, value in made.items() if value is not None}


def read_map(path: Path, wanted: str | None = None) -> FeedMap:
    """Read and check a map; raises MapWrong with every mistake by file and line.

    ``wanted``: what its rows must become, such as ``concerns``.
    """
    root = read_yaml(path)
    top = root.known(TOP, required=("map", "feed", "imported_from", "fields"))
    if "map" in top and top["map"].text() != VERSION:
        top["map"].wrong(f"this reads version {VERSION} of the map language")
    kind = KINDS.get(top["feed"].text()) if "feed" in top else None
    if "feed" in top and kind is None:
        top["feed"].wrong(f"rows can become: {', '.join(KINDS)}")
    elif wanted and kind is not None and kind is not KINDS[wanted]:
        top["feed"].wrong(f"this map is for `flask feed {top['feed'].text()}`, not for {wanted}")
    delimiter, encoding = _csv(top.get("csv"))
    key = tuple(column.text() for column in top["key"].items()) if "key" in top else ()
    left_out = _left_out(top.get("left_out"))
    reading = Reading(imported_from=_imported_from(top.get("imported_from")), left_out=left_out)
    fields = _fields(top.get("fields"), kind, reading)
    if root.mistakes.found or kind is None:
        raise MapWrong(root.mistakes.lines())
    return FeedMap(kind, delimiter, encoding, fields, left_out, key)


def _imported_from(node: Node | None) -> str:
    words = node.text().strip() if node else ""
    if node and not words:
        node.wrong("say in a few words where the file comes from")
    return words


def _csv(node: Node | None) -> tuple[str, str]:
    """Delimiter and encoding; a comma and UTF-8 (with or without its mark) when nothing is said."""
    told = node.known(("delimiter", "encoding")) if node else {}
    delimiter = told["delimiter"].text() if "delimiter" in told else ","
    delimiter = "\t" if delimiter == "tab" else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        told["delimiter"].wrong("the delimiter is one character, or the word tab")
    encoding = told["encoding"].text() if "encoding" in told else "utf-8-sig"
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        told["encoding"].wrong("no encoding of this name is known")
        return delimiter, encoding
    # Some codecs of Python are no encodings of text, such as rot13 and zip.
    if not getattr(found, "_is_text_encoding", True):
        told["encoding"].wrong(f"{encoding!r} is no encoding of text")
    if found.name == "utf-8":
        encoding = "utf-8-sig"
    return delimiter, encoding


def _left_out(node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    reasons = {column: value.text().strip() for column, value in node.entries().items()}
    for column, value in node.entries().items():
        if not reasons[column]:
            value.wrong(f"say why column {column!r} is left out")
    return reasons


def _fields(node: Node | None, kind: Kind | None, reading: Reading) -> dict[str, Value]:
    if node is None or kind is None:
        return {}
    told = node.known(kind.fields, required=kind.required)
    made = {name: _field(name, value, kind, reading) for name, value in told.items()}
    words = told.get(kind.says_imported)
    if words and not reading.says_imported(words):
        words.wrong(
            f"{kind.says_imported!r} must say that the row is imported: a template with {{imported_from}}"
        )
    return {name: value for name, value in made.items() if value is not None}


def _field(name: str, node: Node, kind: Kind, reading: Reading) -> Value | None:
    if name in kind.times:
        return reading.moment(node)
    if name in kind.days:
        return reading.day(node)
    return reading.place(node) if name == "place" else reading.text(node)
