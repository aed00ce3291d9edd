"""Emergencies that were there before they were gathered keep what was known of them, there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import MetaData, Uuid, create_engine, select
from sqlalchemy.pool import NullPool

from community_api.core.database import migrations

BEFORE, GATHERED, NEWEST = "0020", "0021", "head"
AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
UNIT, POST, PERSON = uuid4(), uuid4(), uuid4()
WAITING, ANSWERED = uuid4(), uuid4()
TABLES = ("community_emergency", "community_emergency_entry", "community_emergency_page")
CONTENT = {"retention_class": "emergency", "review_on": date(2027, 3, 2), "legal_hold": False}


class Database:
    """The tables as they are at the revision where the database stands."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, poolclass=NullPool)

    def rows(self, table: str):
        declared = self._table(table)
        with self.engine.connect() as connection:
            return sorted((dict(row._mapping) for row in connection.execute(select(declared))), key=str)

    def add(self, table: str, **values):
        declared = self._table(table)
        with self.engine.begin() as connection:
            connection.execute(declared.insert().values(**{"id": uuid4(), **values}))

    def _table(self, name: str):
        metadata = MetaData()
        metadata.reflect(self.engine, only=[name], resolve_fks=False)
        table = metadata.tables[name]
        if self.engine.dialect.name == "sqlite":
            for column in table.columns:
                # SQLite calls them all CHAR(32).
                if str(column.type) == "CHAR(32)":
                    column.type = Uuid()
        return table


@pytest.fixture
def populated(empty_addresses):
    """Two emergencies of before: one in its third round, one answered in its first, with what was done."""
    migrations.upgrade(empty_addresses.migration_url, BEFORE)
    database = Database(empty_addresses.migration_url)
    database.add(
        "units_unit", id=UNIT, version=1, name="lin", title="Lindenau", level="local", path="/lin/",
        timezone="Europe/Berlin", country="nor",
    )  # fmt: skip
    database.add("units_post", id=POST, role="duty_commander", unit_id=UNIT)
    for row_id, state, rounds, answered in (
        (WAITING, "paging", 3, None),
        (ANSWERED, "acknowledged", 1, AT + timedelta(minutes=6)),
    ):
        database.add(
            "community_emergency", id=row_id, version=2, subject_kind="concern", subject_id=uuid4(),
            unit_id=UNIT, owner_post_id=POST, state=state, rounds=rounds, opened_at=AT, paged_at=AT,
            acknowledged_at=answered, justify_by=AT + timedelta(days=1), **CONTENT,
        )  # fmt: skip
        for number in range(rounds + 1):
            database.add(
                "community_emergency_page", emergency_id=row_id, post_id=POST, round=number,
                paged_at=AT + timedelta(minutes=5 * number), handed_over_at=None,
            )  # fmt: skip
    database.add(
        "community_emergency_entry", version=1, emergency_id=ANSWERED, act="acknowledgement",
        person_id=PERSON, post_id=POST, entered_at=AT, text_version=1, sealed=None, **CONTENT,
    )  # fmt: skip
    yield empty_addresses.migration_url, database
    database.engine.dispose()


def test_each_becomes_a_call_of_its_own_that_goes_on_where_it_stood(populated):
    url, database = populated
    migrations.upgrade(url, GATHERED)
    calls = {row["id"]: row for row in database.rows("community_emergency_call")}
    rows = {row["id"]: row for row in database.rows("community_emergency")}
    assert set(calls) == set(rows) == {WAITING, ANSWERED}
    assert all(row["call_id"] == row["id"] and row["first_round"] == 0 for row in rows.values())
    # Never gathered with what comes later, and called on from the round where it stood.
    assert {row["kind"] for row in calls.values()} == {"staff"}
    assert (calls[WAITING]["rounds"], calls[WAITING]["rounds_of_newest"]) == (3, 3)
    # Nobody is called any more for what was answered.
    assert (rows[WAITING]["last_round"], rows[ANSWERED]["last_round"]) == (None, 1)
    pages = database.rows("community_emergency_page")
    assert sorted((page["call_id"], page["round"]) for page in pages) == sorted(
        [(WAITING, number) for number in range(4)] + [(ANSWERED, number) for number in range(2)]
    )
    assert {page["emergencies"] for page in pages} == {1}


def test_there_and_back_nothing_is_lost(populated):
    url, database = populated
    before = {table: database.rows(table) for table in TABLES}
    migrations.upgrade(url, NEWEST)
    migrations.downgrade(url, BEFORE)
    assert {table: database.rows(table) for table in TABLES} == before


def test_on_the_way_back_a_refused_stand_down_waits_again(populated):
    url, database = populated
    migrations.upgrade(url, NEWEST)
    batch: UUID = uuid4()
    database.add(
        "community_emergency_batch", id=batch, version=2, act="stand_down", state="refused", emergencies=[],
        left_alone={}, person_id=PERSON, post_id=POST, unit_id=UNIT, entered_at=AT, refusal_id=uuid4(),
        refuser_id=uuid4(), refused_at=AT, text_version=1, sealed=b"why", sealed_refusal=b"why not",
        **CONTENT,
    )  # fmt: skip
    migrations.downgrade(url, "0023")
    (row,) = database.rows("community_emergency_batch")
    assert (row["id"], row["state"], row["sealed"]) == (batch, "awaiting_second_person", b"why")
