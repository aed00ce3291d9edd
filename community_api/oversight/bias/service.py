"""Asking whether it is bias, and saying what was found."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.ids import new_id
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.intelligence.flags import flag_figures as flags
from community_api.oversight.bias import queries, rules
from community_api.oversight.bias.models import BiasReview
from community_api.oversight.bias.terms import (
    CLOSING_KIND,
    DUE,
    DUTY,
    KIND,
    LABEL,
    RETENTION,
    WINDOW,
    State,
)
from community_api.procedure_engine.engine.clocks import deadline
from community_api.procedure_engine.pack.pack_national import STATISTICS
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.rules import UnitTree
from community_api.units.terms import Level, Role

# Teams first: what is unusual in a team is told of the team.
_LEVELS: Final = (Level.COMMUNITY, Level.LOCAL)


@dataclass(frozen=True)
class ShownReview:
    """A review; ``reason``: what was found, in words; None: it is open, or not opened here."""

    row: BiasReview
    unit: str
    reason: str | None = None


def look(uow: UnitOfWork) -> int:
    """Ask for a review of every place with an unusual share of flags; how many (the worker calls this).

    A place that is being reviewed, or was within the window, is left in peace. Whole days are looked at, so
    that nobody's single report can be seen to arrive.
    """
    with uow() as tx:
        pack = procedures.in_force(tx)
        rule = (pack.statistics if pack is not None else None) or STATISTICS
        until = datetime.combine(tx.now.date(), time(), tx.now.tzinfo)
        since = until - WINDOW
        units, done = tree(tx), queries.looked_at(tx, since)
        acts = flags.acts(tx, since, until)
        raised = {unit_id: number for (unit_id, word), number in acts.items() if word == "raised"}
        received = queries.received(tx, since, until)
        found = [
            one for one in rules.unusual(_places(units), received, raised, rule) if one.unit_id not in done
        ]
        for one in found:
            ask(tx, one, since, until)
        return len(found)


def list_reviews(uow: UnitOfWork, actor: Actor, *, state: str | None, wanted: PageWanted) -> Page:
    """Reviews, newest first, without words. ``state`` None: all."""
    with uow() as tx:
        access.require_list(tx, actor, Permission.BIAS_REVIEW_LIST)
        found = page(
            tx,
            queries.reviews(state),
            order=[BiasReview.raised_at, BiasReview.id],
            newest_first=True,
            wanted=wanted,
            scope=f"bias_reviews:{actor.account_id}:{state}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.BIAS_REVIEW_LIST, KIND, None, seen=ids)
        units = tree(tx)
        return Page([ShownReview(row, units.name_of(row.unit_id)) for row in found.items], found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, review_id: uuid.UUID) -> ShownReview:
    """One review with what was found; raises DomainError ``not_found``."""
    with uow() as tx:
        row = _find(tx, actor, review_id, Permission.BIAS_REVIEW_READ)
        audit.record(
            tx, actor, Action.CONSULT, Permission.BIAS_REVIEW_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return _opened(tx, row)


def close(
    uow: UnitOfWork, actor: Actor, command: Command, *, review_id: uuid.UUID, finding: str, reason: str
) -> ShownReview:
    """Say what was behind it. Raises DomainError ``not_found``, ``already_closed``."""
    with uow(command) as tx:
        row = _find(tx, actor, review_id, Permission.BIAS_REVIEW_CLOSE)
        if row.state == State.CLOSED:
            raise DomainError("already_closed")
        tx.update_row(
            row,
            state=State.CLOSED.value,
            closed_at=tx.now,
            closed_by=actor.person_id,
            closing_id=command.record_id,
            finding=finding,
            sealed=tx.sealer.seal_new(tx, row.id, LABEL, {"reason": reason}),
        )
        duties.discharge_all(tx, subject_id=row.id)
        audit.record(
            tx, actor, Action.ALTER, Permission.BIAS_REVIEW_CLOSE, CLOSING_KIND, command.record_id,
            version=row.version, from_state=State.OPEN.value, to_state=row.state, outcome=finding,
            payload={"reason": reason}, payload_owner=row.id,
        )  # fmt: skip
        return ShownReview(row, tree(tx).name_of(row.unit_id), reason)


def read_closing(uow: UnitOfWork, actor: Actor, review_id: uuid.UUID, closing_id: uuid.UUID) -> ShownReview:
    """What a closing has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = _find(tx, actor, review_id, Permission.BIAS_REVIEW_CLOSE)
        if (row.closing_id, row.closed_by) != (closing_id, actor.person_id):
            raise DomainError("not_found")
        return _opened(tx, row)


def _places(units: UnitTree) -> list[tuple[UUID, list[UUID]]]:
    return [
        (unit_id, sorted(units.same_or_below(unit_id)))
        for level in _LEVELS
        for unit_id in sorted(one.id for one in units.at_level(level))
    ]


def ask(tx: Transaction, finding: rules.Unusual, since: datetime, until: datetime) -> BiasReview:
    """Buffer a review of a place, which the data protection officer of the nation owes."""
    units = tree(tx)
    nation = units.at_level(Level.NATIONAL)[0].id
    row = tx.add(
        BiasReview(
            id=new_id(),
            unit_id=finding.unit_id,
            since=since,
            until=until,
            reports=finding.reports,
            flags=finding.flags,
            percent=finding.percent,
            state=State.OPEN.value,
            raised_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
        )
    )
    duties.owe(
        tx,
        kind=DUTY,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role.DPO, nation),
        due_at=deadline(DUE, tx.now, calendar_of(tx, nation)),
        new_subject=True,
    )
    audit.record(
        tx, SYSTEM, Action.COMBINE, Permission.BIAS_REVIEW_READ, KIND, row.id,
        version=1, to_state=row.state, outcome="unusual_share",
    )  # fmt: skip
    return row


def _find(tx: Transaction, actor: Actor, review_id: uuid.UUID, permission: Permission) -> BiasReview:
    row = tx.get(BiasReview, review_id)
    target = Target.absent(KIND) if row is None else Target(KIND, unit_id=row.unit_id)
    access.require(tx, actor, permission, target, object_id=review_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _opened(tx: Transaction, row: BiasReview) -> ShownReview:
    unit = tree(tx).name_of(row.unit_id)
    if row.sealed is None:
        return ShownReview(row, unit)
    words = tx.sealer.open(tx, row.id, LABEL, row.text_version, row.sealed)
    return ShownReview(row, unit, words["reason"])
