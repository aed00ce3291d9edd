"""The tree of units and the posts in them, kept in memory by each process.

They change a few times a year, so a process reads them once. Whoever signs in brings the epoch `units` with
their standing (`heard`), so that what another process changed holds at the next request; where nobody is
signed in, a process asks at most once a second. What it changes itself it sees at once (`forget`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from community_api.core.database import cache_versions
from community_api.core.database.tables import Epoch
from community_api.core.database.unit_of_work import Transaction
from community_api.units.areas import from_geojson
from community_api.units.models import Post, UnitRow
from community_api.units.rules import Unit, UnitTree
from community_api.units.terms import Level, PostName, Role

EPOCH: Final = "units"
TRUST_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Directory:
    """All units and posts as they were at one epoch."""

    epoch: int
    tree: UnitTree
    posts: Mapping[tuple[Role, UUID], UUID]
    post_names: Mapping[UUID, PostName]


@dataclass
class _Kept:
    directory: Directory
    checked: float


_kept: Final[WeakKeyDictionary[Engine, _Kept]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def directory(tx: Transaction) -> Directory:
    """All units and posts, at most a second old when another process changed them."""
    engine = tx.database.engine
    with _lock:
        kept = _kept.get(engine)
    now = time.monotonic()
    if kept is not None and now - kept.checked < TRUST_SECONDS:
        return kept.directory
    # The epoch is read before the rows: rows that change in between are then read again next time.
    epoch = epoch_of(tx)
    read = kept.directory if kept is not None and kept.directory.epoch == epoch else _read(tx, epoch)
    with _lock:
        _kept[engine] = _Kept(read, now)
    return read


def tree(tx: Transaction) -> UnitTree:
    """The tree of units."""
    return directory(tx).tree


def forget(engine: Engine) -> None:
    """Read again at the next question: this process has just changed units or posts."""
    with _lock:
        _kept.pop(engine, None)


def heard(engine: Engine, epoch: int) -> None:
    """Somebody has just read the epoch: what is older than it is read again at the next question."""
    with _lock:
        kept = _kept.get(engine)
        if kept is not None and kept.directory.epoch < epoch:
            del _kept[engine]


def epoch_of(tx: Transaction) -> int:
    """How often units and posts have changed."""
    return cache_versions.value_of(tx, EPOCH)


def raise_epoch(tx: Transaction, *, planned_at: int | None = None) -> None:
    """Tell every process, in this commit, that units or posts have changed; twice in a commit is once.

    ``planned_at`` is the epoch of the tree by which the change was judged: Stale when there is a newer one.
    """
    if any(operation.table is Epoch.__table__ for operation in tx.operations):
        return
    cache_versions.rise(tx, EPOCH, planned_at=planned_at)


def _read(tx: Transaction, epoch: int) -> Directory:
    units = UnitTree(_unit(row) for row in tx.all(select(UnitRow)))
    rows = [
        (Role(role), unit_id, id_) for role, unit_id, id_ in tx.all(select(Post.role, Post.unit_id, Post.id))
    ]
    return Directory(
        epoch=epoch,
        tree=units,
        posts=MappingProxyType({(role, unit_id): id_ for role, unit_id, id_ in rows}),
        post_names=MappingProxyType(
            {id_: PostName(role, units.name_of(unit_id)) for role, unit_id, id_ in rows if unit_id in units}
        ),
    )


def _unit(row: UnitRow) -> Unit:
    return Unit(
        id=row.id,
        name=row.name,
        title=row.title,
        level=Level(row.level),
        parent_id=row.parent_id,
        timezone=row.timezone,
        country=row.country,
        holidays=row.holidays,
        partner=row.partner,
        area=None if row.area is None else from_geojson(row.area),
    )
