"""What of a kind of thing a caller's lists may show: the policy's scopes, said in a form a query can use."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from community_api.access.matrix import Matrix, matrix
from community_api.access.permissions import Permission
from community_api.access.policy import cell_of, view_of
from community_api.access.scopes import UnitTree, units_within
from community_api.access.terms import Cell, View
from community_api.core.actor import Actor, Grant
from community_api.units.terms import Role


@dataclass(frozen=True)
class Part:
    """What one grant shows.

    ``units``: everything that belongs to these. ``unowned`` True: of these units only what belongs to no
    person (an officer sees the team's problems, not the colleagues' reports). ``own``: what the caller owns.
    ``addressed``: what is addressed to this grant or to the caller. ``everything``: oversight.
    """

    grant: Grant
    cell: Cell
    view: View
    everything: bool = False
    units: frozenset[UUID] = frozenset()
    unowned: bool = False
    own: bool = False
    addressed: bool = False


@dataclass(frozen=True)
class VisibleScope:
    """What all grants of a caller show together; a row is shown when any part shows it."""

    person_id: UUID
    parts: tuple[Part, ...]

    @property
    def everything(self) -> bool:
        return any(part.everything for part in self.parts)

    @property
    def own(self) -> bool:
        return any(part.own for part in self.parts)

    @property
    def units(self) -> frozenset[UUID]:
        """The units all of whose things are shown."""
        return frozenset().union(*(part.units for part in self.parts if not part.unowned))

    @property
    def unowned_units(self) -> frozenset[UUID]:
        """The units of which only what belongs to nobody is shown."""
        return frozenset().union(*(part.units for part in self.parts if part.unowned))

    @property
    def addressees(self) -> tuple[Grant, ...]:
        """The grants under which something can be addressed to the caller."""
        return tuple(part.grant for part in self.parts if part.addressed)

    @property
    def view(self) -> View:
        """METADATA when no part shows more: then a list names nobody."""
        wide = any(part.view is View.CONTENT for part in self.parts)
        return View.CONTENT if wide else View.METADATA

    def view_of_unit(self, unit_id: UUID) -> View:
        """How much is shown of what belongs to a unit."""
        wide = any(
            part.view is View.CONTENT and (part.everything or unit_id in part.units) for part in self.parts
        )
        return View.CONTENT if wide else View.METADATA

    def __bool__(self) -> bool:
        return bool(self.parts)


def sight(
    actor: Actor, permission: Permission, *, tree: UnitTree, rules: Matrix | None = None
) -> VisibleScope:
    """What ``permission`` lets the caller see; no part at all: the list is closed to every role of theirs."""
    row = (rules or matrix()).row(permission)
    parts = []
    for grant in actor.grants:
        cell = cell_of(grant, row, tree)
        if cell is not Cell.REFUSED:
            wide = cell not in {Cell.OWN, Cell.ADDRESSED}
            parts.append(
                Part(
                    grant=grant,
                    cell=cell,
                    view=view_of(row, cell),
                    everything=wide and grant.role == Role.OVERSIGHT,
                    units=units_within(grant, row.reach, tree) if wide else frozenset(),
                    unowned=grant.role == Role.OFFICER,
                    own=cell in {Cell.FULL, Cell.OWN},
                    addressed=cell is not Cell.OWN,
                )
            )
    return VisibleScope(actor.person_id, tuple(parts))
