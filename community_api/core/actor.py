"""Who acts: what one query told about the caller, handed to every use case."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime


@dataclass(frozen=True)
class Grant:
    """A role held in a unit; ``unit_name`` is the unit's public identifier, such as ``lin-a``."""

    role: str
    unit_id: uuid.UUID
    unit_name: str


@dataclass(frozen=True)
class Certificate:
    """Proof of a course; ``expires_on`` is the last day on which it is good."""

    course: str
    passed_on: date
    expires_on: date
    revoked_at: datetime | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it counts on ``day``; a certificate passed later does not date back."""
        revoked = self.revoked_at is not None and self.revoked_at.date() <= day
        return self.passed_on <= day <= self.expires_on and not revoked


@dataclass(frozen=True)
class Actor:
    """The person behind a request, as the database knows them at this moment.

    ``purpose`` and ``case_id`` come from X-Purpose and X-Case. Separation of duties is by
    ``person_id``, never by account. ``recused_from``: ids of matters in which they take no further part.
    """

    account_id: uuid.UUID
    person_id: uuid.UUID
    name: str
    session_id: uuid.UUID | None = None
    device_id: uuid.UUID | None = None
    grants: tuple[Grant, ...] = ()
    post_ids: frozenset[uuid.UUID] = frozenset()
    certificates: tuple[Certificate, ...] = ()
    recused_from: frozenset[uuid.UUID] = frozenset()
    language: str = "en"
    timezone: str = "UTC"
    purpose: str | None = None
    case_id: uuid.UUID | None = None
    request_id: uuid.UUID | None = field(default=None, compare=False)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def units(self, role: str) -> tuple[uuid.UUID, ...]:
        """The units in which this person holds ``role``."""
        return tuple(grant.unit_id for grant in self.grants if grant.role == role)

    def certified(self, course: str, day: date) -> bool:
        """Whether a certificate of ``course`` is good on ``day``."""
        return any(c.course == course and c.valid_on(day) for c in self.certificates)

    def reading_for(self, purpose: str | None, case_id: uuid.UUID | None) -> Actor:
        """The same person with another stated purpose."""
        return replace(self, purpose=purpose, case_id=case_id)


SYSTEM_ID = uuid.UUID("00000000-0000-4000-8000-000000000001")
# The product itself: the worker's deadlines and the moves that follow from others' steps.
SYSTEM = Actor(account_id=SYSTEM_ID, person_id=SYSTEM_ID, name="system")
PUBLIC_ID = uuid.UUID("00000000-0000-4000-8000-000000000002")
# Whoever calls without an account: nothing is known of them, and nothing is kept.
PUBLIC = Actor(account_id=PUBLIC_ID, person_id=PUBLIC_ID, name="public")
