"""`flask serve`, `worker`, `migrate`, `downgrade` and `demo load`: the product and its database."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from community_api.cli.plain_command import PlainCommand
from community_api.core.config import SettingError, Settings, environment, read_settings
from community_api.core.database import schema_version
from community_api.core.lockfile import LockFile, holder_of, lock_path
from community_api.server import demo_setup, preflight, setup, worker_process
from community_api.server.terms import DEMO_LOAD, DOWNGRADE, SERVE, WORKER


@click.command("serve", cls=PlainCommand)
@click.option("--processes", type=click.IntRange(1, 64), help="How many processes answer (PostgreSQL only).")
def serve(processes: int | None) -> None:
    """Start API and worker; Ctrl-C ends both. What `make run` does."""
    settings = read_settings()

    def greet() -> str:
        if not settings.playful:
            setup.put_lists_in_force(settings)
        return demo_setup.greeting(settings)

    preflight.serve(settings, processes, greet)


@click.command("worker", cls=PlainCommand)
def worker() -> None:
    """Do what is due, beside the server on PostgreSQL. Several may run."""
    settings = read_settings()
    path = lock_path(settings)
    if path is None:
        worker_process.work(settings)
        return
    holder = holder_of(path)
    if holder is not None and holder.what == SERVE:
        click.echo(f"The server (process {holder.pid}) already does this work; nothing to start.")
        return
    lock = LockFile(path, WORKER)
    worker_process.work(settings)
    lock.release()


@click.command("migrate", cls=PlainCommand)
def migrate() -> None:
    """Bring the database to the newest schema."""
    settings = _settings_of_the_schema()
    preflight.migrate(settings)
    click.echo(f"The database is at {schema_version.head()}, the newest schema.")


@click.command("downgrade", cls=PlainCommand)
@click.argument("revision")
@click.option("--yes", is_flag=True, help="Do not ask.")
def downgrade(revision: str, *, yes: bool) -> None:
    """Take the schema back to REVISION (base: to nothing). What newer tables hold is lost."""
    settings = _settings_of_the_schema()
    if not yes:
        click.confirm("What newer tables and columns hold will be lost. Go on?", abort=True)
    from community_api.core.database import migrations  # noqa: PLC0415 - half a second, and seldom needed

    alone(settings, DOWNGRADE, lambda: migrations.downgrade(settings.owner_url, revision))
    click.echo(f"The database is at {revision}.")


@click.command("load", cls=PlainCommand)
def load_demo() -> None:
    """Put the demo organisation into an empty database (demo and test mode)."""
    settings = read_settings()
    if not settings.playful:
        raise SettingError("COMMUNITY_MODE", "is demo or test for the demo organisation")

    def load() -> None:
        preflight.bring_to_head(settings)
        loaded = demo_setup.load(settings)
        told = "loaded" if loaded.fresh else "there already"
        click.echo(f"The demo organisation is {told}: {loaded.units} units, {loaded.accounts} accounts.")

    alone(settings, DEMO_LOAD, load)


def alone(settings: Settings, what: str, act: Callable[[], None]) -> None:
    """Act while nobody else works on the database; raises Held. PostgreSQL needs no such care."""
    path = lock_path(settings)
    if path is None:
        act()
        return
    lock = LockFile(path, what)
    try:
        act()
    finally:
        lock.release()


def _settings_of_the_schema() -> Settings:
    """The settings of a command that reads no sealed text: keys need not be there."""
    environ = environment()
    return read_settings({**environ, "COMMUNITY_KEYS": environ.get("COMMUNITY_KEYS") or os.devnull})
