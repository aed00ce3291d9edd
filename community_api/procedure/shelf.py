"""Where packs are found: loaded once, kept by name and version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from community_api.procedure.pack import Pack

SHIPPED = Path(__file__).parent / "packs"


def pack(name: str, version: int) -> Pack:
    """A shipped pack; KeyError when there is none of that name and version."""
    raise NotImplementedError


def packs(folder: Path = SHIPPED) -> tuple[Pack, ...]:
    """All packs of a folder, by name and version. PackError lists what is wrong with any of them."""
    raise NotImplementedError


def active(packs: Iterable[Pack], name: str, day: date) -> Pack | None:
    """The newest version of a procedure that is in force on that day."""
    raise NotImplementedError
