"""Worlds to act in: the application over a database with the demo organisation, and its people as clients.

What tests ask for (each on both dialects):

- ``world``: one of the test's own; ``shared_world``: one for all tests of a module

``world.client("officer1.lin-a")`` is signed in. Its calls take a path below /api/v1 and give the answer; one
that is no success fails the test, unless ``expect`` says which refusal is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from community_api.access import tokens
from community_api.access.models import Session
from community_api.access.sessions import rules
from community_api.access.tokens import Claims
from community_api.composition import make_worker
from community_api.core.actor import Actor
from community_api.core.clock import FixedClock
from community_api.core.config import Settings
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.http.views import BASE
from community_api.demo.loader import account_id, person_id
from community_api.factory import create_app
from community_api.outbox.worker import Worker
from community_api.units.directory import tree
from community_api.units.rules import UnitTree
from tests import documented
from tests.support.databases import Addresses, Databases
from tests.support.factories import START, actor_named, seed_demo, write_keys


def at_once(_seconds: float) -> None:
    """No pause before a refusal is told: nobody is refused as often as tests."""


@dataclass(frozen=True)
class Answer:
    """What came back. ``answer["id"]`` reads the body, which is None when there was none."""

    status: int
    body: Any
    headers: Headers

    def __getitem__(self, name: str) -> Any:
        return self.body[name]

    def __contains__(self, name: object) -> bool:
        return name in self.body

    @property
    def items(self) -> list[Any]:
        """The items of a list."""
        listed: list[Any] = self.body["items"]
        return listed

    @property
    def code(self) -> str | None:
        """The code of a refusal; None: it was none."""
        return self.body.get("code") if self.status >= 400 else None

    @property
    def etag(self) -> str:
        """The entity tag, to give as ``if_match``."""
        return self.headers["ETag"]


class Client:
    """Somebody who calls the API; ``username`` None: nobody who is known."""

    def __init__(self, world: World, username: str | None, language: str | None = None) -> None:
        self.username = username
        self.language = language
        self._world = world
        self._token = ""
        self._good_until = START - timedelta(days=1)

    def get(self, path: str, *, expect: int | None = None, **values: Any) -> Answer:
        """GET; further words as in ``call``."""
        return self._expected(expect, self.call("GET", path, **values))

    def post(self, path: str, body: Any = None, *, expect: int | None = None, **values: Any) -> Answer:
        """POST; further words as in ``call``."""
        return self._expected(expect, self.call("POST", path, body=body, **values))

    def patch(self, path: str, body: Any = None, *, expect: int | None = None, **values: Any) -> Answer:
        """PATCH; further words as in ``call``."""
        return self._expected(expect, self.call("PATCH", path, body=body, **values))

    def delete(self, path: str, *, expect: int | None = None, **values: Any) -> Answer:
        """DELETE; further words as in ``call``."""
        return self._expected(expect, self.call("DELETE", path, **values))

    def pages(self, path: str, *, limit: int = 200, **query: Any) -> Iterator[Any]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            told = {**query, "limit": limit} | ({"cursor": cursor} if cursor else {})
            page = self.get(path, query=told)
            yield from page.items
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        purpose: str | None = None,
        case: str | UUID | None = None,
        if_match: str | Answer | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and take whatever comes back.

        ``body`` is sent as JSON; None sends none. ``if_match`` takes a tag, or the answer that showed it.
        ``headers`` go out as they are and win over all others.
        """
        sent = {
            "Authorization": f"Bearer {self.token()}" if self.username else None,
            "Accept-Language": self.language,
            "X-Purpose": purpose,
            "X-Case": str(case) if case else None,
            "If-Match": if_match.etag if isinstance(if_match, Answer) else if_match,
            **(headers or {}),
        }
        content = {} if body is None else {"json": body}
        known = {name: value for name, value in sent.items() if value is not None}
        raw = self._world.http.open(BASE + path, method=method, query_string=query, headers=known, **content)
        return Answer(raw.status_code, raw.get_json(silent=True), raw.headers)

    def token(self) -> str:
        """An access token that is good now, of a session of one's own; no password is hashed for it."""
        assert self.username is not None
        now = self._world.clock.now()
        if now >= self._good_until:
            self._token, self._good_until = self._world.sign_in(self.username)
        return self._token

    def _expected(self, status: int | None, answer: Answer) -> Answer:
        right = 200 <= answer.status < 300 if status is None else answer.status == status
        assert right, f"{self.username or 'anybody'} got {answer.status}: {answer.body}"
        return answer


@dataclass
class World:
    """An application, its clock, its worker and its people."""

    app: Flask
    clock: FixedClock
    settings: Settings
    _clients: dict[tuple[str | None, str | None], Client] = field(default_factory=dict)
    _beside: list[World] = field(default_factory=list)

    def __post_init__(self) -> None:
        documented.watch(self.app)

    def client(self, username: str, *, language: str | None = None) -> Client:
        """Somebody of the demo organisation, signed in."""
        return self._clients.setdefault((username, language), Client(self, username, language))

    def anybody(self, *, language: str | None = None) -> Client:
        """A caller without a token."""
        return Client(self, None, language)

    def sign_in(self, username: str) -> tuple[str, datetime]:
        """Open a session and mint its access token; the token, and until when it is good."""
        now = self.clock.now()
        session = Session(
            id=uuid4(),
            account_id=account_id(username),
            started_at=now,
            renewed_at=now,
            expires_at=rules.session_end(now),
        )
        with self.uow() as tx:
            tx.add(session)
        good_until = rules.access_end(now, session.expires_at)
        claims = Claims(session.account_id, session.id, uuid4(), good_until)
        with self.app.app_context():
            return tokens.write("access", claims, now), good_until

    def actor(self, username: str, *, purpose: str | None = None) -> Actor:
        """The same person for a use case without HTTP."""
        return actor_named(self.uow, username, purpose=purpose)

    def work(self) -> int:
        """Let the worker do what is due now, and what becomes due by it; how many items that were."""
        return self.worker.drain()

    def later(self, **time: float) -> datetime:
        """Let time pass (days=, hours=, minutes=) and the worker do what has become due; the new time."""
        now = self.clock.advance(timedelta(**time))
        self.work()
        return now

    def unit_id(self, name: str) -> UUID:
        """The id of a unit, for looking into tables."""
        return self.tree.names[name].id

    def person_id(self, username: str) -> UUID:
        """The id of a person, for looking into tables."""
        return person_id(username)

    @property
    def uow(self) -> UnitOfWork:
        """The unit of work of the application."""
        uow: UnitOfWork = self.app.extensions["community"].uow
        return uow

    @property
    def tree(self) -> UnitTree:
        """The units of the demo organisation."""
        with self.uow() as tx:
            return tree(tx)

    @cached_property
    def http(self) -> FlaskClient:
        """The test client under all others."""
        return self.app.test_client()

    @cached_property
    def worker(self) -> Worker:
        """A worker over the same database and clock."""
        return make_worker(self.settings, self.app.extensions["community"])

    def beside(self, settings: Settings | None = None, pause: Callable[[float], None] = at_once) -> World:
        """Another process of the product by the same clock, closed with this one.

        ``settings`` None: with the same ones. ``pause``: what waits, in seconds, before a refusal.
        """
        settings = settings or self.settings
        other = World(create_app(settings, clock=self.clock, pause=pause), self.clock, settings)
        self._beside.append(other)
        return other

    def close(self) -> None:
        """Let go of the database, here and in the processes beside."""
        for other in self._beside:
            other.close()
        self.uow.database.close()


def make_world(addresses: Addresses, folder: Path) -> World:
    """A world over a database that `seed_demo` has filled; it is START there."""
    clock = FixedClock(START)
    keys = write_keys(folder / "keys")
    settings = Settings(mode="test", database_url=addresses.database_url, keys=keys, var=folder)
    return World(create_app(settings, clock=clock, pause=at_once), clock, settings)


@pytest.fixture
def world(databases: Databases, dialect: str, tmp_path: Path) -> Iterator[World]:
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        made = make_world(addresses, tmp_path)
        yield made
        made.close()


@pytest.fixture(scope="module")
def shared_world(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        made = make_world(addresses, tmp_path_factory.mktemp("shared_world"))
        yield made
        made.close()


@pytest.fixture
def made_up_faults(shared_world: World) -> Iterator[None]:
    """The test raises what no operation would: the answer need not be one that the document names."""
    with documented.unwatched(shared_world.app):
        yield
