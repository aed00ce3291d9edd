"""What is kept of somebody without an account: the day and, sealed, what they told. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import request
from sqlalchemy import select
from sqlalchemy.engine import make_url

from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.core.http.anonymizing_middleware import COUNT
from tests.support import public
from tests.support.app import World

# A moment that no day-only time can be mistaken for.
ARRIVAL = datetime(2026, 3, 3, 13, 37, 42, 123456, tzinfo=UTC)
HERE = ZoneInfo("Europe/Berlin")
MARKED = {
    "REMOTE_ADDR": "198.51.100.77",
    "REMOTE_PORT": "51966",
    "HTTP_X_FORWARDED_FOR": "203.0.113.99",
    "HTTP_FORWARDED": "for=203.0.113.98",
    "HTTP_X_REAL_IP": "203.0.113.97",
    "HTTP_CF_CONNECTING_IP": "203.0.113.96",
    "HTTP_VIA": "1.1 heron7cproxy",
    "HTTP_USER_AGENT": "Heron7cBrowser/77",
    "HTTP_ACCEPT_LANGUAGE": "de-HERON7CLANG",
    "HTTP_REFERER": "https://heron7creferrer.example/",
    "HTTP_ORIGIN": "https://heron7corigin.example",
    "HTTP_COOKIE": "session=heron7ccookie",
    "HTTP_AUTHORIZATION": "Bearer heron7ctoken",
    "HTTP_X_REQUEST_ID": "heron7crequest",
    "HTTP_TRACEPARENT": "00-heron7ctrace-01",
    "HTTP_DNT": "heron7cdnt",
}
TOLD_CANARY = "heron7cwords of what was told"
CONTACT_CANARY = "0160 7777777"
MARKS = (
    b"198.51.100.77", b"203.0.113.", b"heron7c", b"Heron7cBrowser", b"HERON7C", CONTACT_CANARY.encode(),
)  # fmt: skip


class Marked:
    """A reporter whose every request carries a mark in whatever a client, a proxy or a network could say."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.code = str(self.send("receipts", {})["code"])

    def send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        raw = self.world.http.post(f"/api/v1/public/{path}", json=body, environ_overrides=MARKED)
        assert raw.status_code < 500
        told: dict[str, Any] = raw.get_json()
        return told

    def tell(self, path: str, **body: Any) -> dict[str, Any]:
        return self.send(path, {"code": self.code, **body})


def live_through(world: World) -> Marked:
    """Everything that can happen to a concern by its reporter's hand, the desk's answers in between."""
    who = Marked(world)
    contact = {"channel": "phone", "value": CONTACT_CANARY, "say_police": False}
    known = {one["id"] for one in public.listed(world)}
    who.tell("concerns", **public.concern_body(text=TOLD_CANARY, contact=contact, how_known="heron7chow"))
    who.tell("concerns", **public.concern_body(text="Something else: heron7cother"))
    (concern_id,) = {one["id"] for one in public.listed(world)} - known
    who.tell("follow-ups")
    who.tell("messages", text="heron7cmessage")
    public.answer(world, concern_id, "answer", "We looked: heron7canswer")
    who.tell("follow-ups")
    public.answer(world, concern_id, "final", "Solved: heron7cfinal")
    who.tell("disputes", text="heron7cdispute")
    who.tell("questionnaires", answers={"clear": "heron7cquestion"})
    who.tell("permissions", pass_on=False)
    who.tell("withdrawals", text="heron7cwithdrawal")
    who.tell("follow-ups")
    who.send("follow-ups", {"code": "7" * 32})
    who.send("concerns", {"code": who.code, "category": "heron7ccategory"})
    world.http.get("/api/v1/public/heron7cpath", environ_overrides=MARKED)
    return who


def files_of(world: World, folder: Path) -> Iterator[Path]:
    """The files of the database with their logs, and what lies beside them."""
    url = make_url(world.settings.database_url)
    if world.uow.database.is_sqlite:
        yield from Path(str(url.database)).parent.glob(f"{Path(str(url.database)).name}*")
    else:
        data = Path(str(url.query["host"])).parent / "data"
        yield from (data / "pg_wal").glob("0*")
        yield from (data / "base").glob("*/*")
        yield from (data / "base" / "pgsql_tmp").glob("*")
    yield from (path for path in folder.rglob("*") if path.is_file())


def test_no_mark_is_in_any_file_or_log(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    who = live_through(world)
    marks = (*MARKS, who.code.encode(), who.code[:26].encode(), who.code[8:24].encode())
    looked_at = 0
    for path in files_of(world, tmp_path):
        raw = path.read_bytes()
        looked_at += len(raw)
        assert [mark for mark in marks if mark in raw] == [], path
    assert looked_at > 100_000
    said = capsys.readouterr()
    assert [mark for mark in marks if mark.decode() in said.out + said.err] == []


def test_a_mark_that_was_kept_would_be_found(world: World, tmp_path: Path):
    """The search is no good if it cannot find."""
    public.concern(world)
    mark = world.unit_id("lin-a")
    needles = (mark.bytes, mark.hex.encode(), str(mark).encode())
    assert any(needle in path.read_bytes() for path in files_of(world, tmp_path) for needle in needles)


def test_nothing_behind_the_layer_can_read_who_calls(world: World):
    seen: list[dict[str, Any]] = []
    app = world.app
    app.before_request_funcs.setdefault(None, []).append(lambda: seen.append(dict(request.environ)))
    Marked(world)
    (environ,) = seen
    told = {name: str(value) for name, value in environ.items()}
    named = {"REMOTE_ADDR", "REMOTE_PORT", *(name for name in MARKED if name != "HTTP_ACCEPT_LANGUAGE")}
    assert named & told.keys() == set()
    # What counts it knows a number under a key that nobody keeps.
    assert [re.fullmatch("[0-9a-f]{16}", bucket) is not None for bucket in environ[COUNT].args] == [True]


def moments(value: Any) -> Iterator[datetime]:
    """Every time that a value of a row holds, spelled out in a text or in JSON too."""
    if isinstance(value, datetime):
        yield value if value.tzinfo else value.replace(tzinfo=UTC)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from moments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from moments(inner)
    elif isinstance(value, str):
        for found in re.findall(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)", value):
            yield datetime.fromisoformat(found)


def tells_no_more_than_the_day(moment: datetime) -> bool:
    """The start of a day (UTC), the last second of one in the unit's zone, or a day's count of junk."""
    start = moment.astimezone(UTC).time() == time(0)
    end = moment.astimezone(HERE).time() == time(23, 59, 59)
    counted = moment.astimezone(UTC).time() == time(23, 59)
    return start or end or counted


def too_exact(rows: list[Any]) -> list[Any]:
    """Places in rows that tell an hour, or hold an id that tells its time."""
    found: list[Any] = []
    for table, row in rows:
        for column, value in row.items():
            found += [(table, column, one) for one in moments(value) if not tells_no_more_than_the_day(one)]
            if column == "id" and isinstance(value, UUID) and value.version in {1, 2, 6, 7}:
                found.append((table, column, value))
    return found


THE_WORKERS = {"outbox_periodic_task", "outbox_worker", "audit_event"}
BY_CODE = (
    ("follow-ups", {}),
    ("messages", {"text": "More."}),
    ("disputes", {"text": "No."}),
    ("questionnaires", {"answers": {"clear": 4}}),
    ("permissions", {"pass_on": False}),
    ("permissions", {"pass_on": True}),
    ("withdrawals", {}),
)


def test_no_row_that_a_concern_caused_tells_more_than_the_day(world: World):
    world.client("supervisor.nor").get("/me")
    world.clock.set(ARRIVAL)
    before = public.everything_kept(world)
    who = public.reporter(world)
    contact = {"channel": "phone", "value": "0160 1", "say_police": True}
    who.post("concerns", **public.concern_body(contact=contact, occurred_on="2026-03-02"))
    for path, body in BY_CODE:
        world.clock.advance(timedelta(minutes=7))
        who.post(path, **body)
    public.Reporter(world, "7" * 32).post("follow-ups", expect=404)
    world.clock.advance(timedelta(minutes=1))
    public.Reporter(world, "7" * 32).post("follow-ups", expect=404)
    rows = public.new_rows(before, public.everything_kept(world))
    tables = {table for table, _row in rows}
    assert {
        "community_concern", "community_concern_contact", "community_concern_message", "core_command",
        "core_data_key", "outbox_item", "audit_event", "audit_anonymous_refusal", "units_duty",
    } <= tables  # fmt: skip
    assert too_exact(rows) == []


def test_no_row_that_the_calendar_wrote_tells_more_than_the_day(world: World):
    world.clock.set(ARRIVAL)
    before = public.everything_kept(world)
    public.reporter(world).post("concerns", **public.concern_body())
    world.later(days=40)
    # When the worker was awake says nothing of when the concern came.
    ours = [
        one for one in public.new_rows(before, public.everything_kept(world)) if one[0] not in THE_WORKERS
    ]
    rows = [(table, {name: row[name] for name in row if name != "done_at"}) for table, row in ours]
    assert {"community_concern_reply", "units_duty", "outbox_item"} <= {table for table, _row in rows}
    assert too_exact(rows) == []


def test_an_exact_time_would_be_found(world: World):
    """The guard is no good if it cannot fail: what an officer reports is kept to the second."""
    world.clock.set(ARRIVAL)
    before = public.everything_kept(world)
    told = {
        "occurred_at": ARRIVAL.isoformat(), "purpose": "community_problem", "category": "traffic",
        "facts": "A van.", "source_relation": "witnessed",
    }  # fmt: skip
    world.client("officer1.lin-a").post("/observations", told)
    found = {
        (table, column)
        for table, column, _one in too_exact(public.new_rows(before, public.everything_kept(world)))
    }
    assert (Observation.__tablename__, "received_at") in found
    assert ("audit_event", "envelope") in found


def test_the_order_of_arrival_is_in_no_field(world: World):
    """P25: rank correlation of arrival with every visible field stays near nothing."""
    for _number in range(60):
        public.reporter(world).post("concerns", **public.concern_body())
    rows = [(one["id"], one["reference"]) for one in public.listed(world)]
    with world.uow() as tx:
        kept = {str(row.id): row for row in tx.all(select(Concern))}
    assert {row.received_at for row in kept.values()} == {datetime(2026, 3, 2, tzinfo=UTC)}
    assert {row.review_on for row in kept.values()} == {date(2027, 3, 2)}
    assert rows == sorted(rows, reverse=True)
