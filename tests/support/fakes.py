"""Stand-ins for what stands above or outside of the thing tested."""

from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Work
from community_api.core.errors import Refused


def open_gate(_tx: Work, _actor: Actor, _permission: str) -> None:
    """A policy that allows everything."""


def closed_gate(_tx: Work, _actor: Actor, _permission: str) -> None:
    """A policy that allows nothing."""
    raise Refused("role_not_allowed")
