"""Statements spelled once for the driver, for the two that every request passes.

SQLAlchemy says what to ask and in which words; walking over all of it again at every request costs
more than the database needs to answer.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from community_api.core.database import dialects
from community_api.core.database.dialects.shape import Reader, Statement


class PreparedStatement:
    """The text of a statement, how each of its parameters is told to the driver, and how rows are read."""

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        kind = dialects.of(dialect.name)
        compiled = statement.compile(dialect=kind.spelled_in(dialect))
        self._processors = {
            name: _processor(bound.type, dialect)
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
        }
        # What the dialect itself puts in, such as where a limit begins.
        self._given = {
            name: bound.value
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
            if not bound.required
        }
        names = tuple(self._processors)
        self._statement: Statement = kind.Statement(str(compiled), names)
        self._columns = list(getattr(statement, "selected_columns", ()))
        self._dialect = dialect

    @cached_property
    def _reading(self) -> tuple[Callable[[Sequence[Any]], Any], tuple[Reader, ...]]:
        """What makes a row of its values, and how each of them is read."""
        row = namedtuple("Row", [column.key for column in self._columns])  # type: ignore[misc]  # noqa: PYI024
        read = dialects.of(self._dialect.name).reader
        readers = [read(column.type, self._dialect) for column in self._columns]
        return partial(tuple.__new__, row), tuple(readers)

    def on(self, connection: Any, params: Mapping[str, Any]) -> str | None:
        """Execute on a connection of the driver itself, in autocommit; the first value as text.

        None: there was no row, or NULL. Raises the driver's own errors.
        """
        return self._statement.first(connection, self._values(params))

    def count(self, connection: Any, params: Mapping[str, Any]) -> int:
        """Execute; how many rows it changed."""
        return self._statement.count(connection, self._values(params))

    def rows(self, connection: Any, params: Mapping[str, Any]) -> list[Any]:
        """Execute; all rows, each with its columns by name."""
        make, readers = self._reading
        columns = self._statement.columns(connection, self._values(params), len(readers))
        return list(map(make, zip(*map(_read, readers, columns), strict=True)))

    def _values(self, params: Mapping[str, Any]) -> list[Any]:
        if self._given:
            params = {**self._given, **params}
        return [
            params[name] if process is None else process(params[name])
            for name, process in self._processors.items()
        ]


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value what the driver takes; bytes are taken as they are."""
    return None if isinstance(kind, LargeBinary) else kind.dialect_impl(dialect).bind_processor(dialect)


def _read(read: Reader, column: Sequence[Any]) -> Sequence[Any]:
    """The values of a column, each read once: a page names the same unit, reporter and codes again."""
    if read is None:
        return column
    if len(column) == 1:
        return column if column[0] is None else (read(column[0]),)
    known = {raw: None if raw is None else read(raw) for raw in set(column)}
    return [known[raw] for raw in column]
