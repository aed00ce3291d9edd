"""One at a time: a lock file that says who holds it and dies with its holders (flock).

On SQLite the server holds the lock beside its database file, as does everything that would disturb
it: there is one writing process. Children of a holder hold the lock with it.
"""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy.engine import make_url

from community_api.core.config import Settings

GLANCE_SECONDS = 0.3


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: ``what`` is the command, ``pid`` its process; both None while it has not said so."""

    what: str | None
    pid: int | None


class Held(Exception):
    """Somebody else holds the lock."""

    def __init__(self, path: Path, holder: Holder) -> None:
        who = f"`{holder.what}` (process {holder.pid})" if holder.what else "another command"
        super().__init__(f"{who} is at work and holds {path}")
        self.holder = holder


class LockFile:
    """A lock that this process holds until it ends, also across ``exec``, or until ``release``."""

    def __init__(self, path: Path, what: str) -> None:
        """Take it; raises Held when somebody else has it."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = _locked(path)
        os.set_inheritable(self._handle, True)  # noqa: FBT003 - the standard library's own signature
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, orjson.dumps({"what": what, "pid": os.getpid()}), 0)

    def release(self) -> None:
        os.ftruncate(self._handle, 0)
        os.close(self._handle)


def holder_of(path: Path) -> Holder | None:
    """Who holds the lock now; None: nobody."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read(path)
    finally:
        os.close(handle)
    return None


def wait_for_turn(path: Path, beside: str, patience: float = 60.0) -> None:
    """Wait until nobody holds the lock, or only the command ``beside``; then Held after ``patience`` s."""
    until = time.monotonic() + patience
    while (holder := holder_of(path)) is not None and holder.what != beside:
        if time.monotonic() > until:
            raise Held(path, holder)
        time.sleep(0.1)


def lock_path(settings: Settings) -> Path | None:
    """The lock beside the SQLite database; None on PostgreSQL, where several may work at once."""
    database = make_url(settings.database_url).database
    return Path(database).with_suffix(".lock") if settings.is_sqlite and database else None


def _locked(path: Path) -> int:
    """The locked file; a moment's patience, for somebody may just be looking who holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + GLANCE_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                os.close(handle)
                raise Held(path, _read(path)) from None
            time.sleep(0.02)
        else:
            return handle


def _read(path: Path) -> Holder:
    try:
        told = orjson.loads(path.read_bytes())
        return Holder(told["what"], told["pid"])
    except (orjson.JSONDecodeError, FileNotFoundError):
        return Holder(None, None)
