"""The rows of a CSV file, each with its line and an identity that keeps equal rows two."""

from __future__ import annotations

import csv
import hashlib
import hmac
import json
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from community_api.clients.http_client import ClientStopped
from community_api.clients.importer.language import FeedMap

GZIP = b"\x1f\x8b"
# Bytes; what the csv module can count. What a field may hold is the server's to say.
LONGEST_CELL = 2**31 - 1


class FileWrong(ClientStopped):
    """The CSV file cannot be read as the map describes it."""


@dataclass(frozen=True)
class SourceRow:
    """A row: the line on which it ends, its cells as they stand, and which of its equals it is (from 1).

    ``cells`` None: it has not as many cells as the header.
    """

    line: int
    raw: tuple[str, ...]
    occurrence: int
    cells: dict[str, str] | None
    identity: tuple[str, ...]

    def id(self, salt: bytes) -> uuid.UUID:
        """The id under which this row is sent, always the same for one ledger.

        Keyed, so that it tells nobody who lacks the ledger what stands in columns that are not sent.
        """
        told = [self.identity, self.occurrence]
        content = json.dumps(told, ensure_ascii=False).encode(errors="surrogatepass")
        return uuid.UUID(bytes=hmac.digest(salt, content, "sha256")[:16], version=4)


def read_rows(
    path: Path, feed_map: FeedMap, limit: int | None = None, key: Sequence[str] | None = None
) -> Iterator[SourceRow]:
    """The first ``limit`` rows in the file's order (None: all); raises FileWrong.

    ``key``: the columns that tell rows apart. None: all cells, as older ledgers have it.
    """
    seen: Counter[bytes] = Counter()
    for number, (line, raw, header) in enumerate(_records(path, feed_map)):
        if limit is not None and number >= limit:
            return
        # The digest, not the row: a file of a million rows must not fill the memory.
        identity = _identity(path, raw, header, key)
        digest = hashlib.sha256(json.dumps(identity).encode()).digest()
        seen[digest] += 1
        cells = dict(zip(header, raw, strict=True)) if len(raw) == len(header) else None
        yield SourceRow(line, tuple(raw), seen[digest], cells, identity)


def _identity(path: Path, raw: list[str], header: list[str], key: Sequence[str] | None) -> tuple[str, ...]:
    if key is None or len(raw) != len(header):
        return tuple(raw)
    missing = sorted(set(key) - set(header))
    if missing:
        raise FileWrong(
            f"{path}:1: rows are told apart by columns that the header lacks: {', '.join(missing)}"
        )
    return tuple(raw[header.index(column)] for column in key)


def check_file(path: Path, feed_map: FeedMap, limit: int | None = None) -> int:
    """Read the file to its end before anything is sent; returns how many rows are to be sent."""
    rows = sum(1 for _ in _records(path, feed_map))
    return rows if limit is None else min(rows, limit)


def _records(path: Path, feed_map: FeedMap) -> Iterator[tuple[int, list[str], list[str]]]:
    """Line, cells and header of every row that is not blank."""
    try:
        with path.open("rb") as start:
            if start.read(2) == GZIP:
                raise FileWrong(f"{path}: is compressed (gzip): unpack it first")
        with path.open(encoding=feed_map.csv.encoding, newline="") as file:
            yield from _parsed(path, file, feed_map)
    except OSError as unreadable:
        raise FileWrong(f"{path}: cannot be read: {unreadable.strerror}") from unreadable
    except UnicodeError as unreadable:
        raise FileWrong(
            f"{path}: is not {feed_map.csv.encoding}: say its 'encoding' in the map"
        ) from unreadable


def _parsed(path: Path, file: TextIO, feed_map: FeedMap) -> Iterator[tuple[int, list[str], list[str]]]:
    csv.field_size_limit(LONGEST_CELL)
    # strict: a quote that is never closed would otherwise swallow the rest of the file as one row.
    reader = csv.reader(file, delimiter=feed_map.csv.delimiter, strict=True)
    try:
        header = _header(path, next(reader, []), feed_map)
        for raw in reader:
            if raw:
                yield reader.line_num, raw, header
    except csv.Error as broken:
        raise FileWrong(f"{path}:{reader.line_num}: is no CSV: {broken}") from broken


def _header(path: Path, header: list[str], feed_map: FeedMap) -> list[str]:
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        raise FileWrong(f"{path}:1: column {twice[0]!r} stands in the header twice")
    missing = sorted({*feed_map.columns(), *feed_map.left_out, *feed_map.declared_key} - set(header))
    if missing:
        names = ", ".join(repr(name) for name in missing)
        raise FileWrong(f"{path}:1: the map speaks of columns that the header lacks: {names}")
    return header
