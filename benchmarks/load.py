"""`make bench-load ROWS=N`: the demo organisation and N made-up observations in the configured database.

Each observation has its sealed text, its data key, its author in feedback and what its desk owes, as if an
officer of `lin-a` had told it; with `--concerns` every fourth report is a concern of the public instead. Each
batch is a commit with a leaf of the trail beside it. What only the sending itself leaves behind (the command,
the phones' feed) is left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import synthetic_reports
from benchmarks.bulk_insert import Filler
from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community.observations.terms import KIND
from community_api.composition import make_services
from community_api.core.actor import SYSTEM
from community_api.core.clock import Clock
from community_api.core.config import SettingError, Settings, environment, read_settings
from community_api.core.database import migrations
from community_api.core.errors import StartupError
from community_api.core.lockfile import Held, LockFile, lock_path
from community_api.server import demo_setup, preflight


@dataclass(frozen=True)
class Filled:
    """How many reports were filled in, of how many rows, and in how many seconds."""

    reports: int
    rows: int
    seconds: float

    def __str__(self) -> str:
        rate = self.rows / self.seconds
        return f"{self.reports:,} reports in {self.seconds:.1f} s ({rate:,.0f} rows a second)"


def fill(settings: Settings, wanted: int, *, concerns: bool = False) -> Filled:
    """Add so many observations to a database that has the schema and the demo organisation.

    ``concerns``: among them are concerns of the public.
    """
    services = make_services(settings, Clock(settings.clock_offset))
    uow = services.uow
    filler = Filler(uow.database.engine)
    order = synthetic_reports.Order(settings.keys.resolve(), settings.database_url, uow.clock.now(), concerns)
    started = time.perf_counter()
    rows = 0
    try:
        for sheets in synthetic_reports.batches(order, wanted):
            filler.write(sheets)
            rows += sum(len(sheet.rows) for sheet in sheets)
            with uow() as tx:
                outcome = f"made up {len(sheets[0].rows) + len(sheets[1].rows)}"
                permission = Permission.OBSERVATION_CREATE
                audit.record(tx, SYSTEM, Action.COLLECT, permission, KIND, None, outcome=outcome)
    finally:
        uow.database.close()
    settle(settings)
    return Filled(wanted, rows, time.perf_counter() - started)


def settle(settings: Settings) -> None:
    """Let the planner know what is there now, as its owner would after a while."""
    engine = migrations.migrating_engine(settings.owner_url)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    finally:
        engine.dispose()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--rows", type=int, required=True, help="how many observations")
    parser.add_argument("--concerns", action="store_true", help="every fourth is a concern of the public")
    told = parser.parse_args(arguments)
    try:
        print(_alone(_settings(), told.rows, concerns=told.concerns))
    except (SettingError, StartupError, Held) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _settings() -> Settings:
    settings = read_settings({"COMMUNITY_MODE": "demo", **environment()})
    if not settings.playful:
        raise SettingError("COMMUNITY_MODE", "is demo or test for made-up observations")
    return settings


def _alone(settings: Settings, wanted: int, *, concerns: bool) -> Filled:
    """Prepare and fill while nobody else writes to an SQLite file; PostgreSQL needs no such care."""
    os.umask(0o077)
    path = lock_path(settings)
    lock = LockFile(path, "bench-load") if path is not None else None
    try:
        preflight.prepare(settings)
        demo_setup.load(settings)
        return fill(settings, wanted, concerns=concerns)
    finally:
        if lock is not None:
            lock.release()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
