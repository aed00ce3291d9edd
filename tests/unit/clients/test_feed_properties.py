"""No file, map or reply ends in a traceback: made-up ones, and pieces of real ones put together at random."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community_api.clients.importer.command import feed_group
from community_api.clients.importer.coordinates import system_of
from community_api.clients.importer.language import FeedMap, read_map
from community_api.clients.importer.points import Coordinates, OneColumn, Place, TwoColumns
from community_api.clients.importer.times import PARTS
from community_api.clients.importer.values import RowRefused
from community_api.clients.importer.yaml_lines import MapWrong
from tests.unit.clients.fake_public import FakePublic
from tests.unit.clients.fake_server import PASSWORD, FakeServer
from tests.unit.clients.feeding import MAP, WHEN

few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
many = settings(max_examples=300, deadline=None)
WORDS = st.sampled_from(
    [
        *(
            "NULL",
            "n/a",
            "POINT (1 2)",
            "(1,5; 2,5)",
            "1e9",
            "-0",
            "24:00",
            "\ufeff",
            "\x00",
            "{what}",
            "=1+1",
        ),
        *(
            "0001-01-01T00:00:00+02:00",
            "9999-12-31T23:59:59-14:00",
            "2024-02-30",
            "2024-10-27 01:30",
            "29.02.",
        ),
    ]
)
CELLS = st.one_of(st.text(max_size=30), WORDS)
SIGNS = (*(f"%{sign}" for sign in "YmdHMSfzZjypIbUaGVu%"), *"%-T([x ")
PATTERNS = st.one_of(
    st.lists(st.sampled_from(SIGNS), max_size=7).map("".join),
    st.sampled_from(["rfc3339", "%Y-%m-%d %H:%M", "%d.%m.", "%Y", "%Y %j", "%G-W%V-%u", "%Y-%m-%dT%H:%M%z"]),
)
KEYS = (
    "map feed csv key fields column columns format zone place point system template choose table stands_in"
    " facts nowhere default latitude longitude east north accuracy_m"
)
YAML = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELLS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(CELLS, st.sampled_from(KEYS.split())), inner, max_size=5),
    ),
    max_leaves=12,
)
MEMBERS = "id code detail errors pointer message reference language items state received_on next_on challenge"
JSON_REPLIES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=10), st.just("\ud800")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(MEMBERS.split()), inner, max_size=5),
    ),
    max_leaves=10,
)


def value_or_refusal(make, row):
    """What is made of a row, or its refusal."""
    try:
        return make(row)
    except RowRefused as refused:
        return refused


@many
@given(
    cell=CELLS,
    pattern=PATTERNS,
    stands_in=st.dictionaries(st.sampled_from(list(PARTS)), st.integers(1, 12)),
    zone=st.sampled_from(["UTC", "Europe/London", "America/New_York"]),
)
def test_a_cell_is_a_time_or_is_refused(cell, pattern, stands_in, zone):
    time = {"column": "when", "format": pattern}
    if pattern != "rfc3339":
        time |= {"zone": zone} | ({"stands_in": stands_in} if stands_in else {})
    was = "{column: when, format: rfc3339}"
    feed_map = map_or_mistakes(MAP.replace(was, json.dumps(time)).encode())
    if isinstance(feed_map, MapWrong):
        return
    body = value_or_refusal(feed_map.body, {"when": cell, "what": "x"})
    if isinstance(body, RowRefused):
        assert body.map_line == 5
    else:
        assert datetime.fromisoformat(body["occurred_at"]).utcoffset() == timedelta(0)


@many
@given(
    first=st.one_of(CELLS, st.floats().map(str)),
    second=st.one_of(CELLS, st.floats().map(str)),
    system=st.sampled_from(["wgs84", "lv95", "EPSG:27700", "EPSG:25832"]),
    decimal=st.sampled_from([".", ","]),
)
def test_cells_are_a_place_on_earth_or_are_refused(first, second, system, decimal):
    row = {"a": first, "b": second, "c": f"{first},{second}", "d": f"({first} {second})", "e": first}
    used = system_of(system)
    ways: list[Coordinates] = [TwoColumns("a", "b", decimal)]
    ways += [OneColumn(column, decimal, swapped=False, degrees=used.degrees) for column in "cde"]
    for coordinates in ways:
        place = value_or_refusal(Place(coordinates, used, (), {}).of, row)
        assert (
            place is None
            or isinstance(place, RowRefused)
            or (-90 <= place["lat"] <= 90 and -180 <= place["lon"] <= 180)
        )


def map_or_mistakes(text):
    """The map, or what is wrong with it by file and line."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "map.yaml"
        path.write_bytes(text)
        try:
            return read_map(path)
        except MapWrong as wrong:
            unnamed = [
                one for one in wrong.mistakes if not re.match(rf"{re.escape(str(path))}:[0-9]+: .", one)
            ]
            return AssertionError(unnamed) if unnamed else wrong


@few
@given(text=st.binary(max_size=200))
def test_no_bytes_are_a_map_that_fails_otherwise_than_by_line(text):
    assert isinstance(map_or_mistakes(text), MapWrong)


@few
@given(values=YAML)
def test_no_yaml_is_a_map_that_fails_otherwise_than_by_line(values):
    assert isinstance(map_or_mistakes(json.dumps(values, default=str).encode(errors="replace")), MapWrong)


@few
@given(field=st.sampled_from(["occurred_at", "place", "category", "facts"]), values=YAML)
def test_no_field_of_a_good_map_fails_otherwise_than_by_line(field, values):
    lines = [line for line in MAP.splitlines() if field not in line]
    lines.append(f"  {field}: {json.dumps(values, default=str)}")
    read = map_or_mistakes("\n".join(lines).encode(errors="replace"))
    if isinstance(read, FeedMap):
        body = value_or_refusal(read.body, dict.fromkeys(read.columns(), "x"))
        assert isinstance(body, dict) or body.map_line > 0
    else:
        assert isinstance(read, MapWrong)


def feed_bytes(content, server, *options, kind="observations", text=MAP):
    """One run over ``content``; whatever it ends in, it is an exit code and a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        rows, path = Path(folder) / "rows.csv", Path(folder) / "map.yaml"
        rows.write_bytes(content)
        path.write_text(text, encoding="utf-8")
        words = [kind, str(rows), "--map", str(path), *options]
        group = feed_group({"COMMUNITY_FEED_PASSWORD": PASSWORD}, server.transport)
        result = CliRunner().invoke(group, words)
        assert result.exit_code in (0, 2, 3), result.exception
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result


@few
@given(content=st.binary(max_size=300), check=st.booleans())
def test_no_bytes_are_a_file_that_ends_in_a_traceback(content, check):
    feed_bytes(b"when,what\n" + content, FakeServer(), *["--check"] * check)


@few
@given(rows=st.lists(st.tuples(st.one_of(CELLS, st.just(WHEN)), CELLS), max_size=6), check=st.booleans())
def test_every_row_of_a_table_is_accepted_or_refused(rows, check):
    file = io.StringIO()
    csv.writer(file).writerows([("when", "what"), *rows])
    server = FakeServer()
    result = feed_bytes(file.getvalue().encode(errors="replace"), server, *["--check"] * check)
    if result.exit_code == 0 and not check:
        accepted, refused = (int(result.stdout.split()[-position]) for position in (7, 5))
        assert (accepted, accepted + refused) == (len(server.observations), len(rows))


JSON = {"Content-Type": "application/json"}
TOLD = """\
map: 1
feed: concerns
imported_from: a test
fields:
  category: other
  text: {template: "Imported from {imported_from}: {what}"}
"""


@few
@given(status=st.sampled_from([200, 201, 202, 204, 400, 401, 404, 409, 410, 422, 500]), body=JSON_REPLIES)
def test_no_reply_ends_in_a_traceback_or_counts_as_accepted(status, body):
    def reply(request):
        if (
            request.url.path.endswith(("/observations", "/concerns", "/me"))
            or "code-lists" in request.url.path
        ):
            return httpx.Response(
                status, content=json.dumps(body), headers={"Content-Type": "application/json"}
            )
        return None

    content = f"when,what\n{WHEN},x\n".encode()
    for server, kind, text in (
        (FakeServer(before=reply), "observations", MAP),
        (FakePublic(before=reply), "concerns", TOLD),
    ):
        result = feed_bytes(content, server, kind=kind, text=text)
        proven = isinstance(body, dict) and {"state", "received_on", "next_on"} <= body.keys()
        assert proven or not result.stdout.startswith("1 accepted")
        feed_bytes(content, server, "--check", kind=kind, text=text)
