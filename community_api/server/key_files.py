"""The keys of an installation: made once, and the wrapping key renewed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.crypto import sealing
from community_api.core.crypto.keys import add_wrapping, complete, load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import SealBroken, StartupError
from community_api.core.lockfile import lock_path, wait_for_turn
from community_api.server.terms import SERVE


@dataclass(frozen=True)
class Rotated:
    """``count`` data keys are now under ``newest``; under the keys ``idle`` is nothing any more."""

    count: int
    newest: str
    idle: tuple[str, ...]


def make_keys(settings: Settings) -> list[Path]:
    """Make the key files that are missing; raises StartupError for one that is there and no good."""
    made = complete(settings.keys)
    load_keys(settings.keys, make_missing=False)
    return made


def add_wrapping_key(settings: Settings) -> Path:
    """Make the next wrapping key; what starts from now on seals under it. Raises StartupError."""
    return add_wrapping(settings.keys)


def rotate(settings: Settings) -> Rotated:
    """Put every data key under the newest wrapping key, beside a server that runs and knows that key.

    Raises StartupError where a wrapping key is missing, Held where another command is at work on SQLite.
    """
    path = lock_path(settings)
    if path is not None:
        wait_for_turn(path, beside=SERVE)
    database = Database(settings.database_url, pool_size=1)
    keys = load_keys(settings.keys, make_missing=False)
    sealer = Sealer(keys)
    uow = UnitOfWork(database, Clock(settings.clock_offset), sealer, keys)
    try:
        count = sealing.rotate(uow, sealer)
        with uow() as tx:
            used = set(tx.all(select(DataKey.key_id).distinct()))
    except SealBroken as broken:
        raise StartupError(
            f"COMMUNITY_KEYS: the data key of record {broken.owner_id} does not open; "
            "is the file of the key that wraps it missing? What was done so far stays done"
        ) from broken
    finally:
        database.close()
    return Rotated(count, keys.newest, tuple(sorted(keys.wrapping.keys() - used - {keys.newest})))
