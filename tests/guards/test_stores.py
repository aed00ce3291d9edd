"""Tables belong to stores that only the valve joins; what somebody told has a class and a tombstone."""

import pytest
from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, MetaData, String, Table

from community_api.core.database import migrations
from community_api.core.database.engine import Base, Content
from community_api.core.retention import CLASSES

migrations.import_models()
STORES = {
    "access",
    "community",
    "core",
    "feedback",
    "intel",
    "outbox",
    "oversight",
    "procedure",
    "safeguarding",
    "audit",
    "units",
    "valve",
}
# What every store may refer to: it tells where, not who or what.
EVERYWHERE = "units"
CONTENT = set(Content.__annotations__)
# What is sealed here is said of a right or a thing: why it was taken back, and the name of a device.
NO_CONTENT = {"access_certificate", "access_device"}
# A word may be said here, and need not be.
MAY_BE_SILENT = {"feedback_acknowledgement", "feedback_second_reading"}


def store(table):
    return table.name.partition("_")[0]


def crossing(tables):
    """Foreign keys that lead out of their store, other than to units."""
    return [
        f"{table.name}.{key.parent.name} -> {key.target_fullname}"
        for table in tables
        for key in table.foreign_keys
        if key.target_fullname.partition("_")[0] not in {store(table), EVERYWHERE}
    ]


def without_an_end(tables):
    """Tables with sealed words that lack a retention class, an end, or the check that makes a tombstone."""
    return [table.name for table in tables if "sealed" in table.columns and not _has_an_end(table)]


def _has_an_end(table):
    checks = {str(one.sqltext) for one in table.constraints if isinstance(one, CheckConstraint)}
    tombstone = any("sealed IS NOT NULL" in one and "erased_at IS NOT NULL" in one for one in checks)
    return (
        set(table.columns.keys()) >= CONTENT
        and table.columns["sealed"].nullable
        and (tombstone or table.name in MAY_BE_SILENT)
    )


def tables():
    return list(Base.metadata.tables.values())


def test_every_table_says_its_store():
    assert {store(table) for table in tables()} == STORES


def test_no_foreign_key_leads_out_of_a_store():
    assert crossing(tables()) == []


def test_the_valve_refers_to_neither_side_by_a_key():
    assert [key for table in tables() if store(table) == "valve" for key in table.foreign_keys] == []


def test_what_somebody_told_has_a_class_an_end_and_a_tombstone():
    assert set(without_an_end(tables())) == NO_CONTENT


def test_every_class_comes_to_its_end():
    assert all(0 < one.days <= one.hard_days for one in CLASSES.values())


@pytest.fixture
def careless():
    """A report that refers to an observation, with words that never end."""
    made = MetaData()
    Table("community_observation", made, Column("id", String, primary_key=True))
    source = Column("source", String, ForeignKey("community_observation.id"))
    Table("intel_report", made, source, Column("sealed", LargeBinary, nullable=False))
    return list(made.tables.values())


def test_a_crossing_and_an_endless_word_would_be_found(careless):
    assert crossing(careless) == ["intel_report.source -> community_observation.id"]
    assert without_an_end(careless) == ["intel_report"]
