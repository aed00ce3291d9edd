"""What a map would send, shown and checked without sending a row: the rows, and the codes by the server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from community_api.clients.importer.language import FeedMap
from community_api.clients.importer.ledger import Entry
from community_api.clients.importer.refusals import LONGEST_VALUE, by_the_map, summary
from community_api.clients.importer.rows import SourceRow
from community_api.clients.importer.senders import Sender
from community_api.clients.importer.values import RowRefused, listed


@dataclass
class DryRun:
    """What rows would become: the first body, how many there are, the codes that they carry."""

    feed_map: FeedMap
    first: dict[str, Any] | None = None
    made: int = 0
    refused: list[Entry] = field(default_factory=list)
    codes: dict[str, Counter[str]] = field(default_factory=dict)

    def read(self, rows: Iterator[SourceRow], language: str) -> None:
        """Make every row's body."""
        self.codes = {name: Counter() for name in self.feed_map.kind.codes}
        for row in rows:
            try:
                body = self.feed_map.body(row.cells)
            except RowRefused as refused:
                entry = Entry("", "refused", row.line)
                self.refused.append(by_the_map(entry, refused, self.feed_map, language))
                continue
            self.first = self.first or body
            self.made += 1
            for name, codes in self.codes.items():
                if name in body:
                    codes[body[name]] += 1

    def show(self) -> None:
        """Say what would be sent: the first report in full, and what the map refuses."""
        if self.first is not None:
            click.echo(json.dumps(self.first, indent=2, ensure_ascii=False).encode(errors="replace").decode())
        for line in summary(self.refused):
            click.echo(line, err=True)

        click.echo(
            f"{self.made} rows can be sent, {len(self.refused)} are refused by the map; nothing was sent"
        )

    def wrong_codes(self, allowed: Mapping[str, tuple[str, ...]]) -> list[str]:
        """What the server does not take, by the map's line."""
        return [*self._declared(allowed), *self._made(allowed)]

    def _declared(self, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        for code in self.feed_map.declared_codes:
            if code.field in allowed and code.code not in allowed[code.field]:
                yield f"{self.feed_map.file}:{code.line}: {_not_allowed(code.field, code.code, allowed)}"

    def _made(self, allowed: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
        """Of fields whose codes stand in the rows themselves."""
        declared = {(code.field, code.code) for code in self.feed_map.declared_codes}
        for name, codes in self.codes.items():
            for code, times in codes.most_common():
                if name in allowed and code not in allowed[name] and (name, code) not in declared:
                    line = f"{self.feed_map.file}:{self.feed_map.lines[name]}"
                    yield f"{line}: {times} rows: {_not_allowed(name, code, allowed)}"


def ask_codes(sender: Sender, feed_map: FeedMap) -> dict[str, tuple[str, ...]]:
    """The codes that the server takes, by field; raises ClientStopped."""
    paths = feed_map.kind.codes.items()
    return {name: sender.codes(path) for name, path in paths if name in feed_map.fields}


def _not_allowed(name: str, code: str, allowed: Mapping[str, tuple[str, ...]]) -> str:
    return f"{code[:LONGEST_VALUE]!r} is no code of {name!r}; allowed: {listed(allowed[name])}"
