"""The valve: the one function through which the minimum leaves the community side (R32).

It opens by a person's hand only: a flag on one record, confirmed by a second person. The valve's
table is the only one that knows which flag belongs to which report; the intelligence store has no key
of a community row, and nothing reads the community side from there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from sqlalchemy import select

from community_api import feedback
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.community.concerns import service as concerns
from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.observations import service as observations
from community_api.community.observations.models import Observation
from community_api.community.observations.terms import KIND, Status
from community_api.community.shared.models import Link
from community_api.community.valve import children, history, minimum
from community_api.community.valve.children import ChildSigns
from community_api.community.valve.models import FlagLink
from community_api.community.wishes import service as wishes
from community_api.community.wishes.terms import Way
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.units.directory import tree

report_by_flag: Final = history.report_by_flag
PUBLIC_KIND: Final = CONCERN
REPORT_KINDS: Final = (KIND, CONCERN)
MODELS: Final[Mapping[str, type[Observation | Concern]]] = {KIND: Observation, CONCERN: Concern}


@dataclass(frozen=True)
class Report:
    """What a flag may know of the report it stands on; ``matter_id`` is for feedback alone.

    ``author_id`` None: somebody without an account told it, and nobody knows who. ``excepted``: a flag is
    raised against its teller's wish.
    """

    kind: str
    id: uuid.UUID
    reference: str
    unit_id: uuid.UUID
    matter_id: uuid.UUID
    occurred_at: datetime
    received_at: datetime
    author_id: uuid.UUID | None
    contributor_ids: frozenset[uuid.UUID]
    version: int
    excepted: bool = False


def approach(
    tx: Transaction, actor: Actor, report_kind: str, report_id: uuid.UUID, values: Mapping[str, Any]
) -> Report:
    """The report on which somebody wants to raise a flag. ``values``: exception, exception_reason.

    Raises DomainError ``not_found``, ``training_required``, ``erased``, ``already_withdrawn``, ``flag_open``;
    ``flag_refused_before`` where nothing was added since; ``not_to_be_passed_on`` where its teller said so
    and no exception holds.
    """
    find = concerns.find if report_kind == CONCERN else observations.find
    row = find(tx, actor, report_id, Permission.FLAG_RAISE)
    if row.erased_at is not None:
        raise DomainError("erased")
    if row.status == Status.WITHDRAWN:
        raise DomainError("already_withdrawn")
    excepted = wishes.check(tx, row, (Way.FLAG,), values)
    in_place = waiting(tx, report_kind, report_id)
    if in_place is not None:
        raise DomainError("already_withdrawn" if in_place == report_id else "flag_open")
    if history.was_refused(tx, report_kind, report_id):
        raise DomainError("flag_refused_before")
    return _report(tx, row, excepted=excepted)


def hold(tx: Transaction, flag_id: uuid.UUID, report: Report) -> None:
    """A flag now waits at the valve; Stale when the report changed since it was approached.

    The guard keeps a flag from being raised on a report that is being withdrawn at the same moment.
    """
    guard = {"id": report.id, "version": report.version}
    tx.update_where(MODELS[report.kind], guard, {"version": report.version})
    tx.add(FlagLink(id=flag_id, report_kind=report.kind, report_id=report.id, opened_at=tx.now))


def report_of(tx: Transaction, flag_id: uuid.UUID) -> Report:
    """The report that a flag stands on."""
    passage = _passage(tx, flag_id)
    return report_behind(tx, passage.report_kind, passage.report_id)


def report_behind(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> Report:
    """A report that the caller has already been judged by; KeyError when there is none."""
    row = tx.get(MODELS[report_kind], report_id) if report_kind in REPORT_KINDS else None
    if row is None:
        raise KeyError(report_id)
    return _report(tx, row)


def signs_of_child(tx: Transaction, report: Report) -> ChildSigns:
    """Whether a report speaks of a child; nothing else of its words is told."""
    row = tx.get(MODELS[report.kind], report.id)
    return ChildSigns(child=False, youth=False) if row is None else children.signs_of_child(tx, row)


def target_of(report: Report) -> Target:
    """What policy needs to know of the report behind a flag."""
    if report.kind == CONCERN:
        return Target(CONCERN, unit_id=report.unit_id)
    return Target(KIND, unit_id=report.unit_id, owner=report.author_id)


def waiting(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> uuid.UUID | None:
    """The flag that waits on a report, None when there is none; the report's own id once it was withdrawn."""
    found: uuid.UUID | None = tx.first(
        select(FlagLink.id).where(
            FlagLink.report_kind == report_kind, FlagLink.report_id == report_id, FlagLink.ended_at.is_(None)
        )
    )
    return found


def flags_around(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> list[uuid.UUID]:
    """Ids of the flags that stand on a report and on all that are linked with it, those that ended too."""
    ids = [report for _kind, report in _linked(tx, report_kind, report_id)]
    # A withdrawn report holds its own place at the valve; that is no flag.
    return tx.all(select(FlagLink.id).where(FlagLink.report_id.in_(ids), FlagLink.id != FlagLink.report_id))


def linked_that_must_stay(tx: Transaction, report: Report) -> list[Target]:
    """Reports linked with this one whose tellers forbade to pass them on, as policy needs to know them."""
    ids = [other for kind, other in _linked(tx, report.kind, report.id) if kind == CONCERN]
    rows = tx.all(select(Concern).where(Concern.id.in_(ids), Concern.id != report.id))
    return [Target(CONCERN, unit_id=row.unit_id) for row in rows if wishes.forbids(row)]


def _linked(tx: Transaction, report_kind: str, report_id: uuid.UUID) -> set[tuple[str, uuid.UUID]]:
    """A report and all that are linked with it, directly or through others."""
    reports, waiting_for = {(report_kind, report_id)}, [(report_kind, report_id)]
    while waiting_for:
        _kind, current = waiting_for.pop()
        for link in tx.all(
            select(Link).where((Link.a_id == current) | (Link.b_id == current), Link.ended_at.is_(None))
        ):
            for end in ((link.a_kind, link.a_id), (link.b_kind, link.b_id)):
                if end not in reports:
                    reports.add(end)
                    waiting_for.append(end)
    return reports


def flags_at_ends(tx: Transaction, link_id: uuid.UUID) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The flags around either end of a link, which are the same ones while the ends belong together."""
    link = tx.get(Link, link_id)
    if link is None:
        return [], []
    return flags_around(tx, link.a_kind, link.a_id), flags_around(tx, link.b_kind, link.b_id)


def let_through(tx: Transaction, flag_id: uuid.UUID, *, under_exception: bool) -> Mapping[str, Any]:
    """Open the valve for a confirmed flag: the minimum, once (`minimum.minimum_of`).

    ``under_exception``: the flag was raised against its teller's wish, by an exception. Raises DomainError
    ``erased``; ``already_withdrawn`` or ``not_to_be_passed_on`` where a member of the public said so since.
    """
    passage = _passage(tx, flag_id)
    tx.update_row(passage, ended_at=tx.now, passed_at=tx.now)
    row = tx.get(MODELS[passage.report_kind], passage.report_id)
    if row is None or row.sealed is None:
        raise DomainError("erased")
    if isinstance(row, Concern):
        if row.status == Status.WITHDRAWN:
            raise DomainError("already_withdrawn")
        if row.do_not_pass_on and not under_exception:
            raise DomainError("not_to_be_passed_on")
        # Guarded, so that nothing leaves that is taken back or forbidden at the same moment.
        tx.update_where(Concern, {"id": row.id, "version": row.version}, {"version": row.version})
    return minimum.minimum_of(row, tree(tx)[row.unit_id].timezone)


def shut(tx: Transaction, flag_id: uuid.UUID, *, refused: bool = False, at: datetime | None = None) -> None:
    """Close the valve for a flag that ended, ``at`` None now; ``refused``: a second person said no."""
    passage = _passage(tx, flag_id)
    known_then = history.supplements_of(tx, passage.report_kind, passage.report_id) if refused else None
    tx.update_row(passage, ended_at=at or tx.now, supplements_when_refused=known_then)


def withdraw_report(
    tx: Transaction, actor: Actor, report_id: uuid.UUID, *, reason: str
) -> tuple[Observation, uuid.UUID | None]:
    """Buffer the withdrawal of a report by its reporter; the report, and the flag that waited on it.

    Where none waits the report takes the place of one for good, so that of a withdrawal and a flag raised
    at the same moment one is tried again and finds the other. Raises DomainError ``not_found``, or
    ``already_taken_up`` once a flag on it was confirmed.
    """
    row = observations.find(tx, actor, report_id, Permission.OBSERVATION_WITHDRAW)
    if row.erased_at is not None:
        raise DomainError("erased")
    # In this order: a flag that is confirmed meanwhile is seen either waiting or passed.
    flag_id = waiting(tx, KIND, report_id)
    passed = tx.first(
        select(FlagLink.id).where(FlagLink.report_id == report_id, FlagLink.passed_at.is_not(None))
    )
    if passed is not None:
        raise DomainError("already_taken_up")
    observations.withdraw(tx, actor, row, reason=reason)
    if flag_id is None:
        tx.add(FlagLink(id=report_id, report_kind=KIND, report_id=report_id, opened_at=tx.now))
    return row, flag_id


def _passage(tx: Transaction, flag_id: uuid.UUID) -> FlagLink:
    passage = tx.get(FlagLink, flag_id)
    if passage is None:
        raise KeyError(flag_id)
    return passage


def _occurred_at(row: Observation | Concern) -> datetime:
    """When it happened; of a concern the day is known at most."""
    if isinstance(row, Observation):
        return row.occurred_at or row.received_at
    if row.occurred_on is None:
        return row.received_at
    return datetime.combine(row.occurred_on, time(0), UTC)


def _report(tx: Transaction, row: Observation | Concern, *, excepted: bool = False) -> Report:
    by_public = isinstance(row, Concern)
    return Report(
        kind=CONCERN if by_public else KIND,
        id=row.id,
        reference=row.reference,
        unit_id=row.unit_id,
        matter_id=row.matter_id,
        occurred_at=_occurred_at(row),
        received_at=row.received_at,
        author_id=row.taken_by_id if isinstance(row, Concern) else row.reporter_id,
        contributor_ids=frozenset(one.person_id for one in feedback.behind(tx, row.matter_id)),
        version=row.version,
        excepted=excepted,
    )
