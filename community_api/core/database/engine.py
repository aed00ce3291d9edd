"""The database: engines, declarative base, and column types that mean the same on both dialects."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar

import orjson
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    TypeDecorator,
    Uuid,
    event,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column

from community_api.core.database import dialects

# Names of constraints are the same in migrations and models on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC; refuses naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time has no place in the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A JSON value: JSONB on PostgreSQL, text on SQLite."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(dialects.of(dialect.name).json_type())


class Base(DeclarativeBase):
    """Every table; the prefix of its name says which store it belongs to."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        uuid.UUID: Uuid(),
        datetime: UtcDateTime(),
        date: Date(),
        bytes: LargeBinary(),
        bool: Boolean(),
        int: Integer(),
        dict[str, Any]: Json(),
        list[Any]: Json(),
        str: String(),
    }

    def __init__(self, **values: Any) -> None:
        """A new row; TypeError for a column that there is not.

        Rows are written by the unit of work alone, so the ORM need not watch each value being set.
        """
        refuse_unknown(type(self), values)
        self.__dict__.update(values)


class PartialIndex(Index):
    """An index of those rows for which ``where`` holds, on both databases.

    Said when it is made in one: as an option of a database, SQLAlchemy would load both of them.
    """

    def __init__(self, name: str, *columns: Any, where: Any, unique: bool = False) -> None:
        self.where = where
        super().__init__(name, *columns, unique=unique)


@event.listens_for(Table, "before_create")
def _say_conditions(table: Table, connection: Connection, **_told: Any) -> None:
    for index in table.indexes:
        if isinstance(index, PartialIndex):
            index.dialect_options[connection.dialect.name]["where"] = index.where


def configure() -> None:
    """Have SQLAlchemy put all models together now, which it otherwise does when one is first used.

    It looks at every column in a way that leaves a copy of each behind, a megabyte and a half; those that are
    asked for are made again.
    """
    configure_mappers()
    for mapper in Base.registry.mappers:
        for attribute in mapper.column_attrs:
            with suppress(AttributeError):
                del attribute.class_attribute.comparator.__clause_element__


@cache
def columns_of(model: type[Base]) -> frozenset[str]:
    """The names of a table's columns."""
    return frozenset(model.__table__.columns.keys())


def refuse_unknown(model: type[Base], values: Mapping[str, Any]) -> None:
    """Raises TypeError for a column that there is not."""
    unknown = values.keys() - columns_of(model)
    if unknown:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")


class Identified:
    """A row known by a UUID, which a client may have made."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Versioned(Identified):
    """A row whose every change raises ``version``; what If-Match and races are judged by."""

    version: Mapped[int] = mapped_column(default=1)


class Content(Versioned):
    """A record that holds what somebody told: it has a retention class and an end.

    ``review_on`` is the day by which somebody must judge whether it is still needed (R20).
    ``restricted_at`` set: kept, not used. ``erased_at`` set: a tombstone without content.
    """

    retention_class: Mapped[str] = mapped_column(String(40))
    review_on: Mapped[date | None] = mapped_column()
    legal_hold: Mapped[bool] = mapped_column(default=False)
    restricted_at: Mapped[datetime | None] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()


class Database:
    """One database: an engine whose connections run in autocommit, and a lock for SQLite's one writer.

    Autocommit lets a read cost one round trip; atomic writes are made by ``unit_of_work`` alone.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = url
        self.dialect = dialects.dialect_of(url)
        self._kind = dialects.of(self.dialect)
        self.engine: Engine = self._kind.engine(url, pool_size)
        self.writing = threading.RLock()
        self._spare: list[Any] = []
        event.listen(self.engine, "handle_error", self._heed)

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    def driver(self) -> BorrowedConnection:
        """A connection of the driver itself, in autocommit, for a ``with`` block.

        It is ours for longer than one use: SQLAlchemy's pool does more at each lending than the two
        statements of a request need. There are at most as many as threads that ask.
        """
        return BorrowedConnection(self)

    def take(self) -> Any:
        """A spare connection of the driver, or a new one, made as the pool makes its own."""
        try:
            return self._spare.pop()
        except IndexError:
            pooled = self.engine.raw_connection()
            driver = pooled.driver_connection
            pooled.detach()
            return driver

    def give_back(self, driver: Any) -> None:
        """Keep it for the next who asks; where one broke, all others, the pool's too, are likely broken."""
        if self.is_spent(driver):
            self.close()
        else:
            self._spare.append(driver)

    def ping(self) -> None:
        """Ask the database for a sign of life; raises what the driver raises."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        """Close what lies idle; who asks again gets a new connection."""
        self._close_spare()
        self.engine.dispose()

    def is_spent(self, driver: Any) -> bool:
        """Whether a driver's connection can serve no more."""
        return bool(self._kind.is_spent(driver))

    def _close_spare(self) -> None:
        while self._spare:
            self._spare.pop().close()

    def _heed(self, context: ExceptionContext) -> None:
        """The pool found that the line is cut; it throws its own idle ones away by itself."""
        if context.is_disconnect:
            self._close_spare()


class BorrowedConnection:
    """A connection of the driver for the time of a ``with`` block."""

    __slots__ = ("_database", "_driver")

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> Any:
        self._driver = self._database.take()
        return self._driver

    def __exit__(self, *_error: object) -> None:
        self._database.give_back(self._driver)


def json_text(value: Any) -> str:
    return orjson.dumps(value).decode()
