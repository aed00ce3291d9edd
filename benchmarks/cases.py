"""`python -m benchmarks.cases --like ID --number N`: as many cases as a country has, all like one of them.

Every row that belongs to the case is copied under ids of its own: the flag it came of, its steps, who acted,
what is owed and when its deadline is looked at. The sealed words are copied too, and nobody could open them
under another id: they are there to be as heavy as words are.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Uuid, or_, select

from benchmarks.bulk_insert import Filler, Row, Shape, Sheet
from benchmarks.load import settle
from community_api.composition import make_services
from community_api.core.clock import Clock
from community_api.core.config import environment, read_settings
from community_api.core.database.engine import Base
from community_api.core.ids import ALPHABET

# What a case consists of, beside the community's own records, which it knows nothing of.
TABLES = ("intel_", "units_duty", "outbox_item", "core_data_key")
REFERRAL = "intel_referral"
BATCH = 5_000


@dataclass(frozen=True)
class Belonging:
    """A row of the case: its shape, and which of its values every copy has anew."""

    shape: Shape
    ids: tuple[UUID, ...]
    has_reference: bool

    def copy(self, anew: dict[UUID, UUID]) -> Row:
        told: list[Any] = [anew[one] for one in self.ids]
        return self.shape.row(*told, *([_reference()] if self.has_reference else []))


def multiply(connection: Connection, like: UUID, number: int) -> Iterator[list[Sheet]]:
    """The sheets of so many copies, in batches; what others refer to stands first."""
    rows = _rows_of(connection, like)
    own = {value for _, row in rows for value in _ids_that_are_its_own(row)}
    belongings = [_belonging(model, row, own, connection.dialect) for model, row in rows]
    for first in range(0, number, BATCH):
        copies: list[list[Row]] = [[] for _ in belongings]
        for _ in range(min(BATCH, number - first)):
            anew = {one: uuid.uuid4() for one in own}
            for kept, belonging in zip(copies, belongings, strict=True):
                kept.append(belonging.copy(anew))
        yield [one.shape.sheet(made) for one, made in zip(belongings, copies, strict=True)]


def _rows_of(connection: Connection, like: UUID) -> list[tuple[type[Base], dict[str, Any]]]:
    """Every row that names the case, or what names it: to be copied in this order."""
    models = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}  # type: ignore[attr-defined]
    tables = [table for table in Base.metadata.sorted_tables if table.name.startswith(TABLES)]
    flag = connection.scalar(
        select(Base.metadata.tables[REFERRAL].c.flag_id).where(Base.metadata.tables[REFERRAL].c.id == like)
    )
    known = {like, flag}
    found: dict[tuple[str, Any], tuple[type[Base], dict[str, Any]]] = {}
    # Twice, because the key of a step's words names the step alone.
    for _ in range(2):
        for table in tables:
            columns = [column for column in table.columns if isinstance(column.type, Uuid)]
            query = select(table).where(or_(*(column.in_(known) for column in columns)))
            for row in connection.execute(query).mappings():
                key = tuple(row[column.name] for column in table.primary_key.columns)
                found[table.name, key] = (models[table.name], dict(row))
        known |= {row["id"] for _, row in found.values() if "id" in row}
    order = {table.name: index for index, table in enumerate(tables)}
    return [found[key] for key in sorted(found, key=lambda item: order[item[0]])]


def _ids_that_are_its_own(row: dict[str, Any]) -> Iterator[UUID]:
    yield from (row[name] for name in ("id", "owner_id", "matter_alias") if name in row)


def _belonging(model: type[Base], row: dict[str, Any], own: set[UUID], dialect: Dialect) -> Belonging:
    ids = [name for name, value in row.items() if type(value) is UUID and value in own]
    has_reference = model.__tablename__ == REFERRAL
    varying = [*ids, *(["reference"] if has_reference else [])]
    return Belonging(Shape(model(**row), varying, dialect), tuple(row[name] for name in ids), has_reference)


def _reference() -> str:
    return f"LIN-{''.join(random.choices(ALPHABET, k=12))}"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cases", description=__doc__)
    parser.add_argument("--like", type=UUID, required=True, help="the id of the case that is copied")
    parser.add_argument("--number", type=int, required=True, help="how many copies")
    told = parser.parse_args(arguments)
    os.umask(0o077)
    settings = read_settings({"COMMUNITY_MODE": "demo", **environment()})
    uow = make_services(settings, Clock(settings.clock_offset)).uow
    filler = Filler(uow.database.engine)
    try:
        with uow.database.engine.connect() as connection:
            for sheets in multiply(connection, told.like, told.number):
                filler.write(sheets)
    finally:
        uow.database.close()
    settle(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
