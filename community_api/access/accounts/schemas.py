"""Accounts in JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.access.accounts.register import ListedAccount
from community_api.access.accounts.terms import AccountState
from community_api.core.schemas.fields import BaseSchema, Choice, Id, PageQuery
from community_api.core.schemas.list_schema import page_schema
from community_api.units.schemas import UNIT


class AccountQuery(PageQuery):
    """Which accounts are wanted; ``unit``: that unit and all below it."""

    state = Choice(AccountState)
    unit = fields.String(validate=UNIT)


class HeldRole(BaseSchema):
    """A role that is held now."""

    role = fields.String(required=True, metadata={"example": "officer"})
    unit = fields.String(required=True, metadata={"example": "lin-a"})


class AccountItem(BaseSchema):
    """An account in the register."""

    id = Id(required=True)
    username = fields.String(required=True, metadata={"example": "h.brekke"})
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "null: the name was erased"}
    )
    roles = fields.List(fields.Nested(HeldRole), required=True)
    unit = fields.String(
        required=True, metadata={"description": "The highest in which it holds, or last held, a role"}
    )
    state = Choice(AccountState, required=True)


AccountList = page_schema(AccountItem, "AccountList")


def account_item(account: ListedAccount) -> dict[str, Any]:
    """One line of the register."""
    return dict(vars(account))
