"""Rows that name each other go out in one commit, in whatever order a use case thought of them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from community_api.core.database.engine import Base
from community_api.core.database.errors import database_errors
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import Stale
from community_api.units.models import Duty, Post, UnitRow
from tests.support.factories import START, unit_of_work

UNIT, TEAM, POST = uuid4(), uuid4(), uuid4()


@pytest.fixture
def uow(database_url: str) -> Iterator[UnitOfWork]:
    made = unit_of_work(database_url)
    yield made
    made.database.close()


def unit(unit_id=UNIT, name="nor", parent=None):
    return UnitRow(
        id=unit_id, name=name, title=name, level="national", parent_id=parent, path=name, timezone="UTC",
        country="XX",
    )  # fmt: skip


def post(post_id=POST, unit_id=UNIT):
    return Post(id=post_id, role="analyst", unit_id=unit_id)


def duty(post_id=POST):
    return Duty(
        id=uuid4(), kind="triage", title="Look at it", subject_kind="observation", subject_id=uuid4(),
        post_id=post_id, opened_at=START, due_at=START,
    )  # fmt: skip


def together(uow: UnitOfWork, *rows: Base) -> None:
    with uow() as tx:
        for row in rows:
            tx.add(row)


def owed_with_a_late_change(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.add(duty())
        tx.update_where(UnitRow, {"id": UNIT, "version": 7}, {"title": "Elsewhere"})


def count(uow: UnitOfWork, *models: type[Base]) -> list[int]:
    with uow() as tx:
        return [int(tx.first(select(func.count()).select_from(model))) for model in models]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_row_may_stand_before_the_one_it_names(uow, order):
    rows = [unit(), post(), duty()]
    together(uow, *(rows[index] for index in order))
    assert count(uow, UnitRow, Post, Duty) == [1, 1, 1]


def test_a_row_may_stand_before_the_one_of_its_own_table_that_it_names(uow):
    together(uow, unit(TEAM, "team", parent=UNIT), unit())
    assert count(uow, UnitRow) == [2]


def test_a_row_may_go_before_those_that_name_it(uow):
    together(uow, unit(), post())
    with uow() as tx:
        tx.delete_where(UnitRow, {"id": UNIT}, expect=1)
        tx.delete_where(Post, {"id": POST}, expect=1)
    assert count(uow, UnitRow, Post) == [0, 0]


@pytest.mark.parametrize("rows", [(duty, post), (post, duty)], ids=["before", "after"])
def test_a_row_that_names_nobody_takes_all_others_with_it(uow, rows):
    with pytest.raises(database_errors(), match=r"(?i)foreign key"):
        together(uow, *(make() for make in rows))
    assert count(uow, Post, Duty) == [0, 0]


def test_a_change_that_comes_too_late_takes_all_others_with_it(uow):
    together(uow, unit(), post())
    with pytest.raises(Stale):
        owed_with_a_late_change(uow)
    assert count(uow, Duty) == [0]
    # And the next who writes finds no transaction open.
    together(uow, duty())
    assert count(uow, Duty) == [1]


@pytest.mark.parametrize("number", [3, 200])
def test_many_rows_go_out_as_a_few_do(uow, number):
    together(uow, unit(), post(), *(duty() for _ in range(number)))
    assert count(uow, Duty) == [number]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_sqlite_waits_with_the_keys_only_where_it_must(uow, dialect):
    said: list[str] = []

    @event.listens_for(uow.database.engine, "connect")
    def listen(connection, _record):
        connection.set_trace_callback(said.append)

    uow.database.close()
    together(uow, unit(), post(), duty())
    assert not any("defer" in statement for statement in said)
    together(uow, duty(TEAM), post(TEAM, TEAM), unit(TEAM, "team"))
    assert any("defer" in statement for statement in said)
