"""Keyset pages: opaque, tamper-refusing cursors; never offsets or totals."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Dialect, Integer, Select, bindparam, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError

MAC_BYTES = 16
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
# A column of a table, or a mapped attribute of a model.
Column = ColumnElement[Any] | InstrumentedAttribute[Any]


@dataclass(frozen=True)
class Page:
    """``next_cursor`` None: that was all."""

    items: list[Any]
    next_cursor: str | None


@dataclass(frozen=True)
class PageWanted:
    """What a caller asked for; ``cursor`` None starts at the beginning."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True)
class PreparedQuery:
    """A query that is spelled once for every shape it takes: building and walking it costs more than asking.

    ``build`` makes it of ``shape`` alone, with named parameters; ``told`` are their values.
    """

    shape: Hashable
    build: Callable[[Any], Select[*tuple[Any, ...]]]
    told: Mapping[str, Any]


def page(
    tx: Transaction,
    query: Select[*tuple[Any, ...]] | PreparedQuery,
    *,
    order: Sequence[Column],
    newest_first: bool,
    wanted: PageWanted,
    scope: str,
) -> Page:
    """One page of ``query``, ordered by the columns ``order`` (the last one unique, none nullable).

    ``scope`` names the list, its filters and its caller: a cursor of another list is refused.
    Raises DomainError ``cursor_invalid``. Rows are compared as a whole, which an index serves.
    """
    after = None if wanted.cursor is None else _read(tx, wanted.cursor, scope, len(order))
    if isinstance(query, PreparedQuery):
        places = {f"after_{index}": value for index, value in enumerate(after or ())}
        spelled = _spelled(tx.database.engine.dialect, query, tuple(order), newest_first, after is not None)
        rows = tx.execute_prepared(spelled, {**query.told, **places, "limit": wanted.limit + 1})
    else:
        rows = tx.all(_ordered(query, order, newest_first, after).limit(wanted.limit + 1))
    if len(rows) <= wanted.limit:
        return Page(rows, None)
    rows = rows[: wanted.limit]
    last = [_value_of(rows[-1], column) for column in order]
    return Page(rows, _write(tx, last, scope))


def _ordered(
    query: Select[*tuple[Any, ...]],
    order: Sequence[Column],
    newest_first: bool,  # noqa: FBT001 - as page was told
    after: Sequence[Any] | None,
) -> Select[*tuple[Any, ...]]:
    if after is not None:
        bound = tuple_(*order)
        place = tuple_(*[_literal(column, value) for column, value in zip(order, after, strict=True)])
        query = query.where(bound < place if newest_first else bound > place)
    return query.order_by(*[column.desc() if newest_first else column.asc() for column in order])


_SPELLED: dict[Hashable, PreparedStatement] = {}


def _spelled(
    dialect: Dialect,
    question: PreparedQuery,
    order: tuple[Column, ...],
    newest_first: bool,  # noqa: FBT001 - as page was told
    goes_on: bool,  # noqa: FBT001 - whether there is a page before
) -> PreparedStatement:
    """The statement of this shape; there are as many as ways to filter."""
    key = (dialect.name, question.build, question.shape, newest_first, goes_on)
    known = _SPELLED.get(key)
    if known is None:
        after = [bindparam(f"after_{index}", type_=column.type) for index, column in enumerate(order)]
        query = _ordered(question.build(question.shape), order, newest_first, after if goes_on else None)
        known = _SPELLED[key] = PreparedStatement(dialect, query.limit(bindparam("limit", type_=Integer())))
    return known


def _value_of(row: Any, column: Column) -> Any:
    return getattr(row, column.key)  # type: ignore[arg-type]


def _literal(column: Column, value: Any) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, type_=column.type)


def _write(tx: Transaction, values: Sequence[Any], scope: str) -> str:
    body = orjson.dumps([_dump(value) for value in values])
    return base64.urlsafe_b64encode(_mac(tx, body, scope) + body).decode().rstrip("=")


def _read(tx: Transaction, cursor: str, scope: str, length: int) -> list[Any]:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise DomainError("cursor_invalid") from None
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != cursor:
        # The last character has bits that count for nothing.
        raise DomainError("cursor_invalid")
    mac, body = raw[:MAC_BYTES], raw[MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(tx, body, scope)):
        raise DomainError("cursor_invalid")
    values = [_load(value) for value in orjson.loads(body)]
    if len(values) != length:
        raise DomainError("cursor_invalid")
    return values


def _mac(tx: Transaction, body: bytes, scope: str) -> bytes:
    return tx.keys.authenticate("cursor", scope.encode() + b"\0" + body)[:MAC_BYTES]


def _dump(value: Any) -> list[Any]:
    if isinstance(value, datetime):
        return ["t", value.astimezone(UTC).isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, uuid.UUID):
        return ["u", str(value)]
    return ["v", value]


def _load(values: list[Any]) -> Any:
    kind, value = values
    if kind == "t":
        return datetime.fromisoformat(value)
    if kind == "d":
        return date.fromisoformat(value)
    return uuid.UUID(value) if kind == "u" else value
