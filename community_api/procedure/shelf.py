"""Where packs are found: loaded once, kept by name and version.

A pack's file is called NAME.vVERSION.yaml, so that a person finds the version and two versions never
overwrite each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from community_api.procedure.loading import load
from community_api.procedure.pack import Pack
from community_api.procedure.problems import PackError, Place, Problem

SHIPPED: Final = Path(__file__).parent / "packs"


@cache
def pack(name: str, version: int) -> Pack:
    """A shipped pack; KeyError when there is none of that name and version."""
    for shipped in packs():
        if (shipped.name, shipped.version) == (name, version):
            return shipped
    raise KeyError(f"{name} {version}")


@cache
def packs(folder: Path = SHIPPED) -> tuple[Pack, ...]:
    """All packs of a folder, by name and version. PackError lists what is wrong with any of them."""
    found: list[Pack] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            found.append(_named(load(path), path))
        except PackError as error:
            problems.extend(error.problems)
    if problems:
        raise PackError(problems)
    return tuple(sorted(found, key=lambda pack: (pack.name, pack.version)))


def active(packs: Iterable[Pack], name: str, day: date) -> Pack | None:
    """The newest version of a procedure in force on that day; None: none is."""
    in_force = (pack for pack in packs if pack.name == name and is_in_force(pack, day))
    return max(in_force, key=lambda pack: pack.version, default=None)


def is_in_force(pack: Pack, day: date) -> bool:
    """Whether new cases may begin on a version that day."""
    last = pack.header.effective_to
    return pack.header.effective_from <= day and (last is None or day <= last)


def _named(pack: Pack, path: Path) -> Pack:
    """The pack, if its file is called after it."""
    wanted = f"{pack.name}.v{pack.version}.yaml"
    if path.name != wanted:
        raise PackError([Problem(path.name, Place(1, 1), f"the file of this pack is called {wanted}")])
    return pack
