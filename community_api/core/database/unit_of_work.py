"""The unit of work: a write buffer, and the only place that commits.

A use case reads as it goes and buffers what it writes; leaving the ``with`` block without an
exception sends everything at once: one statement on PostgreSQL, one BEGIN IMMEDIATE … COMMIT on
SQLite. Either all of it is durable or none of it happened.

A change is guarded by what was read. Where somebody else was faster the commit fails with Stale and
the use case is called again from scratch (``core/database/commands.py``, the worker): then it reads the new
state and refuses, or succeeds, properly. So races need no locks held across reads.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Executable, Select
from sqlalchemy.orm import Session

from community_api.core.clock import Clock
from community_api.core.config import PROCEDURE
from community_api.core.crypto.keys import KeyRing
from community_api.core.crypto.sealing import Sealer
from community_api.core.database import errors, statements
from community_api.core.database.commands import Command, Receipt
from community_api.core.database.engine import Base, Database, Versioned, refuse_unknown
from community_api.core.database.fast import row_by_id
from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.database.statements import Deletion, Insertion, Operation, Revision
from community_api.core.database.tables import Change, CommandRecord
from community_api.core.errors import AlreadyCommitted, DomainError, Stale
from community_api.core.ids import new_id

T = TypeVar("T")
M = TypeVar("M", bound=Base)
V = TypeVar("V", bound=Versioned)


@dataclass
class Transaction:
    """One use of the unit of work. Reads do not see what is buffered.

    ``release_hour`` is the hour at which public answers are released; None: at once. ``procedure`` names the
    procedure with which the installation begins.
    """

    now: datetime
    database: Database
    sealer: Sealer
    keys: KeyRing
    command: Command | None = None
    receipt: Receipt | None = None
    release_hour: int | None = None
    procedure: str = PROCEDURE
    operations: list[Operation] = field(default_factory=list)
    reading: Session | None = None
    rows_by_id: dict[tuple[type[Base], uuid.UUID], Base | None] = field(default_factory=dict)
    # Data keys of records, as they were unwrapped in this use.
    data_keys: dict[uuid.UUID, bytes] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        """What is read through; made when something is first asked, because many writes read nothing."""
        if self.reading is None:
            self.reading = Session(bind=self.database.engine, autoflush=False, expire_on_commit=False)
        return self.reading

    @property
    def today(self) -> datetime:
        """The start of this day (UTC): all that is kept of the time of what a public request caused."""
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    def get(self, model: type[M], key: Any) -> M | None:
        """The row of that primary key, also one added in this very use; None when there is none."""
        for operation in self.operations:
            if isinstance(operation, Insertion) and operation.is_row(model, key):
                return operation.row  # type: ignore[return-value]
        known = self.rows_by_id.get((model, key))
        return self.session.get(model, key) if known is None else cast("M", known)

    def get_prepared(self, model: type[M], key: uuid.UUID) -> M | None:
        """As ``get``, for the row that a busy request is about, by a statement spelled once (``by_id``)."""
        if (model, key) not in self.rows_by_id:
            dialect = self.database.engine.dialect
            self.rows_by_id[model, key] = row_by_id.fetch_row(model, key, self.execute_prepared, dialect)
        return cast("M | None", self.rows_by_id.get((model, key)))

    def first(self, query: Select[*tuple[Any, ...]]) -> Any:
        """The first (for one column: scalar) result, or None."""
        row = self.session.execute(query).first()
        return row[0] if row is not None and len(row) == 1 else row

    def all(self, query: Select[*tuple[Any, ...]]) -> list[Any]:
        """All results; scalars where one thing is selected."""
        result = self.session.execute(query)
        return list(result.scalars() if len(query.column_descriptions) == 1 else result)

    def execute_prepared(self, spelled: PreparedStatement, params: Mapping[str, Any]) -> list[Any]:
        """The rows of a statement that is spelled once; they have names and no life in the session."""
        with self.database.driver() as driver:
            return spelled.rows(driver, params)

    def add(self, row: M) -> M:
        """Buffer a new row; its missing columns take their defaults now."""
        self.operations.append(Insertion.of(row))
        return row

    def insert(self, model: type[Base], **values: Any) -> None:
        """Buffer a new row that this use looks at no more; TypeError for a column that there is not."""
        refuse_unknown(model, values)
        self.operations.append(Insertion(model, values))

    def update_row(self, row: V, **values: Any) -> V:
        """Buffer a change of a versioned row; Stale at commit if it changed since it was read.

        A row that is new in this very commit goes out as it was changed, in its first version.
        """
        if not any(isinstance(one, Insertion) and one.row is cast("Any", row) for one in self.operations):
            guard = {"id": row.id, "version": row.version}
            values["version"] = row.version + 1
            self._merge(Revision(cast("type[Base]", type(row)), guard, values, expect=1))
        for name, value in values.items():
            setattr(row, name, value)
        return row

    def update_where(
        self,
        model: type[Base],
        where: Mapping[str, Any],
        values: Mapping[str, Any],
        *,
        expect: int | None = 1,
    ) -> None:
        """Buffer a guarded update; Stale at commit unless ``expect`` rows match (None: any number).

        In ``where`` None is NULL, and of a tuple of values a row has one.
        """
        self.operations.append(Revision(model, dict(where), dict(values), expect))

    def delete_where(self, model: type[Base], where: Mapping[str, Any], *, expect: int | None = None) -> None:
        """Buffer the removal of rows that are no records: counters, expired proofs; guarded as ``update``."""
        self.operations.append(Deletion(model, dict(where), expect))

    def changed(
        self, kind: str, object_id: uuid.UUID, version: int, audience: uuid.UUID, at: datetime | None = None
    ) -> None:
        """Note for the phones' feed that ``audience`` has something new to see; ``at`` None: now."""
        self.insert(
            Change,
            id=new_id(),
            kind=kind,
            object_id=object_id,
            object_version=version,
            audience=audience,
            changed_at=at or self.now,
        )

    def _merge(self, revision: Revision) -> None:
        """Join a second change of one row to the first: one statement may touch a row once."""
        for index, earlier in enumerate(self.operations):
            if (
                isinstance(earlier, Revision)
                and earlier.model is revision.model
                and earlier.where.get("id") == revision.where["id"]
                and earlier.values.get("version") == revision.where["version"]
            ):
                values = {**earlier.values, **revision.values, "version": earlier.values["version"]}
                revision.values["version"] = earlier.values["version"]
                self.operations[index] = Revision(earlier.model, earlier.where, values, earlier.expect)
                return
        self.operations.append(revision)


class UnitOfWork:
    """Makes uses of the unit of work over one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        sealer: Sealer,
        keys: KeyRing,
        *,
        release_hour: int | None = None,
        procedure: str = PROCEDURE,
    ) -> None:
        self.database = database
        self.clock = clock
        self.sealer = sealer
        self.keys = keys
        self.release_hour = release_hour
        self.procedure = procedure

    def __call__(self, command: Command | None = None) -> UnitOfWorkContext:
        """One use, for a ``with`` block: commit at its end, drop everything on an exception.

        Raises Stale or AlreadyCommitted (call the use case again), or Refused
        ``service_unavailable`` when the database cannot serve.
        """
        work = Transaction(self.clock.now(), self.database, self.sealer, self.keys, command)
        work.release_hour = self.release_hour
        work.procedure = self.procedure
        return UnitOfWorkContext(self, work)

    def atomic(self, statement: Executable, parameters: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """Execute one statement that is a transaction of its own, such as a claim; its rows."""
        with errors.translated(), self.database.engine.connect() as connection:
            if not self.database.is_sqlite:
                result = connection.execute(statement, parameters or {})
                return result.all() if result.returns_rows else ()
            with (
                self.database.writing,
                _transaction(connection.connection.driver_connection, "BEGIN IMMEDIATE"),
            ):
                result = connection.execute(statement, parameters or {})
                return result.all() if result.returns_rows else ()

    def commit(self, work: Transaction) -> None:
        """Send what a use buffered."""
        if not work.operations:
            return
        operations = work.operations
        command = work.command
        if command is not None and command.id is not None:
            operations = [_insertion_of(work, command), *operations]
        try:
            self._send(work, operations)
        except errors.database_errors() as error:
            if errors.is_unique_violation(error) or errors.is_lost_race(error):
                raise _lost(error, command, operations) from error
            raise
        if command is not None:
            command.receipt = work.receipt

    def _send(self, work: Transaction, operations: Sequence[Operation]) -> None:
        # The connection first: who waits for the right to write on SQLite has all that it takes.
        if work.reading is None or not work.reading.in_transaction():
            with self.database.driver() as driver:
                self._send_by(driver, operations)
            return
        connection = work.reading.connection()
        driver = connection.connection.driver_connection
        try:
            self._send_by(driver, operations)
        except errors.database_errors():
            if self.database.is_spent(driver):
                connection.invalidate()
            raise

    def _send_by(self, driver: Any, operations: Sequence[Operation]) -> None:
        dialect = self.database.engine.dialect
        if self.database.is_sqlite:
            with self.database.writing, _immediate(driver, operations):
                statements.send_in_turn(driver, dialect, operations)
        elif len(operations) > statements.STATEMENT_LIMIT:
            with _transaction(driver, "BEGIN"):
                statements.send_in_turn(driver, dialect, operations)
        else:
            statements.send_as_one_statement(driver, dialect, operations)


class UnitOfWorkContext:
    """One use of the unit of work, from its first word to its commit."""

    __slots__ = ("_uow", "_work")

    def __init__(self, uow: UnitOfWork, work: Transaction) -> None:
        self._uow = uow
        self._work = work

    def __enter__(self) -> Transaction:
        return self._work

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        try:
            if error is not None:
                errors.translate(error)
                return
            with errors.translated():
                self._uow.commit(self._work)
        finally:
            if self._work.reading is not None:
                self._work.reading.close()


def _lost(error: Exception, command: Command | None, operations: Sequence[Operation]) -> Exception:
    """Why another was faster: sent twice, an id that another record has, or a row that changed meanwhile.

    Where no client chose the id, whoever made the record first did the same, and the use case will find it
    when it is called again.
    """
    if errors.names(error, "core_command"):
        return AlreadyCommitted()
    if command is None or command.id is None:
        return Stale()
    return DomainError("id_reused") if _is_taken(error, command.id, operations) else Stale()


def _is_taken(error: Exception, chosen: uuid.UUID, operations: Sequence[Operation]) -> bool:
    """Whether another record has the id that the client chose.

    A data key is under the id of every record that somebody wrote; what the product itself made has none.
    """
    return errors.names(error, "core_data_key") or any(
        isinstance(one, Insertion) and one.has_id(chosen) and errors.names_id_of(error, one.table.name)
        for one in operations
    )


def _insertion_of(work: Transaction, command: Command) -> Insertion:
    """The command's own row, which decides between new and again."""
    receipt = work.receipt
    told = {
        "id": command.record_id,
        "kind": command.kind,
        "maker": command.maker,
        "digest": command.digest,
        "made_at": work.today if command.day_only else work.now,
        "event_id": receipt.event_id if receipt else None,
        "leaf_hash": receipt.leaf_hash if receipt else None,
    }
    return Insertion(CommandRecord, told)


@contextmanager
def _immediate(driver: Any, operations: Sequence[Operation]) -> Iterator[None]:
    """A writing transaction on SQLite: the lock is taken first, so that it cannot fail half-way.

    Foreign keys hold at its end, as PostgreSQL judges those of one statement. They are judged only there
    where they cannot hold all along: SQLite forgets what it has prepared when it is told to wait.
    """
    with _transaction(driver, "BEGIN IMMEDIATE"):
        if not statements.keys_hold_in_turn(operations):
            driver.execute("PRAGMA defer_foreign_keys=ON")
        yield


@contextmanager
def _transaction(driver: Any, begin: str) -> Iterator[None]:
    driver.execute(begin)
    try:
        yield
        driver.execute("COMMIT")
    except BaseException:
        errors.roll_back(driver)
        raise
