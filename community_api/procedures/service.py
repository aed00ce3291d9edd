"""Which versions there are and which one is in force, kept in memory by each process.

Versions never change and are adopted a few times a year, so that a process reads each once. A version that
another process has adopted is seen within a second, and at once where a case names it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select

from community_api.core.config import SettingError
from community_api.core.database import cache_versions
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.procedure_engine import repository
from community_api.procedure_engine.language.findings import Problem
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import reread, unsaid
from community_api.procedure_engine.verification.translation_checks import Says
from community_api.procedures.models import Governed, ProcedureVersion
from community_api.procedures.terms import EPOCH, TRUST_SECONDS


@dataclass(frozen=True)
class Adopted:
    """A version that was adopted here, and when."""

    pack: Pack
    adopted_at: datetime


@dataclass(frozen=True)
class VersionsInForce:
    """A version, and whether new cases take it today."""

    pack: Pack
    active: bool


@dataclass(frozen=True)
class _Kept:
    epoch: int
    adopted: Mapping[tuple[str, int], Adopted]
    checked: float


_kept: Final[WeakKeyDictionary[Engine, _Kept]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def known_packs(tx: Transaction) -> tuple[Pack, ...]:
    """Every version, shipped or adopted, by name and number.

    What was adopted here under a number stays what it is, also when the product ships another one under it.
    """
    adopted = _adopted(tx)
    return tuple(
        adopted[key].pack if key in adopted else repository.pack(*key)
        for key in sorted({*repository.files(), *adopted})
    )


def newest(tx: Transaction, name: str) -> int | None:
    """The highest number under which there is a version of a procedure; None: there is no such procedure."""
    return max(
        (number for known_packs, number in {*repository.files(), *_adopted(tx)} if known_packs == name),
        default=None,
    )


def standing(tx: Transaction) -> tuple[VersionsInForce, ...]:
    """Every version, and which of them new cases take today; those of the procedure in force stand first."""
    taken = in_force(tx)
    mine = tx.procedure if taken is None else taken.name
    listed = sorted(known_packs(tx), key=lambda pack: pack.name != mine)
    return tuple(VersionsInForce(pack, pack is taken) for pack in listed)


def version(tx: Transaction, name: str, number: int, *, content_hash: str | None = None) -> Pack:
    """The version that a case names. KeyError: there is none.

    `content_hash` is what the case says of it: of two under one number the one that it began on. None: the
    one that was adopted here goes before.
    """
    for anew in (False, True):
        adopted = _adopted(tx, anew=anew).get((name, number))
        if adopted is not None and content_hash in {None, adopted.pack.hash}:
            return adopted.pack
        if (name, number) in repository.files():
            shipped = repository.pack(name, number)
            if content_hash in {None, shipped.hash}:
                return shipped
    raise KeyError(f"{name} {number}")


def in_force(tx: Transaction, day: date | None = None) -> Pack | None:
    """The version that new cases take on a day (None: today); None: none is in force.

    What was adopted last goes before; where nothing was, the newest shipped version of the installation's
    procedure.
    """
    day = day or tx.now.date()
    adopted = [one for one in _adopted(tx).values() if repository.is_in_force(one.pack, day)]
    if adopted:
        return max(adopted, key=_since).pack
    return repository.active(tx.procedure, day)


def prove(tx: Transaction, says: Says) -> tuple[Problem, ...]:
    """Prove each version that new cases take today or may take later, as `check` does; the words they lack.

    A word that is not said in a promised language is shown in English, which must stop nobody from working.
    PackError: what is wrong with a version that is not sound.
    """
    rows = {(row.name, row.version): row for row in tx.all(select(ProcedureVersion))}
    lacking: list[Problem] = []
    for pack in _that_may_be_taken(tx):
        key = pack.name, pack.version
        content = rows[key].content.encode() if key in rows else repository.files()[key].read_bytes()
        lacking += unsaid(content, repository.file_of(*key), says)
    return tuple(lacking)


def _that_may_be_taken(tx: Transaction) -> list[Pack]:
    def later(pack: Pack) -> bool:
        return pack.header.effective_from > tx.now.date()

    taken = in_force(tx)
    adopted = [one.pack for one in _adopted(tx).values() if later(one.pack)]
    shipped = takewhile(later, repository.newest_first(tx.procedure))
    return [*([] if taken is None else [taken]), *adopted, *shipped]


def translated(tx: Transaction, text: str, language: str) -> str | None:
    """A text of an adopted version in a language, as that has it; None: the catalogs may have it."""
    found = (one.pack.translated(text, language) for one in _adopted(tx).values())
    return next((words for words in found if words is not None), None)


def govern(tx: Transaction, row: Governed) -> Pack | None:
    """Let a new record go by the version in force, also when another comes; None: none is in force."""
    pack = in_force(tx)
    if pack is not None:
        bind(row, pack)
    return pack


def bind(row: Governed, pack: Pack) -> None:
    """Let a new record go by a version, also when another comes into force."""
    row.procedure_name, row.procedure_version = pack.name, pack.version
    row.procedure_hash = pack.hash


def governing(tx: Transaction, row: Governed) -> Pack | None:
    """The version under which a record began; None: it began under none that says anything of it."""
    if row.procedure_name is None or row.procedure_version is None:
        return None
    return version(tx, row.procedure_name, row.procedure_version, content_hash=row.procedure_hash)


def adopt(tx: Transaction, pack: Pack, *, content: str, proposal_id: UUID) -> UUID:
    """Buffer a version that a second person has approved; the id of its row. Stale when two do so at once.

    ``content`` is the file as it was proposed. Call `forget` when the commit is done.
    """
    row = tx.add(
        ProcedureVersion(
            id=new_id(),
            name=pack.name,
            version=pack.version,
            hash=pack.hash,
            content=content,
            active_from=pack.header.effective_from,
            proposal_id=proposal_id,
            adopted_at=tx.now,
        )
    )
    cache_versions.rise(tx, EPOCH)
    return row.id


def forget(engine: Engine) -> None:
    """Read again at the next question: this process has just adopted a version."""
    with _lock:
        _kept.pop(engine, None)


def _since(adopted: Adopted) -> tuple[date, datetime]:
    return (adopted.pack.header.effective_from, adopted.adopted_at)


def _adopted(tx: Transaction, *, anew: bool = False) -> Mapping[tuple[str, int], Adopted]:
    engine = tx.database.engine
    with _lock:
        kept = _kept.get(engine)
    now = time.monotonic()
    if kept is not None and not anew and now - kept.checked < TRUST_SECONDS:
        return kept.adopted
    # The epoch is read before the rows: what is adopted in between is then read again next time.
    epoch = cache_versions.value_of(tx, EPOCH)
    adopted = kept.adopted if kept is not None and kept.epoch == epoch else _read(tx, kept)
    with _lock:
        _kept[engine] = _Kept(epoch, adopted, now)
    return adopted


def _read(tx: Transaction, cached: _Kept | None) -> Mapping[tuple[str, int], Adopted]:
    rows: Iterable[ProcedureVersion] = tx.all(select(ProcedureVersion))
    before = {} if cached is None else cached.adopted
    return {
        (row.name, row.version): before.get((row.name, row.version))
        or Adopted(reread(row.content.encode(), repository.file_of(row.name, row.version)), row.adopted_at)
        for row in rows
    }


def shipped_name(name: str) -> str:
    """The name of a shipped procedure. Raises SettingError for any other."""
    names = sorted({shipped for shipped, _ in repository.files()})
    if name not in names:
        raise SettingError("COMMUNITY_PROCEDURE", f"is one of {', '.join(names)}")
    return name
