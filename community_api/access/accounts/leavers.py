"""What other features do, in the same commit, when somebody's last account is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction

_LISTENERS: Final[list[Callable[[Transaction, Actor, UUID], None]]] = []


def when_somebody_leaves(listener: Callable[[Transaction, Actor, UUID], None]) -> None:
    """Register what a feature above this one does about a leaver; called by the composition."""
    if listener not in _LISTENERS:
        _LISTENERS.append(listener)


def has_left(tx: Transaction, actor: Actor, person_id: UUID) -> None:
    """Tell every feature, in this commit, that a person has no open account any more."""
    for listener in _LISTENERS:
        listener(tx, actor, person_id)
