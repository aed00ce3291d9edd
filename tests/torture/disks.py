"""A disk so small that it gets full."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoSmallDisk(Exception):
    """None can be made here; the message says why."""


class SmallDisk:
    """A file system in memory; a ballast file makes it full to the last few pages."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, *, leaving: int) -> None:
        """Leave so many bytes free."""
        free = shutil.disk_usage(self.path).free
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - leaving)

    def clear(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@contextmanager
def small_disk(path: Path, megabytes: int) -> Iterator[SmallDisk]:
    """A file system of that size at ``path`` while the block runs; raises NoSmallDisk."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        raise NoSmallDisk("only root can make a small disk (tmpfs)")
    path.mkdir(mode=0o755)
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(path)],  # noqa: S607 - found by PATH
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise NoSmallDisk(f"no small disk (tmpfs) can be made here: {made.stderr.strip()}")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", str(path)], check=True)  # noqa: S607 - found by PATH
