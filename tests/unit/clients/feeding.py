"""Running the feed in a folder of its own, as a person would."""

from __future__ import annotations

import csv
from pathlib import Path

from click.testing import CliRunner, Result

from community_api.clients.importer.command import feed_group
from tests.unit.clients.fake_server import PASSWORD, FakeServer

MAP = """\
map: 1
feed: observations
imported_from: a test
fields:
  occurred_at: {column: when, format: rfc3339}
  purpose: crime_prevention
  category: other
  facts: {template: "Imported from {imported_from}: {what}"}
  source_relation: witnessed
"""
WHEN = "2024-09-01T10:00:00+00:00"


def write(folder: Path, *things: str) -> None:
    rows = "".join(f"{WHEN},{thing},secret {number}\n" for number, thing in enumerate(things))
    (folder / "rows.csv").write_text("when,what,who\n" + rows, encoding="utf-8")


def feed(folder: Path, server: FakeServer, *options: str, password: str = PASSWORD) -> Result:
    group = feed_group({"COMMUNITY_FEED_PASSWORD": password}, server.transport)
    words = ["observations", str(folder / "rows.csv"), "--map", str(folder / "map.yaml"), *options]
    return CliRunner().invoke(group, words, catch_exceptions=False)


def last_line(result: Result) -> str:
    return result.stdout.splitlines()[-1]


def report(folder: Path) -> list[dict[str, str]]:
    with (folder / "rows.csv.refused.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def ledger(folder: Path) -> Path:
    return folder / "rows.csv.ledger.jsonl"
