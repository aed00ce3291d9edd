"""The map language, version 1: how the rows of one CSV file become reports. Described in examples/README.md.

Read and checked as a whole before anything is sent: a mistake names its file and line.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from community_api.clients.importer import map_places, map_times
from community_api.clients.importer.map_values import CsvFormat, Reading
from community_api.clients.importer.values import Row, RowRefused, Value, named
from community_api.clients.importer.yaml_lines import MapWrong, Node, read_yaml
from community_api.core.i18n.translations import N_, Sentence

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
    # Fields that hold codes, each with the path below the API's base that lists what is allowed.
    codes: Mapping[str, str]
    # Fields of free words: what stands there is shown in the report only.
    free: tuple[str, ...]

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
        codes={
            "category": "/code-lists/categories",
            "purpose": "/code-lists/purposes",
            "source_relation": "/code-lists/source_relations",
        },
        free=("facts", "assessment"),
    ),
    "concerns": Kind(
        path="/public/concerns",
        by_the_public=True,
        times=(),
        days=("occurred_on",),
        texts=("category", "text", "how_known", "area", "language"),
        required=("category", "text"),
        says_imported="text",
        codes={"category": "/public/categories", "area": "/public/areas"},
        free=("text", "how_known"),
    ),
}


@dataclass(frozen=True)
class DeclaredCode:
    """A code that the map names for a field, and where."""

    field: str
    code: str
    line: int


@dataclass(frozen=True)
class FeedMap:
    """A checked map. ``left_out`` names columns that nothing may read, each with the reason.

    ``lines``: where in ``file`` the map speaks of a field.
    """

    file: str
    kind: Kind
    csv: CsvFormat
    fields: Mapping[str, Value]
    lines: Mapping[str, int]
    declared_codes: tuple[DeclaredCode, ...]
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
            words = N_("the row has not as many cells as the header")
            raise RowRefused("row_columns", Sentence(words))
        if self.csv.empty:
            row = {column: "" if self.csv.is_empty(cell) else cell for column, cell in row.items()}
        made = {name: self._field(name, value, row) for name, value in self.fields.items()}
        return {name: value for name, value in made.items() if value is not None}

    def _field(self, name: str, value: Value, row: Row) -> Any:
        try:
            made = value.of(row)
            if made is None and name in self.kind.required:
                words = N_("nothing for '{field}': empty cell in '{columns}'")
                raise RowRefused("empty_cell", Sentence(words, field=name, columns=named(value)))
        except RowRefused as refused:
            refused.map_line = self.lines[name]
            raise
        return made


def read_map(path: Path, wanted: str | None = None) -> FeedMap:
    """Read and check a map; raises MapWrong with every mistake by file and line.

    ``wanted``: what its rows must become, such as ``concerns``.
    """
    root = read_yaml(path)
    top = root.only_keys(TOP, required=("map", "feed", "imported_from", "fields"))
    if "map" in top and top["map"].text() != VERSION:
        top["map"].wrong(f"this reads version {VERSION} of the map language")
    kind = _kind(top.get("feed"), wanted)
    key = tuple(column.text() for column in top["key"].items()) if "key" in top else ()
    left_out = _left_out(top.get("left_out"))
    csv_format = _csv(top.get("csv"))
    reading = Reading(_imported_from(top.get("imported_from")), left_out, csv_format)
    nodes = top["fields"].only_keys(kind.fields, required=kind.required) if kind and "fields" in top else {}
    fields = _fields(nodes, kind, reading) if kind else {}
    if root.mistakes.found or kind is None:
        raise MapWrong(root.mistakes.lines())
    lines = {name: node.line for name, node in nodes.items()}
    codes = tuple(code for name in kind.codes if name in nodes for code in _codes(name, nodes[name]))
    return FeedMap(root.mistakes.file, kind, csv_format, fields, lines, codes, left_out, key)


def _kind(node: Node | None, wanted: str | None) -> Kind | None:
    kind = KINDS.get(node.text()) if node else None
    if node and kind is None:
        node.wrong(f"rows can become: {', '.join(KINDS)}")
    elif node and wanted and kind is not KINDS[wanted]:
        node.wrong(f"this map is for `flask feed {node.text()}`, not for {wanted}")
    return kind


def _imported_from(node: Node | None) -> str:
    words = node.text().strip() if node else ""
    if node and not words:
        node.wrong("say in a few words where the file comes from")
    return words


def _csv(node: Node | None) -> CsvFormat:
    """A comma, UTF-8 (with or without its mark) and a decimal point where nothing is said."""
    members = node.only_keys(("delimiter", "encoding", "decimal", "empty")) if node else {}
    delimiter = members["delimiter"].text() if "delimiter" in members else ","
    delimiter = "\t" if delimiter == "tab" else delimiter
    if len(delimiter) != 1 or delimiter in '"\r\n':
        members["delimiter"].wrong("the delimiter is one character, or the word tab")
    decimal = members["decimal"].text() if "decimal" in members else "."
    if decimal not in (".", ","):
        members["decimal"].wrong('the decimal mark is "." or ","')
    words = [word.word().strip().lower() for word in members["empty"].items()] if "empty" in members else []
    encoding = _encoding(members.get("encoding"))
    return CsvFormat(delimiter, encoding, "," if decimal == "," else ".", frozenset(words))


def _encoding(node: Node | None) -> str:
    if node is None:
        return "utf-8-sig"
    encoding = node.text()
    try:
        found = codecs.lookup(encoding)
    except (LookupError, ValueError):
        node.wrong("no encoding of this name is known")
        return encoding
    # Some codecs of Python are no encodings of text, such as rot13 and zip.
    if not getattr(found, "_is_text_encoding", True):
        node.wrong(f"{encoding!r} is no encoding of text")
    return "utf-8-sig" if found.name == "utf-8" else encoding


def _left_out(node: Node | None) -> dict[str, str]:
    if node is None:
        return {}
    reasons = {column: value.text().strip() for column, value in node.entries().items()}
    for column, value in node.entries().items():
        if not reasons[column]:
            value.wrong(f"say why column {column!r} is left out")
    return reasons


def _fields(nodes: Mapping[str, Node], kind: Kind, reading: Reading) -> dict[str, Value]:
    made = {name: _field(name, node, kind, reading) for name, node in nodes.items()}
    words = nodes.get(kind.says_imported)
    if words and not reading.says_imported(words):
        words.wrong(
            f"{kind.says_imported!r} must say that the row is imported: a template with {{imported_from}}"
        )
    return {name: value for name, value in made.items() if value is not None}


def _field(name: str, node: Node, kind: Kind, reading: Reading) -> Value | None:
    if name in kind.times:
        return map_times.moment(node, reading)
    if name in kind.days:
        return map_times.day(node, reading)
    return map_places.place(node, reading) if name == "place" else reading.text(node)


def _codes(name: str, node: Node) -> Iterator[DeclaredCode]:
    """The codes that a field of the map names itself."""
    if node.is_scalar:
        yield DeclaredCode(name, node.text(), node.line)
        return
    members = node.entries()
    if "default" in members:
        yield DeclaredCode(name, members["default"].text(), members["default"].line)
    for code in members["table"].entries().values() if "table" in members else ():
        yield DeclaredCode(name, code.text(), code.line)
