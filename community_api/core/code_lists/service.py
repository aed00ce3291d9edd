"""What the system can do with code lists: show one."""

from __future__ import annotations

from collections.abc import Callable

from community_api.core.actor import Actor
from community_api.core.code_lists import CodeList, code_lists
from community_api.core.errors import not_found
from community_api.core.uow import UnitOfWork, Work

PERMISSION = "code_list.read"


def read(uow: UnitOfWork, actor: Actor, *, gate: Callable[[Work, Actor, str], object], name: str) -> CodeList:
    """The list of that name, for those whom ``gate`` lets pass; raises Refused ``not_found``.

    Code lists stand below the policy: what they need of it comes in as ``gate``.
    """
    with uow() as tx:
        gate(tx, actor, PERMISSION)
    found = code_lists().get(name)
    if found is None:
        raise not_found()
    return found
