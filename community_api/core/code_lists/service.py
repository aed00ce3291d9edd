"""What the system can do with code lists: name them, show one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from community_api.core.actor import Actor
from community_api.core.code_lists import CodeList, code_lists
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import not_found

PERMISSION = "code_list.read"


def list_code_lists(
    uow: UnitOfWork, actor: Actor, *, gate: Callable[[Transaction, Actor, str], object]
) -> Sequence[CodeList]:
    """All lists by name, for those whom ``gate`` lets pass."""
    with uow() as tx:
        gate(tx, actor, PERMISSION)
    return tuple(code_lists().values())


def public_lists() -> Sequence[CodeList]:
    """The lists whose codes the public meets, by name."""
    return tuple(listed for listed in code_lists().values() if listed.public)


def public_list(name: str) -> CodeList:
    """The list of that name that everybody may read; raises DomainError ``not_found``."""
    listed = code_lists().get(name)
    if listed is None or not listed.public:
        raise not_found()
    return listed


def read(
    uow: UnitOfWork, actor: Actor, *, gate: Callable[[Transaction, Actor, str], object], name: str
) -> CodeList:
    """The list of that name, for those whom ``gate`` lets pass; raises DomainError ``not_found``.

    Code lists stand below the policy: what they need of it comes in as ``gate``.
    """
    with uow() as tx:
        gate(tx, actor, PERMISSION)
    found = code_lists().get(name)
    if found is None:
        raise not_found()
    return found
