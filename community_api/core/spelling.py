"""Statements spelled once for the driver, for the two that every request passes.

SQLAlchemy says what to ask and in which words; walking over all of it again at every request costs
more than the database needs to answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.elements import ClauseElement


class Spelled:
    """The text of a statement and how each of its parameters is told to the driver."""

    def __init__(self, dialect: Dialect, statement: ClauseElement) -> None:
        named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
        compiled = statement.compile(dialect=named)
        self._text = str(compiled)
        self._processors = {
            name: bound.type.dialect_impl(dialect).bind_processor(dialect)
            for bound, name in compiled.bind_names.items()  # type: ignore[attr-defined]
        }

    def on(self, connection: Any, told: Mapping[str, Any]) -> Any:
        """Execute on a connection of the driver itself; its cursor. Raises the driver's own errors."""
        parameters = {
            name: told[name] if process is None else process(told[name])
            for name, process in self._processors.items()
        }
        return connection.execute(self._text, parameters)
