"""Who sends rows: an account that is signed in, or the public by receipt codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from community_api.clients.account import BASE, Account
from community_api.clients.http_client import Answer, ClientStopped, Wire
from community_api.clients.importer.ledger import Entry

# The digits of a receipt code (contract section 9).
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 32
# What the answer to a concern holds, the first time and every other.
TOLD = {"state", "received_on", "next_on"}


class NoCodes(ClientStopped):
    """The server gives no receipt codes that this client can use."""


class NoCodeList(ClientStopped):
    """The server does not say which codes it takes."""


class Sender(Protocol):
    """What a run asks of whoever sends; safe to share between threads."""

    @property
    def name(self) -> str:
        """To whom the ledger belongs."""

    @property
    def language(self) -> str:
        """In which the server gives its reasons, once started."""

    def start(self) -> None:
        """Before the first row."""

    def codes(self, path: str) -> tuple[str, ...]:
        """The codes that the list at ``path`` allows; raises ClientStopped."""

    def finish(self) -> None:
        """After the last one."""

    def prepare(self, entry: Entry) -> Entry:
        """The entry with all that must be on disk before its row goes on the wire."""

    def send(self, entry: Entry, fields: Mapping[str, Any]) -> Answer:
        """Send one row."""

    def accepted(self, entry: Entry, answer: Answer) -> bool:
        """Whether the answer proves that this product holds the row."""

    def knows(self, entry: Entry) -> bool:
        """Whether the server knows a row that it accepted."""

    def had(self, entry: Entry, answer: Answer) -> bool:
        """Whether this refusal of a row that an interrupted run had sent means that it arrived then."""

    def give_up(self) -> None:
        """Wait for nothing any more."""


class AccountSender:
    """Rows in the name of an account, each under the id of its entry."""

    def __init__(self, account: Account, path: str) -> None:
        self._account = account
        self._path = path
        self._language = "en"

    @property
    def name(self) -> str:
        return self._account.username

    @property
    def language(self) -> str:
        """The account's own: the server answers in it, whatever else is asked for."""
        return self._language

    def start(self) -> None:
        self._account.sign_in()
        me = self._account.call("GET", "/me").body
        language = me.get("language") if isinstance(me, dict) else None
        self._language = language if isinstance(language, str) else "en"

    def codes(self, path: str) -> tuple[str, ...]:
        return _codes(self._account.call("GET", path), path)

    def finish(self) -> None:
        self._account.sign_out()

    def prepare(self, entry: Entry) -> Entry:
        return entry

    def send(self, entry: Entry, fields: Mapping[str, Any]) -> Answer:
        return self._account.call("POST", self._path, body={"id": entry.id, **fields})

    def accepted(self, entry: Entry, answer: Answer) -> bool:
        """Only an answer that carries the id sent: a portal's page is a success of another kind."""
        body = answer.body if isinstance(answer.body, dict) else {}
        return answer.status in (200, 201) and str(body.get("id")).lower() == entry.id

    def knows(self, entry: Entry) -> bool:
        return self._account.call("GET", f"{self._path}/{entry.id}").status != 404

    def had(self, entry: Entry, answer: Answer) -> bool:
        """It is erased since, or was sent in the words of an earlier map."""
        if answer.status == 410 and answer.code:
            return True
        if answer.code != "id_reused":
            return False
        return self.accepted(entry, self._account.call("GET", f"{self._path}/{entry.id}"))

    def give_up(self) -> None:
        self._account.give_up()


class PublicSender:
    """Rows as anybody tells them, without an account: each by a receipt code of its own."""

    name = "the public"

    def __init__(self, wire: Wire, path: str, language: str = "en") -> None:
        self._wire = wire
        self._path = path
        self.language = language

    def codes(self, path: str) -> tuple[str, ...]:
        return _codes(self._call("GET", path), path)

    def start(self) -> None:
        """Nobody signs in."""

    def finish(self) -> None:
        """Nobody signs out."""

    def prepare(self, entry: Entry) -> Entry:
        """Get a code, unless an earlier run has got one for this row."""
        if entry.receipt:
            return entry
        answer = self._post("/public/receipts")
        told = answer.body if isinstance(answer.body, dict) else {}
        if not answer.ok:
            raise NoCodes(f"The server at {self._wire.url} gives no receipt codes: {answer.reason}")
        if told.get("challenge") is not None:
            raise NoCodes(f"The server at {self._wire.url} asks for proof of work, which a feed cannot give.")
        code = _normal(told.get("code"))
        if not is_whole(code):
            raise NoCodes(f"What the server at {self._wire.url} gives as a receipt code is none.")
        return replace(entry, receipt=code)

    def send(self, entry: Entry, fields: Mapping[str, Any]) -> Answer:
        return self._post(self._path, {"code": entry.receipt, **fields})

    def accepted(self, entry: Entry, answer: Answer) -> bool:
        """Only the shape that the public is answered in; it carries no id."""
        body = answer.body if isinstance(answer.body, dict) else {}
        return answer.status in (200, 201) and body.keys() >= TOLD

    def knows(self, entry: Entry) -> bool:
        return self._post("/public/follow-ups", {"code": entry.receipt}).status != 404

    def had(self, entry: Entry, answer: Answer) -> bool:
        """The code is this ledger's alone: whoever used it was an earlier run, in an earlier map's words."""
        return answer.code == "code_used"

    def give_up(self) -> None:
        self._wire.give_up()

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        return self._wire.send(method, BASE + path, body=body, headers={"Accept-Language": self.language})


def _codes(answer: Answer, path: str) -> tuple[str, ...]:
    """The codes of a code list, or of the public list of areas."""
    body = answer.body if isinstance(answer.body, dict) else {}
    items = body["items"] if isinstance(body.get("items"), list) else []
    codes = [
        code
        for item in items
        if isinstance(item, dict) and isinstance(code := item.get("code") or item.get("area"), str)
    ]
    if answer.status != 200 or not codes:
        raise NoCodeList(f"{path} gives no list of codes: {answer.reason}")
    return tuple(codes)


def is_whole(code: str) -> bool:
    """Whether a code has its length, its alphabet and the right check character (Luhn mod 32)."""
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return False
    total = 0
    for place, digit in enumerate(reversed(code)):
        addend = ALPHABET.index(digit) * (2 if place % 2 else 1)
        total += addend // len(ALPHABET) + addend % len(ALPHABET)
    return total % len(ALPHABET) == 0


def _normal(code: object) -> str:
    """A code as it is kept: in capitals, without what makes it easy to read."""
    return code.upper().replace("-", "").replace(" ", "") if isinstance(code, str) else ""
