"""What is compiled once a session, not once for each application: routes, and statements of a database.

Each test has an application and a database of its own. Werkzeug compiles two functions for each route of an
application, SQLAlchemy each statement for each engine: most of the time of a short test. Both depend on the
route or the statement alone, and on the kind of database.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from community_api.core.database.dialects import postgresql, sqlite

Builder = Callable[..., tuple[str, str]]
_BUILDERS: dict[Any, Builder] = {}
_STATEMENTS: dict[str, Any] = {}
_MOST_STATEMENTS = 5000
_compile: Callable[[Rule, bool], Builder] = Rule._compile_builder


def compile_once() -> None:
    """Let all applications of this process share what routes and statements are compiled to."""
    Rule._compile_builder = _compile_once  # type: ignore[method-assign]
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        # What is compiled is kept by the dialect, of which every engine has its own.
        kind.__hash__ = _hash  # type: ignore[assignment, method-assign]
        kind.__eq__ = _is_same  # type: ignore[assignment, method-assign]
    _share(sqlite)
    _share(postgresql)


def _compile_once(self: Rule, append_unknown: bool = True) -> Builder:
    defaults = tuple(sorted((self.defaults or {}).items()))
    route = (self.rule, tuple(self._trace), defaults, append_unknown)
    if route not in _BUILDERS:
        _BUILDERS[route] = _compile(self, append_unknown)
    return _BUILDERS[route]


def _share(kind: ModuleType) -> None:
    make: Callable[[str, int], Engine] = kind.engine

    def engine(url: str, pool_size: int) -> Engine:
        made = make(url, pool_size)
        made._compiled_cache = _STATEMENTS.setdefault(made.dialect.name, LRUCache(_MOST_STATEMENTS))
        return made

    kind.engine = engine  # type: ignore[attr-defined]


def _hash(self: Dialect) -> int:
    return hash(type(self))


def _is_same(self: Dialect, other: object) -> bool:
    return type(other) is type(self) and _json(other) is _json(self)


def _json(dialect: object) -> Any:
    """How it writes JSON: the product's engines and those of migrations differ in it."""
    return getattr(dialect, "_json_serializer", None)
