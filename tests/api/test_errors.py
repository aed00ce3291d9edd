"""Whatever is raised becomes one shape: RFC 9457, in the caller's language, with nothing of the inside."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import jwt
import psycopg
import pytest
from flask_jwt_extended import exceptions as jwt_extended
from marshmallow import ValidationError
from psycopg import errors as pg
from sqlalchemy import exc
from werkzeug import exceptions as werkzeug

from community_api.access import tokens
from community_api.community.observations import service
from community_api.core.database import dialects
from community_api.core.database.commands import ATTEMPTS
from community_api.core.errors import AlreadyCommitted, DomainError, SealBroken, Stale
from community_api.core.http.views import BASE
from tests.api.forced_errors import CANARY, OFFICER, REPORTS, check, check_nothing_told, report, send
from tests.support.app import World
from tests.support.operations import operations

pytestmark = pytest.mark.usefixtures("made_up_faults")
LITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
# Whatever database the world has, the errors of both are told apart here.
BOTH = [dialects.of(name) for name in dialects.NAMES]
Mock = pytest.MonkeyPatch


def kinds(module: Any, base: type[BaseException]) -> list[type[BaseException]]:
    """Every class of errors that a module offers."""
    found = {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, base)}
    return sorted(found, key=lambda kind: kind.__name__)


def fail_with(error: BaseException) -> Callable[..., Any]:
    def fail(*_args: Any, **_told: Any) -> Any:
        raise error

    return fail


# --- the frameworks ------------------------------------------------------------------------------


@LITE
@pytest.mark.parametrize("status", sorted(werkzeug.default_exceptions))
def test_what_werkzeug_raises(shared_world: World, monkeypatch: Mock, status: int) -> None:
    error = werkzeug.default_exceptions[status](CANARY)
    monkeypatch.setattr(service, "list_observations", fail_with(error))
    answer = send(shared_world, "GET", REPORTS)
    code = json.loads(answer.data)["code"]
    same = {400, 404, 406, 408, 411, 413, 414, 415, 429, 431, 503}
    # Those that no part of ours means to give are unreadable requests, or faults of ours.
    expected = status if status in same else 400 if status < 500 else 500
    assert answer.status_code == (405 if status == 405 else expected)
    if status != 405:
        check(shared_world, answer, expected, code)


@LITE
@pytest.mark.parametrize(
    "kind",
    [*kinds(jwt, jwt.PyJWTError), *kinds(jwt_extended, jwt_extended.JWTExtendedException)],
    ids=lambda kind: kind.__name__,
)
def test_what_the_libraries_of_tokens_raise(shared_world: World, monkeypatch: Mock, kind: type) -> None:
    error: Any = kind.__new__(kind, CANARY)
    header = {"Authorization": f"Bearer {CANARY}"}
    monkeypatch.setattr(shared_world.app.extensions[tokens.EXTENSION], "verified", fail_with(error))
    check(shared_world, send(shared_world, "GET", REPORTS, who=None, headers=header), 401, "token_invalid")


@LITE
@pytest.mark.parametrize(
    "messages",
    [
        CANARY,
        [CANARY],
        {CANARY: [CANARY]},
        {"facts": {CANARY: ["blank"]}},
        {"grounds": {0: {"fact": ["too_long|max=5"]}}},
    ],
    ids=str,
)
def test_what_marshmallow_raises(shared_world: World, monkeypatch: Mock, messages: Any) -> None:
    monkeypatch.setattr(service, "list_observations", fail_with(ValidationError(messages)))
    answer = send(shared_world, "GET", REPORTS)
    assert answer.status_code == 422
    check_nothing_told(answer)


OUR_OWN = [
    (DomainError("no_such_code"), 500, "internal_error"),
    (Stale(), 409, "conflict"),
    (AlreadyCommitted(), 409, "conflict"),
    (SealBroken(uuid4()), 500, "record_damaged"),
    (ZeroDivisionError(CANARY), 500, "internal_error"),
    (KeyError(CANARY), 500, "internal_error"),
    (RecursionError(CANARY), 500, "internal_error"),
    (MemoryError(CANARY), 500, "internal_error"),
    (TimeoutError(CANARY), 500, "internal_error"),
    (UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY), 500, "internal_error"),
]


@LITE
@pytest.mark.parametrize(("error", "status", "code"), OUR_OWN, ids=lambda values: type(values).__name__)
def test_what_we_raise_ourselves_and_what_nobody_foresaw(
    shared_world: World, monkeypatch: Mock, error: Exception, status: int, code: str
) -> None:
    monkeypatch.setattr(service, "list_observations", fail_with(error))
    check(shared_world, send(shared_world, "GET", REPORTS), status, code)


# --- the database and its drivers ----------------------------------------------------------------


@contextmanager
def failing_commits(world: World, error: BaseException, monkeypatch: Mock) -> Iterator[list[int]]:
    """Every commit fails like this; how often it was tried."""
    tries: list[int] = []

    def fail(*_args: Any) -> None:
        tries.append(1)
        raise error

    # Signing in commits too: it must not be what fails.
    world.client(OFFICER).token()
    with monkeypatch.context() as patched:
        patched.setattr(world.uow, "_send", fail)
        yield tries


def wrapped(error: BaseException, interface: Any) -> exc.DBAPIError:
    """As SQLAlchemy hands on what a driver raised."""
    return exc.DBAPIError.instance(  # type: ignore[return-value]
        f"INSERT {CANARY}",
        {"p": CANARY},
        error,
        interface.Error,
        dialect=None,
    )


def of_sqlite(name: str) -> sqlite3.Error:
    """The error of the driver with that result code."""
    code = getattr(sqlite3, name)
    kinds_of = {
        "CORRUPT": sqlite3.DatabaseError,
        "NOTADB": sqlite3.DatabaseError,
        "TOOBIG": sqlite3.DataError,
    }
    family = name.removeprefix("SQLITE_").partition("_")[0]
    if family in {"CONSTRAINT", "MISMATCH"}:
        error: sqlite3.Error = sqlite3.IntegrityError(CANARY)
    else:
        error = kinds_of.get(family, sqlite3.OperationalError)(CANARY)
    error.sqlite_errorcode = code
    return error


def meant_by_sqlstate(state: str) -> tuple[int, str]:
    """What a state of PostgreSQL means to a caller."""
    if state in {"40001", "40P01", "22012", "23505"}:
        return 409, "conflict"
    if state in {"53100", "53200"}:
        return 503, "storage_full"
    kind = pg.lookup(state)
    away = issubclass(kind, (psycopg.OperationalError, psycopg.InterfaceError))
    return (503, "database_unavailable") if away else (500, "internal_error")


STATES = sorted(
    {state for kind in kinds(pg, psycopg.Error) if isinstance(state := getattr(kind, "sqlstate", None), str)}
)
SQLITE = {
    "SQLITE_FULL": (503, "storage_full"),
    "SQLITE_IOERR_WRITE": (503, "storage_full"),
    "SQLITE_BUSY": (503, "database_unavailable"),
    "SQLITE_BUSY_SNAPSHOT": (503, "database_unavailable"),
    "SQLITE_LOCKED": (503, "database_unavailable"),
    "SQLITE_CANTOPEN": (503, "database_unavailable"),
    "SQLITE_IOERR_FSYNC": (503, "database_unavailable"),
    "SQLITE_READONLY": (503, "database_unavailable"),
    "SQLITE_PROTOCOL": (503, "database_unavailable"),
    "SQLITE_ERROR": (500, "internal_error"),
    "SQLITE_CORRUPT": (500, "internal_error"),
    "SQLITE_NOTADB": (500, "internal_error"),
    "SQLITE_TOOBIG": (500, "internal_error"),
    "SQLITE_CONSTRAINT_CHECK": (500, "internal_error"),
    "SQLITE_CONSTRAINT_FOREIGNKEY": (500, "internal_error"),
    "SQLITE_CONSTRAINT_NOTNULL": (500, "internal_error"),
    "SQLITE_CONSTRAINT_UNIQUE": (409, "conflict"),
    "SQLITE_CONSTRAINT_PRIMARYKEY": (409, "conflict"),
}


def judge(world: World, error: BaseException, monkeypatch: Mock, status: int, code: str) -> None:
    """The answer is right, nothing was acknowledged, and the same can be sent again."""
    told = report(facts=CANARY)
    with failing_commits(world, error, monkeypatch) as tries:
        check(world, send(world, "POST", REPORTS, json=told), status, code)
    assert len(tries) == (ATTEMPTS if code == "conflict" else 1)


@LITE
@pytest.mark.parametrize("state", STATES)
def test_every_state_of_postgresql(shared_world: World, monkeypatch: Mock, state: str) -> None:
    status, code = meant_by_sqlstate(state)
    driver = pg.lookup(state)(CANARY)
    for error in (driver, wrapped(driver, psycopg)):
        judge(shared_world, error, monkeypatch, status, code)


@LITE
@pytest.mark.parametrize("name", SQLITE)
def test_every_kind_of_failure_of_sqlite(shared_world: World, monkeypatch: Mock, name: str) -> None:
    for error in (of_sqlite(name), wrapped(of_sqlite(name), sqlite3)):
        judge(shared_world, error, monkeypatch, *SQLITE[name])


@LITE
@pytest.mark.parametrize("kind", kinds(exc, exc.SQLAlchemyError), ids=lambda kind: kind.__name__)
def test_whatever_sqlalchemy_raises_is_an_answer(shared_world: World, monkeypatch: Mock, kind: type) -> None:
    error: Any = kind.__new__(kind, CANARY)
    error.code = None
    with failing_commits(shared_world, error, monkeypatch):
        answer = send(shared_world, "POST", REPORTS, json=report())
    check(shared_world, answer, answer.status_code, json.loads(answer.data)["code"])
    assert answer.status_code in {500, 503}


# --- addresses and methods -----------------------------------------------------------------------

# The same in every process that collects the tests.
NOTHING = UUID("53b459cc-486f-4461-bfe0-1eced8971324")

NOWHERE = [
    f"{BASE}/nowhere-{CANARY}",
    f"{REPORTS}/{CANARY}",
    f"{REPORTS}/{{{NOTHING}}}",
    f"{REPORTS}/{NOTHING.hex}",
    f"{REPORTS}/{NOTHING}/{CANARY}",
    f"{REPORTS}/%00",
    f"{REPORTS}/%ff",
    f"{BASE}/code-lists/{CANARY}",
    f"{BASE}/code-lists/../me",
    f"{BASE}/procedures/{CANARY}/versions/1",
    f"{BASE}/procedures/osce-baseline/versions/-1",
    f"{BASE}/procedures/osce-baseline/versions/{'9' * 40}",
    f"/{BASE}/me",
    f"{BASE}//me",
    f"/problems/{CANARY}",
    f"/{CANARY}",
    "/favicon.ico",
    f"/docs/{CANARY}",
]


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found_whoever_asks(shared_world: World, path: str) -> None:
    closed = {f"{REPORTS}/{uuid4()}", f"{BASE}/code-lists", f"{BASE}/procedures"}
    # An address that is open to everybody does not look who asks.
    language = "en" if path.startswith("/problems") else "de"
    check(shared_world, send(shared_world, "GET", path), 404, "not_found", language=language)
    answer = send(shared_world, "GET", path, who=None)
    if any(path.startswith(one) for one in closed):
        assert answer.status_code in {401, 404}
    else:
        check(shared_world, answer, 404, "not_found", language="en")


@LITE
def test_every_address_names_the_methods_that_it_takes(shared_world: World) -> None:
    taken: dict[str, set[str]] = {}
    for one in operations(shared_world.app):
        taken.setdefault(one.rule, set()).add(one.method)
    for one in operations(shared_world.app):
        allowed = taken[one.rule] | ({"HEAD"} if "GET" in taken[one.rule] else set())
        for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"} - allowed:
            answer = send(shared_world, method, one.address())
            assert set(answer.headers["Allow"].split(", ")) == allowed, one.name
            if method != "HEAD":
                check(shared_world, answer, 405, "method_not_allowed")


# --- language, number, sameness ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("es, de;q=0.2", "de"),
        ("es", "en"),
        ("fr-CH, de;q=0.2", "fr"),
        ("ru-RU", "ru"),
        ("de;q=0.3, lt;q=0.7", "lt"),
        ("ar", "en"),  # of this refusal the public reads nothing
        ("", "en"),
        ("*", "en"),
        (f"{CANARY};q=x, ;;,", "en"),
        ("de;q=0, en", "en"),
    ],
)
def test_a_stranger_is_answered_in_a_language_that_they_read(
    shared_world: World, header: str, language: str
) -> None:
    answer = send(shared_world, "GET", REPORTS, who=None, headers={"Accept-Language": header})
    check(shared_world, answer, 401, "token_missing", language=language)


@pytest.mark.parametrize("header", ["ar", "tr-TR, de;q=0.5"])
def test_the_public_is_refused_in_languages_of_the_public(shared_world: World, header: str) -> None:
    answer = send(shared_world, "GET", "/nowhere", who=None, headers={"Accept-Language": header})
    check(shared_world, answer, 404, "not_found", language=header[:2])


@pytest.mark.parametrize("language", ["en", "de", "fr", "lt", "ru"])
def test_a_colleague_is_answered_in_the_language_of_the_account(world: World, language: str) -> None:
    client, other = world.client(OFFICER), "en" if language == "de" else "de"
    if client.get("/me")["language"] != language:
        client.patch("/me", {"language": language}, if_match=client.get("/me"))
    for method, path, status, code in (
        ("GET", f"{REPORTS}/{NOTHING}", 404, "not_found"),
        ("GET", "/nowhere", 404, "not_found"),
        ("PUT", REPORTS, 405, "method_not_allowed"),
        ("POST", REPORTS, 422, "validation_failed"),
    ):
        answer = send(world, method, path, headers={"Accept-Language": other})
        check(world, answer, status, code, language=language)
