"""The ledger beside the input: what was sent under which id, and what came of it.

A journal of JSON lines, mode 0600: an id is on disk before it goes on the wire, its outcome after. A row
without an outcome is sent again under the same id, which the server answers without doing it twice. It
holds no content of the rows. Of what was sent as the public it holds the receipt codes: nobody else has them,
and who reads them reads the answers.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self
from uuid import UUID

from community_api.clients.http_client import ClientStopped

State = Literal["sending", "accepted", "refused"]
STATES = ("sending", "accepted", "refused")
# Version 1 told rows apart by all their cells; 2 by the columns that its head names.
VERSIONS = (1, 2)
NOT_KEPT = ("value", "free", "map_line")


class LedgerWrong(ClientStopped):
    """The ledger cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """The last that is known of one row; status and what follows are those of a refusal.

    ``status`` None: refused by the map, never sent.
    """

    id: str
    state: State
    line: int
    reference: str = ""
    receipt: str = ""
    status: int | None = None
    code: str = ""
    reason: str = ""
    fields: tuple[str, ...] = ()
    # For the report, never for the ledger: what the refused cells hold, whether that is free words, and
    # where the map speaks of the field.
    value: str = field(default="", compare=False)
    free: bool = field(default=False, compare=False)
    map_line: str = field(default="", compare=False)


class Ledger:
    """The open ledger of one file and one sender; held by one process at a time."""

    def __init__(self, path: Path, account: str, key: Sequence[str] = ()) -> None:
        """Open or begin it; raises LedgerWrong when it is another's, in use, damaged or not to be written.

        ``key``: the columns by which a new ledger tells rows apart; an old one keeps its own.
        """
        self.path = path
        self.key: tuple[str, ...] | None = tuple(key)
        self._broken = ""
        self.entries: dict[str, Entry] = {}
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as refused:
            raise LedgerWrong(
                f"The ledger {path} cannot be opened: {refused.strerror}. Name another place by --ledger."
            ) from refused
        try:
            self._hold()
            self.salt = self._read(account)
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.sync()
        except LedgerWrong:
            if kind is None:
                raise
        finally:
            os.close(self._file)

    def about_to_send(self, entries: Iterable[Entry]) -> None:
        """Put ids on disk before the first of them is sent."""
        for entry in entries:
            self.note(entry)
        self.sync()

    def note(self, entry: Entry) -> None:
        """Write one entry; it survives the end of this process, and after ``sync`` that of the machine."""
        self.entries[entry.id] = entry
        told = {name: value for name, value in asdict(entry).items() if value not in ("", None, ())}
        for name in NOT_KEPT:
            told.pop(name, None)
        self._append(told)

    def sync(self) -> None:
        try:
            os.fsync(self._file)
        except OSError as refused:
            raise self._unwritable(refused) from refused

    def last_accepted(self) -> Entry | None:
        """A row that the server must know, when this ledger is about that server."""
        for entry in reversed(self.entries.values()):
            if entry.state == "accepted":
                return entry
        return None

    def _hold(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LedgerWrong(f"Another feed is at work with the ledger {self.path}.") from None
        os.fchmod(self._file, 0o600)

    def _read(self, account: str) -> bytes:
        lines, torn = self._lines()
        if not lines:
            return self._begin(account)
        head = self._parsed(lines[0], 1)
        if head.get("ledger") not in VERSIONS:
            raise LedgerWrong(f"{self.path} is no ledger of this version.")
        if head.get("account") != account:
            raise LedgerWrong(
                f"The ledger {self.path} belongs to {head.get('account')}: name another by --ledger."
            )
        self.key = self._key(head)
        for number, line in enumerate(lines[1:], start=2):
            entry = self._entry(self._parsed(line, number), number)
            self.entries[entry.id] = entry
        if torn:
            os.ftruncate(self._file, sum(len(line) + 1 for line in lines))
        os.lseek(self._file, 0, os.SEEK_END)
        return self._salt(head)

    def _begin(self, account: str) -> bytes:
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        salt = secrets.token_bytes(32)
        head = {"ledger": VERSIONS[-1], "account": account, "salt": salt.hex()}
        self._append(head | {"key": list(self.key or ())})
        self.sync()
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return salt

    def _lines(self) -> tuple[list[bytes], bool]:
        """Whole lines, and whether a torn one stood behind them: the process died while writing it."""
        with os.fdopen(os.dup(self._file), "rb") as file:
            *lines, rest = file.read().split(b"\n")
        return lines, rest != b""

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise self._damaged(number)
        return told

    def _entry(self, values: dict[str, Any], number: int) -> Entry:
        try:
            entry = Entry(**values | {"fields": tuple(values.get("fields", ()))})
            UUID(entry.id)
        except (TypeError, ValueError, AttributeError):
            raise self._damaged(number) from None
        if entry.state not in STATES:
            raise self._damaged(number)
        return entry

    def _key(self, head: dict[str, Any]) -> tuple[str, ...] | None:
        """The columns that tell rows apart; None if all cells do."""
        if head["ledger"] == 1:
            return None
        columns = head.get("key")
        if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
            raise self._damaged(1)
        return tuple(columns)

    def _salt(self, head: dict[str, Any]) -> bytes:
        try:
            return bytes.fromhex(head["salt"])
        except (KeyError, TypeError, ValueError):
            raise self._damaged(1) from None

    def _damaged(self, number: int) -> LedgerWrong:
        return LedgerWrong(
            f"{self.path}:{number}: the ledger is damaged. Restore it: without it, rows would be sent twice."
        )

    def _append(self, values: dict[str, Any]) -> None:
        line = (
            json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(errors="backslashreplace")
            + b"\n"
        )
        # Behind a torn line nothing may be written: it would be damage in the middle.
        if self._broken:
            raise LedgerWrong(self._broken)
        try:
            while line:
                line = line[os.write(self._file, line) :]
        except OSError as refused:
            raise self._unwritable(refused) from refused

    def _unwritable(self, refused: OSError) -> LedgerWrong:
        self._broken = f"The ledger {self.path} cannot be written: {refused.strerror}."
        return LedgerWrong(self._broken)
