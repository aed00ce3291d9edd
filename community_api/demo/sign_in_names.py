"""Who can sign in to the demonstration."""

from __future__ import annotations

from functools import cache

from sqlalchemy import select

from community_api.access.models import Account
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.demo.loader import account_id
from community_api.demo.organisation import DemoAccount, read_organisation

# A file of the product, which does not change while it runs.
_organisation = cache(read_organisation)


def sign_in_names(uow: UnitOfWork) -> list[DemoAccount]:
    """The accounts of the demo organisation that are in this database; none where it holds another one."""
    accounts = {account_id(account.username): account for account in _organisation().accounts}
    with uow() as tx:
        present = frozenset(tx.all(select(Account.id).where(Account.id.in_(accounts))))
    return [account for key, account in accounts.items() if key in present]
