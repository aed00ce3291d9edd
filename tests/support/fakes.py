"""Stand-ins for what stands above or outside of the thing tested."""

from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError


def open_gate(_tx: Transaction, _actor: Actor, _permission: str) -> None:
    """A policy that allows everything."""


def closed_gate(_tx: Transaction, _actor: Actor, _permission: str) -> None:
    """A policy that allows nothing."""
    raise DomainError("role_not_allowed")
