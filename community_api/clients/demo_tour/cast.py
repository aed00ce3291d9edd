"""The people of the walk: each signs in, asks, and expects what the contract promises."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from community_api.clients.account import BASE, Account
from community_api.clients.demo_tour.stage import Stage, fail
from community_api.clients.http_client import Answer, Wire

T = TypeVar("T")
# What the worker delivers, or a commit elsewhere moves, must have arrived after so many seconds.
PATIENCE = 30.0
PERIOD = 0.25

Gist = str | Callable[[Any], str]


def new_id() -> str:
    """The client makes the ids of what it sends, so that a lost reply is no trouble."""
    return str(uuid.uuid4())


class Line(Protocol):
    """Whoever sends requests: an account, or somebody without one."""

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer: ...


class Unknown:
    """Somebody who calls without an account, a token or a language."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        return self._wire.send(method, BASE + path, body=body, headers=headers, params=params)


class Player:
    """A person at work with the product; every request that is part of the story is shown."""

    def __init__(self, username: str, account: Line, stage: Stage) -> None:
        self.username = username
        self._account = account
        self._stage = stage
        self._me: dict[str, Any] | None = None

    @property
    def me(self) -> dict[str, Any]:
        """What the product says about this person."""
        if self._me is None:
            self._me = self.read("/me")
        return self._me

    @property
    def called(self) -> str:
        """Name and account, for the titles of steps."""
        return f"{self.me.get('name')} ({self.username})"

    @property
    def reads(self) -> str:
        """The language in which the product writes to this person."""
        return str(self.me.get("language", "en"))

    @property
    def signed_in_at(self) -> datetime:
        """When this session began by the server's clock, which may be shifted in a demo."""
        sessions = self.items("/auth/sessions")
        current = next((session for session in sessions if session["current"]), None)
        if current is None:
            fail(f"{self.username} should find the session that is in use among /auth/sessions.")
        return datetime.fromisoformat(current["started_at"])

    def ask(
        self,
        method: str,
        path: str,
        expected: int,
        gist: Gist,
        *,
        code: str = "",
        body: Any = None,
        purpose: str = "",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> Answer:
        """One request of the story: ``expected`` status and problem ``code`` or the walk ends.

        ``note`` stands behind the path for the reader; ``gist`` is what to show of the answer.
        """
        answer = self._call(method, path, body=body, purpose=purpose, headers=headers, params=params)
        if answer.status != expected or (code and answer.code != code):
            wanted = f"{expected} {code}".strip()
            fail(f"{self.username} asked {method} {path} and should have had {wanted}.", answer)
        shown = gist if isinstance(gist, str) else gist(answer.body)
        self._stage.answered(method, f"{path} {note}".rstrip(), answer, shown)
        return answer

    def read(
        self, path: str, *, purpose: str = "", params: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Read something that the story need not show; anything but 200 ends the walk."""
        answer = self._call("GET", path, purpose=purpose, params=params)
        if answer.status != 200 or not isinstance(answer.body, dict):
            fail(f"{self.username} should be able to read {path}.", answer)
        return answer.body

    def refused_to_read(self, path: str, note: str) -> Answer:
        """Try to read what this person may not know of; being let in ends the walk."""
        answer = self._call("GET", path, purpose="assessment")
        if answer.status not in (403, 404):
            fail(f"{self.username} asked GET {path} and should have been refused.", answer)
        self._stage.answered("GET", f"{path} {note}", answer, answer.code)
        return answer

    def look(self, path: str, *, purpose: str = "") -> Answer:
        """Read something whatever the answer is."""
        return self._call("GET", path, purpose=purpose)

    def items(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """A list to its end, by its cursors."""
        cursor: dict[str, Any] = {}
        while True:
            page = self.read(path, params={"limit": 200, **(params or {}), **cursor})
            yield from page["items"]
            if not page["next_cursor"]:
                return
            cursor = {"cursor": page["next_cursor"]}

    def duty_about(self, subject_id: str) -> dict[str, Any]:
        """What this person's posts owe about one thing; that nothing is owed ends the walk."""

        def look() -> dict[str, Any] | None:
            return next((duty for duty in self.items("/duties") if duty["subject"]["id"] == subject_id), None)

        return self.expect_soon(
            look, f"{self.username} should find a duty about {subject_id[:6]}… in /duties."
        )

    def expect_soon(self, look: Callable[[], T | None], sentence: str) -> T:
        """Look again and again until something is there; ``sentence`` says what is missing otherwise."""
        until = time.monotonic() + PATIENCE
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > until:
                fail(f"{sentence} It was not there after {PATIENCE:.0f} s.")
            time.sleep(PERIOD)

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        purpose: str = "",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> Answer:
        sent = {**({"X-Purpose": purpose} if purpose else {}), **(headers or {})}
        return self._account.call(method, path, body=body, headers=sent, params=params)


class Cast:
    """All players by account name; each signs in when first called."""

    def __init__(self, wire: Wire, password: str, stage: Stage) -> None:
        self._wire = wire
        self._password = password
        self._stage = stage
        self._players: dict[str, Player] = {}
        self._accounts: list[Account] = []
        self.nobody = Player("somebody without an account", Unknown(wire), stage)

    def __getitem__(self, username: str) -> Player:
        if username not in self._players:
            account = Account(self._wire, username, self._password)
            account.sign_in()
            self._accounts.append(account)
            self._players[username] = Player(username, account, self._stage)
        return self._players[username]

    def __len__(self) -> int:
        return len(self._players)

    def leave(self) -> None:
        """Everybody signs out, so that no session is left open."""
        for account in self._accounts:
            account.sign_out()
