"""One run of a feed: every row is accepted, refused with a reason, or was sent before."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from community_api.clients.http_client import Answer, ClientStopped
from community_api.clients.importer.language import FeedMap
from community_api.clients.importer.ledger import Entry, Ledger, LedgerWrong
from community_api.clients.importer.progress import Progress
from community_api.clients.importer.refusals import by_the_map, by_the_server
from community_api.clients.importer.rows import SourceRow
from community_api.clients.importer.senders import Sender
from community_api.clients.importer.values import RowRefused
from community_api.core.i18n.translations import N_, Sentence

# Rows whose ids go to disk together before they are sent.
BATCH = 50
# A server that fails on so many rows in a row is broken, not the rows.
FAILURES = 5


class NotAllowed(ClientStopped):
    """The account may not send such reports, or is no longer signed in: no further row can succeed."""


class ServerBroken(ClientStopped):
    """The server fails on row after row."""


class FateUnknown(ClientStopped):
    """Rows were sent, and nobody can tell whether they arrived."""


@dataclass
class Tally:
    """What became of the rows of this run."""

    accepted: int = 0
    refused: int = 0
    already: int = 0
    unknown: int = 0

    @property
    def rows(self) -> int:
        return self.accepted + self.refused + self.already + self.unknown

    def __str__(self) -> str:
        return f"{self.accepted} accepted, {self.refused} refused, {self.already} already sent"


@dataclass(frozen=True)
class Parcel:
    """A row ready to go. ``known``: an earlier run may have sent it already."""

    entry: Entry
    fields: dict[str, Any]
    known: bool


@dataclass(frozen=True)
class Outcome:
    """What the server made of a parcel. ``already``: it had been there before this run."""

    entry: Entry
    already: bool = False


class Feed:
    """Sends rows by ``sender``, ``parallel`` at a time, and keeps ledger and tally."""

    def __init__(
        self, sender: Sender, feed_map: FeedMap, ledger: Ledger, progress: Progress, *, parallel: int
    ) -> None:
        self.tally = Tally()
        self.refused: list[Entry] = []
        self._sender = sender
        self._map = feed_map
        self._ledger = ledger
        self._progress = progress
        self._parallel = parallel
        self._stop = threading.Event()
        self._failures = 0

    def run(self, rows: Iterable[SourceRow]) -> Tally:
        """Send what is not sent yet; raises ClientStopped, after which it can be run again."""
        self._check_the_ledger_is_about_this_server()
        remaining = iter(rows)
        with ThreadPoolExecutor(self._parallel) as pool:
            try:
                while batch := list(islice(remaining, BATCH)):
                    self._send(pool, list(self._parcels(batch)))
            except BaseException:
                self._stop.set()
                self._sender.give_up()
                raise
        if self.tally.unknown:
            raise FateUnknown("The server failed on some rows.")
        return self.tally

    def _check_the_ledger_is_about_this_server(self) -> None:
        known = self._ledger.last_accepted()
        if known is not None and not self._sender.knows(known):
            raise LedgerWrong(
                f"The ledger {self._ledger.path} tells of rows that this server does not know. If it is a"
                " new or another server, move the ledger away or name another by --ledger."
            )

    def _parcels(self, batch: Iterable[SourceRow]) -> Iterator[Parcel]:
        """What of the batch is to be sent; what is known or refused by the map is settled here."""
        for row in batch:
            row_id = str(row.id(self._ledger.salt))
            before = self._ledger.entries.get(row_id)
            if before and before.state == "accepted":
                self._count(Outcome(before, already=True))
                continue
            entry = Entry(row_id, "sending", row.line, receipt=before.receipt if before else "")
            try:
                fields = _sendable(self._map.body(row.cells))
            except RowRefused as refused:
                self._settle(Outcome(by_the_map(entry, refused, self._map, self._sender.language)))
            else:
                yield Parcel(entry, fields, known=before is not None and before.state == "sending")

    def _send(self, pool: ThreadPoolExecutor, parcels: list[Parcel]) -> None:
        if not parcels:
            return
        prepared = pool.map(self._sender.prepare, [parcel.entry for parcel in parcels])
        parcels = [replace(parcel, entry=entry) for parcel, entry in zip(parcels, prepared, strict=True)]
        self._ledger.about_to_send(parcel.entry for parcel in parcels)
        under_way = {pool.submit(self._post, parcel): parcel for parcel in parcels}
        stopped: ClientStopped | None = None
        try:
            for future in as_completed(under_way):
                # When one row ends the run, what was on its way beside it is still noted.
                stopped = self._arrived(under_way[future], future) or stopped
        finally:
            self._ledger.sync()
        if stopped:
            raise stopped

    def _post(self, parcel: Parcel) -> Answer | None:
        """Send one row; None: the run is being stopped and it was not sent."""
        if self._stop.is_set():
            return None
        answer = self._sender.send(parcel.entry, parcel.fields)
        if _forbidden(answer):
            self._stop.set()
        return answer

    def _arrived(self, parcel: Parcel, future: Future[Answer | None]) -> ClientStopped | None:
        """Settle one row; returns what ends the run, if anything does."""
        try:
            answer = future.result()
            if answer is not None:
                outcome = self._judge(parcel, answer)
                if outcome is None:
                    self._leave_unknown(answer)
                else:
                    self._settle(outcome)
        except ClientStopped as stopped:
            self._stop.set()
            return stopped
        return None

    def _judge(self, parcel: Parcel, answer: Answer) -> Outcome | None:
        """What became of the row; None if nobody can tell."""
        if answer.status == 401:
            raise NotAllowed(f"{self._sender.name} is signed out: {answer.reason}")
        if _forbidden(answer):
            raise NotAllowed(f"{self._sender.name} may not send {self._map.kind.path}: {answer.reason}")
        if self._sender.accepted(parcel.entry, answer):
            accepted = replace(
                parcel.entry, state="accepted", reference=str(answer.body.get("reference", ""))
            )
            return Outcome(accepted, already=answer.status == 200 and parcel.known)
        if not 400 <= answer.status < 500 or not answer.code:
            return None
        if parcel.known and self._sender.had(parcel.entry, answer):
            return Outcome(replace(parcel.entry, state="accepted"), already=True)
        return Outcome(by_the_server(parcel.entry, answer, parcel.fields, self._map, self._sender.language))

    def _leave_unknown(self, answer: Answer) -> None:
        """Count a row whose fate nobody knows; raises where no further row would fare better."""
        self.tally.unknown += 1
        if answer.status < 500:
            raise FateUnknown(
                f"An answer of status {answer.status} is not this product's: another service, a portal or a"
                " proxy answers in its place. Check --url and the network."
            )
        self._failures += 1
        if self._failures >= FAILURES:
            raise ServerBroken(f"The server failed on {FAILURES} rows in succession: {answer.reason}")

    def _settle(self, outcome: Outcome) -> None:
        self._failures = 0
        if self._ledger.entries.get(outcome.entry.id) != outcome.entry:
            self._ledger.note(outcome.entry)
        self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        if outcome.already:
            self.tally.already += 1
        elif outcome.entry.state == "accepted":
            self.tally.accepted += 1
        else:
            self.tally.refused += 1
            self.refused.append(outcome.entry)
        self._progress.show(self.tally.rows, self.tally.refused, self.tally.already)


def _forbidden(answer: Answer) -> bool:
    """Whether no further row of this sender can succeed."""
    return answer.status == 401 or answer.code == "role_not_allowed"


def _sendable(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are; raises RowRefused for text that no UTF-8 can carry."""
    try:
        json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    except ValueError:
        words = N_("the row holds characters that cannot be sent")
        raise RowRefused("text_unreadable", Sentence(words)) from None
    return fields
