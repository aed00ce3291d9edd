"""What databases raise, told apart: a lost race, a full disk, a database that is away."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from community_api.core.database import dialects
from community_api.core.errors import DomainError

RETRY_SECONDS = 5


def database_errors() -> tuple[type[Exception], ...]:
    """SQLAlchemy's own, and those of the drivers where asked directly (``prepared_statements``)."""
    return (DBAPIError, *(module.ERROR for module in dialects.in_use()))


def is_unique_violation(error: Exception) -> bool:
    """Whether a unique index or primary key refused the row."""
    return _asked(error, "is_unique_violation")


def is_lost_race(error: Exception) -> bool:
    """Whether another transaction was faster; the use case may be tried again."""
    return _asked(error, "is_lost_race")


def names(error: Exception, table: str) -> bool:
    """Whether the violated constraint is one of ``table``."""
    return _asked(error, "names", table)


def names_id_of(error: Exception, table: str) -> bool:
    """Whether a row of ``table`` already has the id."""
    return _asked(error, "names_id_of", table)


class translated:  # noqa: N801 - read as a word of the with statement
    """Turns a database that cannot serve into ``storage_full`` or ``database_unavailable`` (503)."""

    # A class and not a generator: every request passes here more than once.
    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            translate(error)


def translate(error: BaseException) -> None:
    """Raise the Refused that this error means, if it means that the database cannot serve."""
    if isinstance(error, PoolTimeout):
        raise DomainError("service_unavailable", retry_after=RETRY_SECONDS) from error
    if not isinstance(error, database_errors()):
        return
    if _asked(error, "is_full"):
        raise DomainError("storage_full", retry_after=60) from error
    if _asked(error, "is_away"):
        raise DomainError("database_unavailable", retry_after=RETRY_SECONDS) from error


def roll_back(driver: Any) -> None:
    """Undo the open transaction of a driver's connection; one that cannot is closed.

    SQLite has already rolled back after some errors (disk full): then there is nothing left to undo.
    """
    if not getattr(driver, "in_transaction", True):
        return
    try:
        driver.execute("ROLLBACK")
    except database_errors():
        driver.close()


def _asked(error: Exception, question: str, *words: str) -> bool:
    """What the database that raised it says of it; of what none of them raised, nothing is true."""
    origin = getattr(error, "orig", error)
    for kind in dialects.in_use():
        if isinstance(origin, kind.ERROR):
            return bool(getattr(kind, question)(origin, *words))
    return False
