"""Folders of a test session that are gone when the session is, however it ended."""

import fcntl
import os
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.support import postgres_reaper

PREFIX = "community-test-"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of ours inside it is made and checked below
# Copies of a database are of about 10 MB; some dozens exist at once.
MEMORY_WANTED = 2 * 1024**3


class Scratch:
    """A folder with a keeper: a small process that removes it as soon as this one has ended."""

    def __init__(self, *, durable: bool = False) -> None:
        """Make the folder; ``durable`` puts it on a disk, where a synchronisation means something."""
        base = disk() if durable else memory() or disk()
        discard_leftovers(base)
        self.path = base / f"{PREFIX}{secrets.token_hex(4)}"
        self.path.mkdir(mode=0o711)
        lock = _locked_file(self.path)
        self.keeper = subprocess.Popen(
            [sys.executable, "-S", "-m", "tests.support.postgres_reaper", str(self.path)],
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            # Shared, so the folder counts as in use until the keeper has ended, too.
            pass_fds=[lock],
            # Ctrl-C is meant for the tests.
            start_new_session=True,
        )
        os.close(lock)

    def close(self) -> None:
        """Let the keeper do its work and wait for it."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait()


def memory() -> Path | None:
    """A file system in memory with room enough: copying databases is ten times as fast there."""
    try:
        return (
            MEMORY if shutil.disk_usage(MEMORY).free > MEMORY_WANTED and os.access(MEMORY, os.W_OK) else None
        )
    except OSError:
        return None


def disk() -> Path:
    """The folder for temporary files, if every user can get at it: root's server runs as another one."""
    folder = Path(tempfile.gettempdir()).resolve()
    reachable = all(part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents))
    return folder if reachable or os.geteuid() != 0 else Path("/tmp")  # noqa: S108 - as above


def discard_leftovers(base: Path) -> None:
    """Clear up after sessions whose keeper was killed as well."""
    for folder in _leftovers(base):
        postgres_reaper.discard(folder)


def _leftovers(base: Path) -> Iterator[Path]:
    for lock in base.glob(f"{PREFIX}*/lock"):
        try:
            if lock.parent.stat().st_uid != os.geteuid():
                continue
            with lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield lock.parent
        except (BlockingIOError, FileNotFoundError):
            continue


def _locked_file(folder: Path) -> int:
    """A lock that dies with its holders; it appears under its name when it is held already."""
    file = os.open(folder / "lock.new", os.O_CREAT | os.O_RDWR | os.O_EXCL, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    (folder / "lock.new").rename(folder / "lock")
    return file
