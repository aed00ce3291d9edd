"""Put the demo organisation into an empty database; for `make run`, `flask demo load` and tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select

from community_api.access import passwords
from community_api.access.accounts import service as accounts
from community_api.access.accounts.service import Established, NewAccount
from community_api.access.models import Account
from community_api.core.actor import SYSTEM
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import StartupError
from community_api.demo.organisation import DemoAccount, Organisation, read_organisation
from community_api.intelligence.indicators import service as indicators
from community_api.units import directory
from community_api.units.models import UnitRow
from community_api.units.service import establish_units

# The same ids in every demo, so that examples and notes may name them.
SPACE: Final = UUID("5f0c7f6e-2c5b-4e0f-9a55-0d1f6c1d3a01")
OTHERS: Final = (
    "The database holds another organisation already; the demo organisation goes into an empty one only. "
    "COMMUNITY_DATABASE_URL may name a new database."
)

Hash = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is there now. `fresh`: it was loaded now; False: it was there before."""

    units: int
    accounts: int
    fresh: bool


def load_demo(
    uow: UnitOfWork, *, password: str, organisation: Organisation | None = None, hash_once: Hash | None = None
) -> Loaded:
    """Load the demo organisation, every account with this one password; `organisation` None: the shipped one.

    Safe to repeat, also after an end halfway, and by two programs at once. When the demo is there already,
    its accounts take the password that is told now. Raises StartupError for a database that holds anything
    else, DeclarationBroken for a wrong declaration. `hash_once` None hashes as the product does.
    """
    organisation = organisation or read_organisation()
    hashed = _Once(password, hash_once or passwords.hash_password)
    commands.again(lambda: _load_units(uow, organisation))
    directory.forget(uow.database.engine)
    fresh = commands.again(lambda: _load_accounts(uow, organisation, hashed))
    directory.forget(uow.database.engine)
    if not fresh:
        commands.again(lambda: _take_password(uow, organisation, password, hashed))
    indicators.install(uow, renew=True)
    return Loaded(len(organisation.units), len(organisation.accounts), fresh)


def unit_id(name: str) -> UUID:
    """The id of a unit of the demo."""
    return uuid5(SPACE, f"unit:{name}")


def account_id(username: str) -> UUID:
    """The id of an account of the demo."""
    return uuid5(SPACE, f"account:{username}")


def person_id(username: str) -> UUID:
    """The id of the person behind an account of the demo."""
    return uuid5(SPACE, f"person:{username}")


class _Once:
    """One password, hashed at most once.

    Sixty accounts share one hash, salt and all. For a demo whose one password is printed on the screen that
    gives nothing away, and it saves the first start two seconds; real accounts have a salt each.
    """

    def __init__(self, password: str, hash_password: Hash) -> None:
        self._password = password
        self._hash_password = hash_password
        self._hash: str | None = None

    def __call__(self) -> str:
        self._hash = self._hash or self._hash_password(self._password)
        return self._hash


def _load_units(uow: UnitOfWork, organisation: Organisation) -> None:
    with uow() as tx:
        present = _unit_ids(tx)
        if not present and not accounts.has_accounts(tx):
            establish_units(tx, organisation.units, id_of=unit_id)
        elif not present.issuperset(unit_id(unit.name) for unit in organisation.units):
            raise StartupError(OTHERS)


def _load_accounts(uow: UnitOfWork, organisation: Organisation, hashed: _Once) -> bool:
    with uow() as tx:
        present = _present(tx, organisation)
        if present:
            return False
        if accounts.has_accounts(tx):
            raise StartupError(OTHERS)
        for account in organisation.accounts:
            _add(tx, account, hashed())
        return True


def _add(tx: Transaction, account: DemoAccount, password_hash: str) -> None:
    new = NewAccount(
        username=account.username,
        name=account.name,
        role=account.role,
        unit_id=unit_id(account.unit),
        language=account.language,
        timezone=account.timezone,
        password_hash=password_hash,
    )
    ids = Established(account_id(account.username), person_id(account.username))
    accounts.establish(tx, SYSTEM, new, ids=ids)
    today: date = tx.now.date()
    for held in account.certificates:
        accounts.certify(
            tx,
            SYSTEM,
            ids.person_id,
            held.course,
            passed_on=today - timedelta(days=held.passed_ago),
            expires_on=today + timedelta(days=held.expires_in),
        )


def _take_password(uow: UnitOfWork, organisation: Organisation, password: str, hashed: _Once) -> None:
    """Let the accounts that still have the shared password have this one; others have set their own."""
    with uow() as tx:
        present = _present(tx, organisation)
        shared, _count = Counter(account.password_hash for account in present).most_common(1)[0]
        with passwords.hashing_slot():
            if passwords.verify(shared, password):
                return
        for account in present:
            if account.password_hash == shared:
                tx.update_row(account, password_hash=hashed(), password_changed_at=tx.now)


def _unit_ids(tx: Transaction) -> frozenset[UUID]:
    """Ids of the units that are stored; the directory may not yet know what another program just did."""
    return frozenset(tx.all(select(UnitRow.id)))


def _present(tx: Transaction, organisation: Organisation) -> list[Account]:
    ids = [account_id(account.username) for account in organisation.accounts]
    return tx.all(select(Account).where(Account.id.in_(ids)))
