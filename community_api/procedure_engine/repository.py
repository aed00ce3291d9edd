"""Where packs are found: loaded when somebody asks, once, and kept by name and version.

A pack's file is called NAME.vVERSION.yaml, so that a person finds the version and two versions never
overwrite each other. Old versions stay on the shelf for ever, for running cases: a process that meets none
of them reads none. What is on it is proved by `flask procedure check`, and at every start where new cases
take it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.findings import PackError, Place, Problem
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import reread

SHIPPED: Final = Path(__file__).parent / "packs"
_CALLED: Final = N_("the file of this pack is called {name}")
_FILE: Final = re.compile(r"(.+)\.v([1-9][0-9]*)\.yaml")


@cache
def _files(folder: Path) -> Mapping[tuple[str, int], Path]:
    found = {path: _FILE.fullmatch(path.name) for path in folder.glob("*.yaml")}
    if astray := [path.name for path, match in sorted(found.items()) if match is None]:
        called = Sentence(_CALLED, name="NAME.vVERSION.yaml")
        raise PackError(Problem(name, Place(1, 1), called) for name in astray)
    named = {(match[1], int(match[2])): path for path, match in found.items() if match}
    return {key: named[key] for key in sorted(named)}


@cache
def _read(path: Path) -> Pack:
    pack = reread(path.read_bytes(), path.name)
    wanted = file_of(pack.name, pack.version)
    if path.name != wanted:
        raise PackError([Problem(path.name, Place(1, 1), Sentence(_CALLED, name=wanted))])
    return pack


def file_of(name: str, version: int) -> str:
    """What the file of a version is called."""
    return f"{name}.v{version}.yaml"


def files(folder: Path | None = None) -> Mapping[tuple[str, int], Path]:
    """The files of packs by name and version, in that order; nothing of them is read.

    `folder` None: the packs that are shipped. PackError: a file there is not called as packs are.
    """
    return _files(folder or SHIPPED)


def pack(name: str, version: int, folder: Path | None = None) -> Pack:
    """A pack of a folder. KeyError: there is none of that name and version; PackError: it is no pack."""
    path = files(folder).get((name, version))
    if path is None:
        raise KeyError(f"{name} {version}")
    return _read(path)


def packs(folder: Path | None = None) -> tuple[Pack, ...]:
    """All packs of a folder, by name and version. PackError lists what is wrong with any of them."""
    found: list[Pack] = []
    problems: list[Problem] = []
    for path in files(folder).values():
        try:
            found.append(_read(path))
        except PackError as error:
            problems.extend(error.problems)
    if problems:
        raise PackError(problems)
    return tuple(found)


def newest_first(name: str, folder: Path | None = None) -> Iterator[Pack]:
    """The versions of a procedure from the newest to the oldest, each read when it is its turn."""
    versions = [version for known, version in files(folder) if known == name]
    return (pack(name, version, folder) for version in reversed(versions))


def active(name: str, day: date, folder: Path | None = None) -> Pack | None:
    """The newest version of a procedure in force on that day; None: none is."""
    return next((one for one in newest_first(name, folder) if is_in_force(one, day)), None)


def is_in_force(pack: Pack, day: date) -> bool:
    """Whether new cases may begin on a version that day."""
    last = pack.header.effective_to
    return pack.header.effective_from <= day and (last is None or day <= last)
