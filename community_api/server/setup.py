"""The beginning of a real installation: its units, and the accounts that everything else can be done with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import yaml

from community_api.access.accounts import first_password
from community_api.access.accounts import service as accounts
from community_api.access.accounts.first_password import Issued
from community_api.core.actor import SYSTEM
from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.crypto.keys import load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database import commands
from community_api.core.database.engine import Database
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError, StartupError
from community_api.core.i18n.problem_texts import load_problems
from community_api.core.i18n.translations import Words
from community_api.intelligence.indicators import service as indicators
from community_api.units import directory
from community_api.units.declaration import DeclarationBroken, DeclaredUnit, as_tree, read_units
from community_api.units.rules import TreeBroken, UnitTree
from community_api.units.service import establish_units
from community_api.units.terms import Role

NO_UNITS = "The database has no units yet: name a file of them with --units"
PROBLEMS = Path(__file__).parents[1] / "problems.yaml"


def create_account(settings: Settings, *, role: str, units: Path | None, **fields: str) -> None:
    """Make an account; ``units`` names a file whose units are stored first, in a database that has none.

    ``fields`` is what ``accounts.create_account`` takes. Raises StartupError in words for the person who
    types.
    """
    with unit_of_work(settings) as uow:
        try:
            prepare_units(uow, units)
            words = Words(playful=settings.playful)
            accounts.create_account(uow, SYSTEM, role=Role(role), words=words, **fields)
        except DomainError as refused:
            raise StartupError(in_words(refused)) from None


def reset_password(settings: Settings, username: str) -> Issued:
    """A token with which the owner of an account sets a password; StartupError if there is no account."""
    with unit_of_work(settings) as uow:
        try:
            return first_password.reset(uow, SYSTEM, username)
        except DomainError as refused:
            raise StartupError(in_words(refused)) from None


def put_lists_in_force(settings: Settings) -> None:
    """Put the indicator lists that this version declares in force; safe to repeat at every start.

    Raises StartupError for a list that was changed under its number.
    """
    with unit_of_work(settings) as uow:
        indicators.install(uow)


def in_words(refused: DomainError) -> str:
    """A refusal as a line for a terminal: what is wrong with each field, or what the problem is."""
    problems = load_problems(PROBLEMS)
    if not refused.errors:
        return problems.problems[refused.code].detail
    return " ".join(
        f"{error.pointer.strip('/')}: {problems.fields[error.code].format(**error.params)}"
        for error in refused.errors
    )


def prepare_units(uow: UnitOfWork, units: Path | None) -> None:
    """Store the units of a file, if one is named; raises StartupError when there are none in the end."""
    if units is not None:
        _set_up(uow, units)
    _need_units(uow)


def units_to_be(uow: UnitOfWork, units: Path | None) -> UnitTree:
    """The units that stand, else those that a file declares; nothing is stored. Raises StartupError."""
    with uow() as tx:
        standing = directory.tree(tx)
    if len(standing):
        return standing
    if units is None:
        raise StartupError(NO_UNITS)
    try:
        return as_tree(_declared(units), lambda name: uuid5(NAMESPACE_URL, name))
    except TreeBroken as broken:
        raise StartupError(f"{units.name}: {broken}") from None


@contextmanager
def unit_of_work(settings: Settings) -> Iterator[UnitOfWork]:
    database = Database(settings.database_url, pool_size=1)
    keys = load_keys(settings.keys, make_missing=settings.playful)
    try:
        clock = Clock(settings.clock_offset)
        yield UnitOfWork(database, clock, Sealer(keys), keys, procedure=settings.procedure)
    finally:
        database.close()


def _set_up(uow: UnitOfWork, file: Path) -> None:
    """Store the units, once: the same command may be typed again after what was wrong in it is mended."""
    declared = _declared(file)

    def store() -> None:
        with uow() as tx:
            known = {unit.name for unit in directory.tree(tx)}
            if not known:
                establish_units(tx, declared)
            elif known != {unit.name for unit in declared}:
                raise StartupError("The database has other units already; leave --units out")

    commands.again(store)
    directory.forget(uow.database.engine)


def _need_units(uow: UnitOfWork) -> None:
    with uow() as tx:
        if not len(directory.tree(tx)):
            raise StartupError(NO_UNITS)


def _declared(file: Path) -> tuple[DeclaredUnit, ...]:
    try:
        told: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        return read_units(
            told["units"],
            timezone=told["timezone"],
            country=told["country"],
            holidays=told.get("holidays"),
        )
    except (DeclarationBroken, yaml.YAMLError) as broken:
        raise StartupError(f"{file.name}: {broken}") from None
    except (KeyError, TypeError, UnicodeDecodeError):
        raise StartupError(f"{file.name}: holds timezone, country and units") from None
