"""`flask backup DIR` and `flask restore FILE`: use cases."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from community_api.access.sessions.revocation import end_every_session
from community_api.access.terms import SessionEnd
from community_api.core.actor import SYSTEM
from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.crypto.keys import KeyRing, load_keys
from community_api.core.database import commands, migrations
from community_api.core.errors import StartupError
from community_api.core.lockfile import LockFile
from community_api.server.backups import archive, contents, postgresql, sqlite
from community_api.server.backups.archive import Archive, Manifest
from community_api.server.backups.contents import Contents
from community_api.server.setup import unit_of_work

BACKUP: Final = "backup"
_UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True)
class Restored:
    """What was brought back. ``made_at`` is the backup's time (ISO 8601, UTC)."""

    made_at: str
    contents: Contents
    ended_sessions: int


def back_up(settings: Settings, folder: Path) -> tuple[Path, Manifest]:
    """Write a backup into ``folder`` beside a running server; its file and its manifest.

    The file gets its name when it is whole and on the disk. Raises Held where another backup is being written
    there, and StartupError.
    """
    keys = load_keys(settings.keys, make_missing=False)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = LockFile(folder / ".backup.lock", BACKUP)
    try:
        _remove_unfinished(folder)
        copied = folder / f".database{_UNFINISHED}"
        made_at = Clock(settings.clock_offset).now().astimezone(UTC).replace(microsecond=0)
        revision, stock = _copy(settings, copied)
        with copied.open("rb") as file:
            sha256 = archive.digest(file)
        manifest = Manifest(
            format=archive.FORMAT,
            made_at=made_at.isoformat(),
            dialect=settings.dialect,
            revision=revision,
            keys={name: archive.fingerprint(_wrapping(keys, name)) for name in stock.key_ids},
            sha256=sha256,
            contents=stock,
        )
        whole = folder / f".backup{_UNFINISHED}"
        archive.write(whole, manifest, copied, keys)
        copied.unlink()
        return _named(whole, folder, f"community-{made_at:%Y-%m-%dT%H%M%SZ}"), manifest
    finally:
        _remove_unfinished(folder)
        lock.release()


def restore(settings: Settings, file: Path) -> Restored:
    """Bring a backup back into a database without tables, and end every session of it.

    Nothing is touched before the file, its keys and its schema were found right; what is brought back is
    compared with the manifest. Raises StartupError.
    """
    keys = load_keys(settings.keys, make_missing=False)
    with archive.opened(file, keys) as backup:
        _refuse_foreign(settings, backup.manifest, keys)
        bring_back = _restore_sqlite if settings.is_sqlite else _restore_postgresql
        return Restored(backup.manifest.made_at, backup.manifest.contents, bring_back(settings, backup))


# --- both databases --------------------------------------------------------------------------------


def _copy(settings: Settings, target: Path) -> tuple[str, Contents]:
    """Copy the database as it is at one moment; its schema's revision and its contents."""
    if settings.is_sqlite:
        source = sqlite.path_of(settings.database_url)
        if not source.exists():
            raise StartupError("The database holds nothing of this product yet")
        sqlite.copy(source, target)
        with sqlite.connected(target) as connection:
            return contents.revision(connection), contents.take_stock(connection)
    with postgresql.connected(settings.owner_url) as connection:
        revision, stock = contents.revision(connection), contents.take_stock(connection)
        postgresql.dump(connection, settings.owner_url, target)
        return revision, stock


def _refuse_foreign(settings: Settings, manifest: Manifest, keys: KeyRing) -> None:
    """Raises StartupError for another dialect, an unknown schema, or missing keys."""
    if manifest.dialect != settings.dialect:
        raise StartupError(
            f"The backup is of {manifest.dialect}, COMMUNITY_DATABASE_URL of {settings.dialect}"
        )
    if manifest.revision not in migrations.revisions():
        raise StartupError(
            "The backup was made by a newer version of this program: its schema is unknown here"
        )
    for name, public in manifest.keys.items():
        if archive.fingerprint(_wrapping(keys, name)) != public:
            raise StartupError(f"COMMUNITY_KEYS: {name}.key is not the one that the backup needs")


def _restore_sqlite(settings: Settings, backup: Archive) -> int:
    """Prepare a file beside the database, then rename it; how many sessions were ended."""
    path = sqlite.path_of(settings.database_url)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        with sqlite.connected(path) as connection:
            _refuse_filled(connection)
    prepared = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        with backup.database() as part:
            sqlite.extract(part, prepared)
        with sqlite.connected(prepared) as connection:
            _compare(connection, backup.manifest)
        ended = _bring_up_to_date(replace(settings, database_url=f"sqlite:///{prepared}"))
        sqlite.put_in_place(prepared, path)
    finally:
        _remove_unfinished(path.parent)
    return ended


def _restore_postgresql(settings: Settings, backup: Archive) -> int:
    """Load everything in one transaction; how many sessions were ended."""
    with postgresql.connected(settings.owner_url) as connection:
        _refuse_filled(connection)
    with backup.database() as part:
        postgresql.load(part, settings.owner_url)
    try:
        with postgresql.connected(settings.owner_url) as connection:
            _compare(connection, backup.manifest)
    except StartupError:
        migrations.downgrade(settings.owner_url, "base")
        raise
    return _bring_up_to_date(settings)


def _bring_up_to_date(settings: Settings) -> int:
    """Migrate, grant rights and end all sessions; how many ran.

    A session that was revoked after the backup would otherwise live again.
    """
    migrations.upgrade(settings.owner_url, role=make_url(settings.database_url).username)
    with unit_of_work(settings) as uow:
        return commands.again(lambda: end_every_session(uow, SYSTEM, SessionEnd.RESTORED))


def _refuse_filled(connection: Connection) -> None:
    if not contents.is_empty(connection):
        raise StartupError("The database is not empty: a backup is brought back into a new one")


def _compare(connection: Connection, manifest: Manifest) -> None:
    """Raises StartupError unless the database holds what the manifest says."""
    standing = (contents.revision(connection), contents.take_stock(connection))
    if standing != (manifest.revision, manifest.contents):
        raise StartupError("What was brought back is not what the backup says it holds; nothing of it stays")


# --- files -----------------------------------------------------------------------------------------


def _wrapping(keys: KeyRing, name: str) -> bytes:
    """A wrapping key; raises StartupError where it is not there."""
    if name not in keys.wrapping:
        raise StartupError(f"COMMUNITY_KEYS: {name}.key is not there, and texts cannot be read without it")
    return keys.wrapping[name]


def _named(whole: Path, folder: Path, name: str) -> Path:
    """Give a whole file its name, never that of another one."""
    for number in range(1, 1000):
        target = folder / (f"{name}.tar" if number == 1 else f"{name}-{number}.tar")
        try:
            os.link(whole, target)
        except FileExistsError:
            continue
        whole.unlink()
        sqlite.keep_folder(folder)
        return target
    raise StartupError(f"There are a thousand backups called {name}")


def _remove_unfinished(folder: Path) -> None:
    """What an interrupted backup left: it has no name that a restore would take."""
    for path in folder.glob(f".*{_UNFINISHED}*"):
        path.unlink(missing_ok=True)
