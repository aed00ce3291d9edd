"""Logs hold opaque ids only, and nobody can write a line of them: whatever is sent, and whatever breaks."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import exc, update

from community_api.community.observations import service
from community_api.community.observations.models import Observation
from community_api.core.errors import SealBroken
from community_api.core.http.views import BASE
from community_api.core.monitoring import logs
from community_api.outbox import service as outbox
from tests.api.forced_errors import OFFICER, REPORTS, send
from tests.support.app import World
from tests.support.operations import operations
from tests.support.workflow import ANALYST, Police, flag

# What a line would need to look like another one, to end early, or to paint on a terminal.
FORGING = '\r\n{"level":"critical","event":"forged"}\x1b[31m\x9b2J\x7f\u2028'
# No file system path and no statement either: who reads logs need not know them.
KEYS = {"at", "level", "logger", "event", "error", "where", *logs.PERMITTED}
NUMBERS = count(1)


def canary(*, forging: bool = False) -> str:
    """A word that stands in one place only, so that a find tells which."""
    return f"canary{next(NUMBERS):04d}x" + (FORGING if forging else "")


class Heard:
    """What was logged, at DEBUG, by everybody."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def lines(self) -> list[dict[str, Any]]:
        """Every line so far, once each is valid and holds nothing of what was sent."""
        captured = self._capture.readouterr()
        assert captured.out == ""
        assert "canary" not in captured.err, captured.err[captured.err.index("canary") - 300 :][:600]
        assert "forged" not in captured.err
        told = []
        for line in captured.err.split("\n")[:-1]:
            assert line.isprintable(), line
            one = json.loads(line)
            assert {"at", "level", "logger", "event"} <= set(one) <= KEYS, one
            told.append(one)
        return told


@pytest.fixture
def heard(capsys: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    """Everything is logged that anybody has to say, the driver's statements and the pool's doings too."""
    root = logging.getLogger()
    named = [logging.getLogger(name) for name in (logs.OURS, "sqlalchemy", "psycopg", "community_api")]
    before = [(one, one.level) for one in (root, *named)]
    logs.configure(logging.DEBUG)
    for one, _ in before:
        one.setLevel(logging.DEBUG)
    yield Heard(capsys)
    for one, level in before:
        one.setLevel(level)


def environ() -> dict[str, str]:
    """Headers with a canary each; set where a client could not, line ends and all."""
    names = (
        "USER_AGENT", "ACCEPT", "ACCEPT_LANGUAGE", "COOKIE", "REFERER", "ORIGIN", "HOST", "X_PURPOSE",
        "X_CASE", "X_DEVICE_TIME", "X_REQUEST_ID", "X_FORWARDED_FOR", "FORWARDED", "IF_MATCH",
        "IF_NONE_MATCH", "RANGE", "IDEMPOTENCY_KEY", "TRACEPARENT",
    )  # fmt: skip
    return {f"HTTP_{name}": canary(forging=name != "HOST") for name in names}


def filled(schema: dict[str, Any], components: dict[str, Any]) -> Any:
    """A body of that shape with a canary in every place that holds words."""
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[1]]
    if "properties" in schema:
        return {name: filled(inner, components) for name, inner in schema["properties"].items()}
    kind = schema.get("type")
    if kind == "array":
        return [filled(schema.get("items", {}), components)]
    return 7 if kind in {"integer", "number"} else canary(forging=True)


def test_nothing_that_is_refused_is_in_the_log(shared_world: World, heard: Heard) -> None:
    document = json.loads(shared_world.http.get("/openapi.json").data)
    components, sent = document["components"]["schemas"], next(NUMBERS)
    for path, told in document["paths"].items():
        for method, operation in told.items():
            if method == "parameters" or path.endswith("/logout"):
                continue
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            body = filled(content.get("schema", {}), components) if content else None
            query = {
                one["name"]: canary(forging=True)
                for one in operation.get("parameters", [])
                if one.get("in") == "query"
            }
            for who in (OFFICER, ANALYST, None):
                words = re.sub(r"\{(name|code|digest)\}", lambda _: canary(), path)
                for address in (words.format(**dict.fromkeys(IDS, uuid4()), version=1), f"{path}/{canary()}"):
                    asked = {"query_string": query} if query else {}
                    told_by = {"json": body} if body else {}
                    send(
                        shared_world, method.upper(), address, who=who,
                        environ_overrides=environ(), **asked, **told_by,
                    )  # fmt: skip
    assert next(NUMBERS) - sent > 500
    heard.lines()


IDS = (
    "session_id", "observation_id", "flag_id", "referral_id", "report_id", "feedback_id", "item_id",
    "concern_id", "reply_id", "unlock_id", "certificate_id", "emergency_id", "handover_id", "link_id",
    "batch_id",
    "priority_id", "review_id", "problem_id", "proposal_id", "record_id", "dissemination_id", "notice_id",
)  # fmt: skip


def test_nothing_that_is_told_is_in_the_log(shared_world: World, heard: Heard) -> None:
    police, lines = Police(shared_world), heard
    place = {"lat": 51.0, "lon": 10.0, "description": canary(forging=True)}
    told = police.observes(facts=canary(forging=True), assessment=canary(forging=True), place=place)
    subject = {
        "label": canary(), "category": "suspected", "age": "adult", "identifying": canary(forging=True),
    }  # fmt: skip
    grounds = [
        {"indicator": "acquiring_materials", "fact": f"At nine {canary()} bought and {canary()} paid."}
    ]
    words = {
        name: canary(forging=True) for name in ("alternative_explanation", "necessity", "proportionality")
    }
    path = f"/observations/{told['id']}/flags"
    raised = shared_world.client(OFFICER).post(path, flag(grounds=grounds, subjects=[subject], **words))
    police.decides_flag(raised["id"], reason=canary(forging=True))
    login = {"username": canary(), "password": canary(forging=True)}
    for _ in range(3):
        send(shared_world, "POST", f"{BASE}/auth/login", who=None, json=login, environ_overrides=environ())
    send(shared_world, "GET", REPORTS, who=None, headers={"Authorization": f"Bearer {canary()}"})
    shared_world.work()
    events = lines.lines()
    assert any(one["logger"].startswith("sqlalchemy") for one in events), (
        "statements are logged, values are not"
    )


CRASHES = [
    ValueError(canary(forging=True)),
    KeyError(canary(forging=True)),
    UnicodeEncodeError("utf-8", canary(forging=True), 0, 1, canary(forging=True)),
    exc.DataError(canary(), {"facts": canary(forging=True)}, psycopg.DataError(canary(forging=True))),
    exc.StatementError(canary(), canary(), {"facts": canary()}, ValueError(canary())),
    SealBroken(UUID(int=7)),
]


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
def test_a_crash_is_one_line_that_says_where_and_quotes_nobody(
    shared_world: World, heard: Heard, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_args: Any, **_told: Any) -> Any:
        raise error

    monkeypatch.setattr(service, "list_observations", fail)
    shared_world.client(OFFICER).token()
    heard.lines()
    answer = send(shared_world, "GET", f"{REPORTS}?unit=lin-a", environ_overrides=environ())
    assert answer.status_code == 500
    (line,) = [one for one in heard.lines() if one["level"] in {"error", "critical"}]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    if isinstance(error, SealBroken):
        assert line["object_id"] == str(UUID(int=7))
    else:
        assert line["error"] == type(error).__name__
        assert line["where"][-1].startswith("test_logs.fail:")


def test_a_crash_while_a_crash_is_answered(
    shared_world: World, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The framework would write down the address; its message is not shown."""

    def fail(*_args: Any, **_told: Any) -> Any:
        raise ArithmeticError(canary(forging=True))

    monkeypatch.setattr(shared_world.uow, "commit", fail)
    answer = send(shared_world, "GET", f"{BASE}/referrals/?limit=7", environ_overrides=environ())
    assert answer.status_code == 500
    failed = [one for one in heard.lines() if one["level"] == "error"]
    assert [one["error"] for one in failed] == ["ArithmeticError"]
    assert "/" not in failed[0]["event"]


def test_a_text_that_was_swapped_is_an_alarm_without_words(world: World, heard: Heard) -> None:
    police = Police(world)
    mine, other = (police.observes(facts=f"{canary()} stood at the gate.")["id"] for _ in range(2))
    with world.uow() as tx:
        sealed = tx.get(Observation, UUID(other)).sealed  # type: ignore[union-attr]
    world.uow.atomic(update(Observation).where(Observation.id == UUID(mine)).values(sealed=sealed))
    heard.lines()
    answer = send(world, "GET", f"{REPORTS}/{mine}")
    assert (answer.status_code, json.loads(answer.data)["code"]) == (500, "record_damaged")
    alarms = [one for one in heard.lines() if one["level"] == "critical"]
    assert {one["object_id"] for one in alarms} == {mine}


def test_what_fails_behind_the_scenes_quotes_nobody(world: World, heard: Heard) -> None:
    def fail(_tx: Any, _item: Any) -> None:
        raise ValueError(canary(forging=True))

    with world.uow() as tx:
        outbox.schedule(tx, "odd_kind", uuid4(), tx.now, params={"words": canary()})
    world.worker._handlers = {**world.worker._handlers, "odd_kind": fail}
    for _ in range(3):
        world.later(hours=1)
    failures = [one for one in heard.lines() if one.get("error") == "ValueError"]
    assert failures


def test_operators_get_one_line_for_one_event_whatever_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    for name in (logs.OURS, "community.deep", "werkzeug", "anything"):
        log = logging.getLogger(name)
        log.warning("%s was here", FORGING)
        log.error("failed", extra={"object_id": FORGING, "words": FORGING})
    logging.getLogger("anything").warning(f"{FORGING} was here")  # noqa: G004 - as libraries do
    lines = capsys.readouterr().err.split("\n")[:-1]
    assert len(lines) == 9
    for line in lines:
        told = json.loads(line)
        assert set(told) <= KEYS
        assert "forged" not in told["event"]
        assert line.isprintable()
        assert line.isascii()


def test_every_operation_was_tried(shared_world: World) -> None:
    named = {name for one in operations(shared_world.app) for name in one.ids if name.endswith("_id")}
    assert named == set(IDS)
