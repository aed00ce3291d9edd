"""Many accounts at once: each row is judged, and either all are made or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from community_api.access import vacancies
from community_api.access.accounts import first_password, role_assignments
from community_api.access.accounts import service as accounts
from community_api.access.accounts.first_password import Issued
from community_api.access.accounts.service import NewAccount
from community_api.access.models import Account
from community_api.access.proposals.terms import is_held_at
from community_api.access.usernames import is_username, normal_username
from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError
from community_api.core.i18n.translations import SOURCE_LANGUAGE
from community_api.units import posts
from community_api.units.directory import tree
from community_api.units.rules import UnitTree
from community_api.units.terms import Role

MOST: Final = 500


@dataclass(frozen=True)
class Planned:
    """One row of an import; ``known``: an account of that name is there already."""

    index: int
    new: NewAccount
    known: Account | None

    def at(self, name: str, code: str) -> FieldError:
        """What is wrong with one field of the row."""
        return FieldError(f"/accounts/{self.index}/{name}", code)


@dataclass(frozen=True)
class Imported:
    """What an import from a file did; ``tokens`` by username, ``unchanged`` have their password already."""

    tokens: dict[str, Issued]
    unchanged: int


def plan(tx: Transaction, rows: Sequence[Mapping[str, Any]]) -> tuple[list[Planned], list[FieldError]]:
    """What the rows would make, and everything that is wrong with them, by row and field.

    ``rows``: username, name, role, unit; language, timezone.
    """
    names = _names(rows)
    known = {row.username: row for row in tx.all(select(Account).where(Account.username.in_(names)))}
    faults = misplaced(rows, tree(tx))
    wrong = {fault.pointer.split("/")[2] for fault in faults}
    planned = [
        Planned(index, _new(tx, row, name), known.get(name))
        for index, (row, name) in enumerate(zip(rows, names, strict=True))
        if str(index) not in wrong
    ]
    return planned, faults


def misplaced(rows: Sequence[Mapping[str, Any]], units: UnitTree) -> list[FieldError]:
    """What is wrong with the rows by themselves, among these units: names, and roles where they are held."""
    names = _names(rows)
    first = {name: index for index, name in reversed(list(enumerate(names)))}
    return [
        FieldError(f"/accounts/{index}/{field}", code)
        for index, (row, name) in enumerate(zip(rows, names, strict=True))
        for field, code in _faults(units, row, name, repeated=first[name] != index)
    ]


def _names(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [normal_username(row["username"]) for row in rows]


def establish_all(tx: Transaction, actor: Actor, planned: Sequence[Planned]) -> None:
    """Make every account that is not there yet, in this commit."""
    made = [one.new for one in planned if one.known is None]
    for new in made:
        accounts.establish(tx, actor, new)
    for post_id in {posts.id_of(new.role, new.unit_id) for new in made}:
        vacancies.close_vacancy(tx, post_id)


def import_accounts(uow: UnitOfWork, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Imported:
    """Make the first accounts of an installation, with a token for a first password for each.

    Repeated, it makes what is not there yet and gives new tokens to whoever has no password. Raises
    ``validation_failed`` with pointers, also for a name that somebody else has.
    """
    return commands.again(lambda: _import(uow, actor, rows))


def _import(uow: UnitOfWork, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> Imported:
    with uow() as tx:
        planned, faults = plan(tx, rows)
        faults += [one.at("username", "username_taken") for one in planned if not _same(tx, one)]
        if faults:
            raise DomainError("validation_failed", errors=faults)
        establish_all(tx, actor, planned)
        waiting = [one for one in planned if one.known is None or one.known.password_hash is None]
        tokens = {one.new.username: first_password.issue(tx, _account_id(tx, one)) for one in waiting}
        return Imported(tokens, len(planned) - len(waiting))


def _same(tx: Transaction, planned: Planned) -> bool:
    """Whether the account that is there is the one that the row describes."""
    known = planned.known
    if known is None:
        return True
    held = role_assignments.grant_of(tx, known.id, planned.new.role.value, planned.new.unit_id)
    named = accounts.name_of(tx, known.person_id)
    return known.disabled_at is None and held is not None and named == planned.new.name


def _account_id(tx: Transaction, planned: Planned) -> Any:
    return planned.known.id if planned.known is not None else accounts.buffered_id(tx, planned.new.username)


def _faults(
    units: UnitTree, row: Mapping[str, Any], name: str, *, repeated: bool
) -> Iterator[tuple[str, str]]:
    if not is_username(name):
        yield "username", "not_a_username"
    if repeated:
        yield "username", "given_twice"
    if not row["name"].strip():
        yield "name", "blank"
    unit = units.named(row["unit"])
    if unit is None:
        yield "unit", "not_a_reference"
    elif not is_held_at(Role(row["role"]), unit.level):
        yield "role", "not_of_this_level"


def _new(tx: Transaction, row: Mapping[str, Any], name: str) -> NewAccount:
    unit = tree(tx).names[row["unit"]]
    return NewAccount(
        username=name,
        name=row["name"].strip(),
        role=Role(row["role"]),
        unit_id=unit.id,
        language=row.get("language") or SOURCE_LANGUAGE,
        timezone=row.get("timezone") or unit.timezone,
        password_hash=None,
    )
