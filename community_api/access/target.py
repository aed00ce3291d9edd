"""What a permission is asked about, as far as the policy needs to know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from community_api.core.actor import Grant

NOBODY: frozenset[UUID] = frozenset()


class Address(NamedTuple):
    """To whom something is addressed or assigned; what is None does not narrow.

    ``role`` and ``unit_id`` together are a post; ``below`` also means that role in every unit under it.
    An address without role, unit and person is nobody's.
    """

    role: str | None = None
    unit_id: UUID | None = None
    person_id: UUID | None = None
    below: bool = False


@dataclass(frozen=True)
class Target:
    """One thing, of a kind that a group of ``matrix.yaml`` is about.

    ``unit_id`` is the unit it belongs to and ``also_in`` further ones (a person works in several); both empty
    and no owner: it belongs to the installation. ``owner`` is the person whose record it is; ``authors``
    are persons who brought it about (a registrar, a flagger), ``subjects`` persons it is about.
    ``proposers`` are the persons whose act is ruled on, ``proposer_grants`` their roles, so that nobody rules
    who answers to them. ``subject_roles`` are the roles of the person or account it concerns. ``told`` are
    posts that were told of it: whoever holds one knows that it exists, and may do no more with it for that.
    All people are person ids, never accounts. ``exists`` False: looked for and not there.
    """

    kind: str
    unit_id: UUID | None = None
    owner: UUID | None = None
    also_in: frozenset[UUID] = NOBODY
    addressed: tuple[Address, ...] = ()
    authors: frozenset[UUID] = NOBODY
    subjects: frozenset[UUID] = NOBODY
    proposers: frozenset[UUID] = NOBODY
    proposer_grants: tuple[Grant, ...] = ()
    subject_roles: frozenset[str] = field(default_factory=frozenset)
    told: frozenset[UUID] = NOBODY
    exists: bool = True

    @classmethod
    def absent(cls, kind: str) -> Target:
        """What a caller named and the database does not hold."""
        return cls(kind=kind, exists=False)

    @property
    def units(self) -> frozenset[UUID]:
        return self.also_in if self.unit_id is None else self.also_in | {self.unit_id}

    @property
    def everybodys(self) -> bool:
        """Whether it belongs to the installation rather than to a unit or a person."""
        return not self.units and self.owner is None and not self.addressed

    def brought_by(self, person_id: UUID) -> bool:
        """Whether this person owns it or had a hand in it."""
        return person_id == self.owner or person_id in self.authors


def persons(*ids: UUID | None, more: Iterable[UUID] = ()) -> frozenset[UUID]:
    """A set of person ids without the gaps."""
    return frozenset(one for one in (*ids, *more) if one is not None)
