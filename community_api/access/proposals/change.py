"""One change that two people are needed for, ready to be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from community_api.access.accounts.first_password import Issued
from community_api.core.actor import Actor
from community_api.core.errors import invalid
from community_api.core.uow import Work
from community_api.units.directory import tree
from community_api.units.rules import Unit


@dataclass(frozen=True)
class Change:
    """One change, ready to be done.

    ``units`` are those it concerns; empty: what is the installation's. ``each_unit``: all of them must be in
    the proposer's scope, else one. ``person_id`` is whom it concerns, None: nobody, or somebody who is yet to
    be known here. ``others`` are further people with a part in it. ``roles`` are all that they hold or would
    hold. ``act`` buffers the effect.
    """

    units: frozenset[UUID]
    person_id: UUID | None
    roles: frozenset[str]
    act: Callable[[Work, Actor], Issued | None]
    others: frozenset[UUID] = field(default_factory=frozenset)
    each_unit: bool = False


def unit_named(tx: Work, name: str, pointer: str = "/body/unit") -> Unit:
    """The unit of that name; raises ``validation_failed`` at the pointer when there is none."""
    found = tree(tx).named(name)
    if found is None:
        raise invalid(pointer, "not_a_reference")
    return found
