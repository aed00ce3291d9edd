"""The valve: the one function through which the minimum leaves the community side (R32).

It opens by a person's hand only: a flag on one record, confirmed by a second person. The valve's
table is the only one that knows which flag belongs to which report; the intelligence store has no key
of a community row, and nothing reads the community side from there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from community_api import feedback
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.community.observations import service as observations
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND, SEALED_LABEL, Status
from community_api.community.valve.models import Passage
from community_api.core.actor import Actor
from community_api.core.errors import Refused
from community_api.core.uow import Work

REPORT_KINDS: Final = (KIND,)


@dataclass(frozen=True)
class Report:
    """What a flag may know of the report it stands on; ``matter_id`` is for feedback alone."""

    kind: str
    id: uuid.UUID
    reference: str
    unit_id: uuid.UUID
    matter_id: uuid.UUID
    occurred_at: datetime
    received_at: datetime
    author_id: uuid.UUID
    contributor_ids: frozenset[uuid.UUID]
    version: int


def approach(tx: Work, actor: Actor, report_kind: str, report_id: uuid.UUID) -> Report:
    """The report on which somebody wants to raise a flag.

    Raises Refused ``not_found``, ``training_required``, ``erased``, ``already_withdrawn``, ``flag_open``.
    """
    row = observations.find(tx, actor, report_id, Permission.FLAG_RAISE)
    if row.erased_at is not None:
        raise Refused("erased")
    if row.status == Status.WITHDRAWN:
        raise Refused("already_withdrawn")
    in_place = waiting(tx, report_kind, report_id)
    if in_place is not None:
        raise Refused("already_withdrawn" if in_place == report_id else "flag_open")
    return _report(tx, row)


def hold(tx: Work, flag_id: uuid.UUID, report: Report) -> None:
    """A flag now waits at the valve; Stale when the report changed since it was approached.

    The guard keeps a flag from being raised on a report that is being withdrawn at the same moment.
    """
    tx.update(Observation, {"id": report.id, "version": report.version}, {"version": report.version})
    tx.add(Passage(id=flag_id, report_kind=report.kind, report_id=report.id, opened_at=tx.now))


def report_of(tx: Work, flag_id: uuid.UUID) -> Report:
    """The report that a flag stands on."""
    passage = _passage(tx, flag_id)
    row = tx.get(Observation, passage.report_id)
    if row is None:
        raise KeyError(flag_id)
    return _report(tx, row)


def known(tx: Work, report_kind: str, report_id: uuid.UUID) -> Report:
    """A report that the caller has already been judged by; KeyError when there is none."""
    row = tx.get(Observation, report_id) if report_kind in REPORT_KINDS else None
    if row is None:
        raise KeyError(report_id)
    return _report(tx, row)


def target_of(report: Report) -> Target:
    """What policy needs to know of the report behind a flag."""
    return Target(KIND, unit_id=report.unit_id, owner=report.author_id)


def waiting(tx: Work, report_kind: str, report_id: uuid.UUID) -> uuid.UUID | None:
    """The flag that waits on a report, None when there is none; the report's own id once it was withdrawn."""
    found: uuid.UUID | None = tx.one(
        select(Passage.id).where(
            Passage.report_kind == report_kind, Passage.report_id == report_id, Passage.ended_at.is_(None)
        )
    )
    return found


def let_through(tx: Work, flag_id: uuid.UUID) -> Mapping[str, Any]:
    """Open the valve for a confirmed flag: the minimum, once.

    The minimum is when and where it happened. What was seen leaves in the flag's own words; the
    report, its reporter and its reference stay behind.
    """
    passage = _passage(tx, flag_id)
    tx.change(passage, ended_at=tx.now, passed_at=tx.now)
    row = tx.get(Observation, passage.report_id)
    if row is None or row.sealed is None or row.occurred_at is None:
        raise Refused("erased")
    document = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    place = None
    if row.lat is not None:
        place = {
            "lat": row.lat,
            "lon": row.lon,
            "precision": row.precision,
            "description": document.get("place"),
        }
    return {
        "occurred_at": row.occurred_at.isoformat(),
        "place": place,
        "source_relation": row.source_relation,
    }


def shut(tx: Work, flag_id: uuid.UUID) -> None:
    """A flag was refused, withdrawn or lapsed: nothing leaves by it."""
    tx.change(_passage(tx, flag_id), ended_at=tx.now)


def withdraw_report(
    tx: Work, actor: Actor, report_id: uuid.UUID, *, reason: str
) -> tuple[Observation, uuid.UUID | None]:
    """Buffer the withdrawal of a report by its reporter; the report, and the flag that waited on it.

    Where none waits the report takes the place of one for good, so that of a withdrawal and a flag raised
    at the same moment one is tried again and finds the other. Raises Refused ``not_found``, or
    ``already_taken_up`` once a flag on it was confirmed.
    """
    row = observations.find(tx, actor, report_id, Permission.OBSERVATION_WITHDRAW)
    if row.erased_at is not None:
        raise Refused("erased")
    passed = tx.one(select(Passage.id).where(Passage.report_id == report_id, Passage.passed_at.is_not(None)))
    if passed is not None:
        raise Refused("already_taken_up")
    observations.withdraw(tx, actor, row, reason=reason)
    flag_id = waiting(tx, KIND, report_id)
    if flag_id is None:
        tx.add(Passage(id=report_id, report_kind=KIND, report_id=report_id, opened_at=tx.now))
    return row, flag_id


def _passage(tx: Work, flag_id: uuid.UUID) -> Passage:
    passage = tx.get(Passage, flag_id)
    if passage is None:
        raise KeyError(flag_id)
    return passage


def _report(tx: Work, row: Observation) -> Report:
    return Report(
        kind=KIND,
        id=row.id,
        reference=row.reference,
        unit_id=row.unit_id,
        matter_id=row.matter_id,
        occurred_at=row.occurred_at or row.received_at,
        received_at=row.received_at,
        author_id=row.reporter_id,
        contributor_ids=frozenset(one.person_id for one in feedback.behind(tx, row.matter_id)),
        version=row.version,
    )
