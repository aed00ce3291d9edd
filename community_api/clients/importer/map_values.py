"""Reads the values of a map: constants, columns, templates, tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from community_api.clients.importer.points import Decimal
from community_api.clients.importer.values import Choose, Column, Constant, Gap, Template, Value
from community_api.clients.importer.yaml_lines import Node

IMPORTED = "imported_from"
# {{ and }} are braces; {column} and {column|words for an empty cell} are gaps.
PIECES = re.compile(r"\{\{|\}\}|\{([^{}|]+)(?:\|([^{}]*))?\}|[{}]")
FORMS = ("column", "template", "choose", "table", "default")


@dataclass(frozen=True)
class CsvFormat:
    """How the file writes: ``empty`` are words that stand for an empty cell, in small letters."""

    delimiter: str = ","
    encoding: str = "utf-8-sig"
    decimal: Decimal = "."
    empty: frozenset[str] = frozenset()

    def is_empty(self, cell: str) -> bool:
        return cell.strip().lower() in self.empty


@dataclass(frozen=True)
class Reading:
    """What values are read against: where the file comes from, and which columns none may use."""

    imported_from: str
    left_out: Mapping[str, str]
    csv: CsvFormat

    def text(self, node: Node) -> Value | None:
        """A constant, ``column:``, ``template:`` or ``choose:`` with its table."""
        if node.is_scalar:
            return self._constant(node)
        members = node.only_keys(FORMS)
        if "column" in members and len(members) == 1:
            return Column(self.column(members["column"]))
        if "template" in members and len(members) == 1:
            return self.template(members["template"])
        if "choose" in members and not {"column", "template"} & members.keys():
            return self._choose(node, members)
        node.wrong("expected a constant, or one of: column · template · choose with table and default")
        return None

    def says_imported(self, node: Node) -> bool:
        """Whether this is a template that names the origin of the file."""
        members = node.entries() if node.is_mapping else {}
        return "template" in members and "{" + IMPORTED + "}" in members["template"].text()

    def _constant(self, node: Node) -> Value | None:
        words = node.text()
        if not words.strip():
            node.wrong("a constant cannot be empty")
        if "{" in words:
            node.wrong("this looks like a template: write it under 'template:'")
        return Constant(words)

    def column(self, node: Node) -> str:
        """The name of a column that may be read."""
        name = node.text()
        if not name:
            node.wrong("expected the name of a column")
        if name in self.left_out:
            node.wrong(f"column {name!r} is left out by this map: {self.left_out[name]}")
        return name

    def template(self, node: Node) -> Template:
        """Words with gaps for columns."""
        parts: list[str | Gap] = []
        words, end = node.text().strip(), 0
        for piece in PIECES.finditer(words):
            parts.append(words[end : piece.start()])
            parts.append(self._piece(node, piece))
            end = piece.end()
        parts.append(words[end:])
        return Template(tuple(part for part in parts if part != ""))

    def _piece(self, node: Node, piece: re.Match[str]) -> str | Gap:
        column = piece.group(1)
        if column is None:
            if piece.group() in "{}":
                node.wrong(f"a lone {piece.group()} in a template; a brace itself is written twice")
            return piece.group()[0]
        if column == IMPORTED:
            return self.imported_from
        if column in self.left_out:
            node.wrong(f"column {column!r} is left out by this map: {self.left_out[column]}")
        return Gap(column, piece.group(2))

    def _choose(self, node: Node, members: Mapping[str, Node]) -> Value | None:
        if "table" not in members:
            node.wrong("'choose' needs a 'table': what stands in the column -> the code to send")
            return None
        table = {cell: code.text() for cell, code in members["table"].entries().items()}
        for cell in table:
            if cell and self.csv.is_empty(cell):
                members["table"].wrong(f"{cell!r} stands for an empty cell by 'empty': write \"\" instead")
        default = members["default"].text() if "default" in members else None
        return Choose(self.column(members["choose"]), table, default)
