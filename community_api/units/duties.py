"""Duties: what posts owe. Features open and discharge them in the commit of what causes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.units import words
from community_api.units.models import Duty


def owe(
    tx: Transaction,
    *,
    kind: str,
    subject_kind: str,
    subject_id: UUID,
    post_id: UUID,
    due_at: datetime,
    warn_at: datetime | None = None,
    title: str | None = None,
    opened_at: datetime | None = None,
    new_subject: bool = False,
) -> Duty:
    """Let a post owe something about a subject until it is discharged.

    Owed already: the open duty comes back as it is, whatever is asked for now. `title`: English, marked for
    translation where it is declared; None takes that of the kind in `duties.yaml` (LookupError if it is not
    there). `warn_at` None: it is never shown as due soon. `opened_at` None is now; what a public request
    causes gives the start of its day instead. `new_subject`: nothing of this kind can be
    owed about it now, mostly because it is made in this very commit, so none is looked for.
    """
    known = None if new_subject else _open(tx, kind, subject_id, post_id)
    if known is not None:
        return known
    duty = Duty(
        id=new_id(),
        kind=kind,
        title=title if title is not None else words.duty_title(kind),
        subject_kind=subject_kind,
        subject_id=subject_id,
        post_id=post_id,
        opened_at=opened_at or tx.now,
        due_at=due_at,
        warn_at=warn_at,
        discharged_at=None,
    )
    tx.add(duty)
    return duty


def discharge(
    tx: Transaction, *, kind: str | tuple[str, ...], subject_id: UUID, post_id: UUID | None = None
) -> None:
    """End the open duties of a kind, or of several, about a subject, of one post or (None) of all.

    None open is no error. Those of earlier commits: what this very commit opens stays open.
    """
    where: dict[str, Any] = {"kind": kind, "subject_id": subject_id, "discharged_at": None}
    if post_id is not None:
        where["post_id"] = post_id
    tx.update_where(Duty, where, {"discharged_at": tx.now}, expect=None)


def discharge_all(tx: Transaction, *, subject_id: UUID, at: datetime | None = None) -> None:
    """End every open duty about a subject: it is over, whatever was still to do.

    ``at`` None is now; what a public request causes gives the start of its day instead.
    """
    ended = {"discharged_at": at or tx.now}
    tx.update_where(Duty, {"subject_id": subject_id, "discharged_at": None}, ended, expect=None)


def move(
    tx: Transaction,
    *,
    kind: str,
    subject_id: UUID,
    due_at: datetime,
    warn_at: datetime | None = None,
    post_id: UUID | None = None,
) -> None:
    """Give the open duties of a kind about a subject another day, of one post or (None) of all.

    None open is no error.
    """
    where: dict[str, Any] = {"kind": kind, "subject_id": subject_id, "discharged_at": None}
    if post_id is not None:
        where["post_id"] = post_id
    tx.update_where(Duty, where, {"due_at": due_at, "warn_at": warn_at}, expect=None)


def _open(tx: Transaction, kind: str, subject_id: UUID, post_id: UUID) -> Duty | None:
    duty: Duty | None = tx.first(
        select(Duty).where(
            Duty.kind == kind,
            Duty.subject_id == subject_id,
            Duty.post_id == post_id,
            Duty.discharged_at.is_(None),
        )
    )
    return duty
