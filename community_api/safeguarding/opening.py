"""Opening a record: in the commit of whoever found that somebody may need support."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from community_api import audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Address
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id, reference
from community_api.core.retention import review_on
from community_api.safeguarding import queries, rules
from community_api.safeguarding.models import SafeguardingRecord
from community_api.safeguarding.terms import (
    KIND,
    RECORD_LABEL,
    RETENTION,
    RETENTION_CHILD,
    DutyKind,
    State,
)
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def open_record(
    tx: Transaction,
    *,
    unit_id: uuid.UUID,
    child: bool,
    need: str | None = None,
    safety: str | None = None,
    subject: tuple[str, uuid.UUID] | None = None,
    exception: Mapping[str, str] | None = None,
    must_stay: bool = False,
) -> SafeguardingRecord:
    """Open a record at the local unit of ``unit_id`` in the caller's commit; its lead owes a look.

    ``need`` and ``safety`` are the minimum in words, None where nobody has said. ``subject`` is kind and
    id of the report that a desk passed on; the intelligence side hands down none. ``exception``: code and
    reason by which it was passed on although its teller forbade it, so that the lead sees neither report nor
    teller; None: nobody did. ``must_stay``: it came so by the chain, which hands down no report. The caller
    has recorded its own leaf: the first of a commit is its receipt.
    """
    home = _home(tx, unit_id)
    retention = RETENTION_CHILD if child else RETENTION
    record_id = new_id()
    words = {"need": need, "safety": safety} | ({} if exception is None else {"exception": dict(exception)})
    row = SafeguardingRecord(
        id=record_id,
        reference=reference(f"{tree(tx).name_of(home)}-S"),
        unit_id=home,
        subject_kind=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        child=child,
        kept_apart=exception is not None or must_stay,
        state=State.OPEN.value,
        opened_at=tx.now,
        retention_class=retention,
        review_on=review_on(retention, tx.now.date()),
        sealed=tx.sealer.seal_new(tx, record_id, RECORD_LABEL, words),
    )
    nation = rules.nation_of(procedures.govern(tx, row))
    row.due_at = rules.due(
        tx.now, nation, child=child, zone=tree(tx)[home].timezone, calendar=calendar_of(tx, home)
    )
    tx.add(row)
    duties.owe(
        tx,
        kind=DutyKind.RECORD,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role.SAFEGUARDING_LEAD, home),
        due_at=row.due_at,
        new_subject=True,
    )
    audit.record(
        tx, SYSTEM, Action.COLLECT, Permission.SAFEGUARDING_RECORD_READ, KIND, row.id,
        version=1, to_state=row.state,
    )  # fmt: skip
    return row


def lead_of(tx: Transaction, subject_id: uuid.UUID) -> tuple[Address, ...]:
    """The lead who may read a report because it was passed on to them; nobody where it was not."""
    row = queries.about(tx, subject_id)
    return () if row is None else (Address(role=Role.SAFEGUARDING_LEAD, unit_id=row.unit_id),)


def subjects_passed_to(unit_ids: Sequence[Any]) -> Select[uuid.UUID | None]:
    """The reports that were passed on to the leads of these units; ids, or parameters for them."""
    there = SafeguardingRecord.unit_id.in_(unit_ids), SafeguardingRecord.subject_id.is_not(None)
    return select(SafeguardingRecord.subject_id).where(*there)


def _home(tx: Transaction, unit_id: uuid.UUID) -> uuid.UUID:
    units = tree(tx)
    local = units.local_unit_of(unit_id)
    return local.id if local is not None else units.at_level(Level.NATIONAL)[0].id
