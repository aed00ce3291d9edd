"""What the module of a database offers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Dialect, Engine
from sqlalchemy.types import TypeEngine

# How a value is read; None: it is what it is.
Reader = Callable[[Any], Any] | None


class Statement(Protocol):
    """A statement that the driver executes on a connection of its own, in autocommit; raises its errors."""

    def first(self, connection: Any, values: Sequence[Any], /) -> str | None:
        """The first value as text; None: there was no row, or NULL."""

    def count(self, connection: Any, values: Sequence[Any], /) -> int:
        """How many rows it changed."""

    def columns(self, connection: Any, values: Sequence[Any], number: int, /) -> Iterable[Sequence[Any]]:
        """The values of all rows, column by column."""


class Kind(Protocol):
    """A database, and how what its driver raises is told apart."""

    @property
    def ERROR(self) -> type[Exception]:  # noqa: N802 - a constant of the module
        """What all errors of the driver are."""

    @property
    def Statement(self) -> Callable[[str, Sequence[str]], Statement]:  # noqa: N802 - a class of the module
        """Made of the text and the names of its places."""

    @property
    def insert(self) -> Callable[[Any], Any]:
        """SQLAlchemy's INSERT of this database, which can meet a row that is there already."""

    def engine(self, url: str, pool_size: int, /) -> Engine:
        """An engine whose connections run in autocommit."""

    def json_type(self) -> TypeEngine[Any]:
        """The type of a JSON value; None is NULL."""

    def spelled_in(self, dialect: Dialect, /) -> Dialect:
        """The dialect in whose words a statement is compiled."""

    def reader(self, kind: TypeEngine[Any], dialect: Dialect, /) -> Reader:
        """How the values of a column of that type are read."""

    def is_spent(self, driver: Any, /) -> bool:
        """Whether a connection can serve no more."""

    def is_unique_violation(self, error: Any, /) -> bool:
        """Whether a unique index or primary key refused the row."""

    def is_lost_race(self, error: Any, /) -> bool:
        """Whether another transaction was faster."""

    def is_full(self, error: Any, /) -> bool:
        """Whether there is no room left."""

    def is_away(self, error: Any, /) -> bool:
        """Whether it may serve again later."""

    def names(self, error: Any, table: str, /) -> bool:
        """Whether the violated constraint is one of ``table``."""

    def names_id_of(self, error: Any, table: str, /) -> bool:
        """Whether a row of ``table`` already has the id."""
