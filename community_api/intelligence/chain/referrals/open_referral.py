"""How cases come into being: by a confirmed flag, or by a dissemination that arrives."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id, reference
from community_api.intelligence.chain.referrals.models import Referral, ReferralActor
from community_api.intelligence.chain.referrals.terms import KIND, OVERDUE, SEALED_LABEL
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import Opening
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import Entry
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


def open_for_flag(
    tx: Transaction,
    *,
    flag_id: uuid.UUID,
    unit_id: uuid.UUID,
    pack: Pack,
    minimum: Mapping[str, Any],
    acts: Mapping[str, Sequence[uuid.UUID]],
    urgent: bool,
    child: bool,
    matter_alias: uuid.UUID,
) -> str:
    """Open the case of a confirmed flag at its local unit with a copy of the minimum; its reference."""
    categories = frozenset(one["category"] for one in minimum.get("subjects", ()))
    first = _First(urgent, child, categories)
    opening = _opening(tx, pack, Entry.FLAG, unit_id, first)
    referral_id = new_id()
    row = _build(tx, referral_id, unit_id, pack, opening, matter_alias)
    row.flag_id = flag_id
    row.sealed = tx.sealer.seal_new(tx, referral_id, SEALED_LABEL, dict(minimum))
    tx.add(row)
    for act, person_ids in acts.items():
        for person_id in person_ids:
            tx.add(ReferralActor(id=new_id(), referral_id=row.id, act=str(act), person_id=person_id))
    _owe(tx, row, opening)
    return row.reference


def open_for_recipient(
    tx: Transaction, *, parent: Referral, unit_id: uuid.UUID, pack: Pack, report_id: uuid.UUID
) -> Referral:
    """Open the case of a unit that a report is sent to; it shows the report and nothing of the parent's."""
    first = _First(parent.urgent, parent.child, frozenset(parent.subject_categories))
    opening = _opening(tx, pack, Entry.DISSEMINATION, unit_id, first)
    row = _build(tx, new_id(), unit_id, pack, opening, parent.matter_alias)
    row.parent_id = parent.id
    row.report_id = report_id
    tx.add(row)
    _owe(tx, row, opening)
    return row


def reference_of(tx: Transaction, flag_id: uuid.UUID) -> str | None:
    """The reference of the case that a flag opened; None when it opened none."""
    found: str | None = tx.first(select(Referral.reference).where(Referral.flag_id == flag_id))
    return found


@dataclass(frozen=True)
class _First:
    """What is known of a case before its first stage."""

    urgent: bool
    child: bool
    categories: frozenset[str]


def _opening(tx: Transaction, pack: Pack, entry: Entry, unit_id: uuid.UUID, first: _First) -> Opening:
    level = tree(tx).level(unit_id).value
    return engine.open_case(pack, entry, level, tx.now, calendar_of(tx, unit_id), **vars(first))


def _build(
    tx: Transaction,
    referral_id: uuid.UUID,
    unit_id: uuid.UUID,
    pack: Pack,
    opening: Opening,
    matter_alias: uuid.UUID,
) -> Referral:
    units = tree(tx)
    return Referral(
        id=referral_id,
        reference=reference(f"{units.name_of(unit_id)}-R"),
        unit_id=unit_id,
        level=opening.case.level,
        matter_alias=matter_alias,
        procedure_name=pack.name,
        procedure_version=pack.version,
        procedure_hash=pack.hash,
        stage=opening.case.stage,
        phase=opening.phase.value,
        urgent=opening.case.urgent,
        child=opening.case.child,
        marks=sorted(opening.case.marks),
        subject_categories=sorted(opening.case.categories),
        owner_post_id=posts.establish(tx, Role(opening.duty.role), unit_id),
        due_at=opening.case.due_at,
        queue_at=opening.case.due_at,
        opened_at=tx.now,
        entered_at=tx.now,
        pauses=[],
        retention_class=opening.retention.code,
        review_on=opening.retention.review_on,
    )


def _owe(tx: Transaction, row: Referral, opening: Opening) -> None:
    if row.owner_post_id is None or row.due_at is None:
        raise ValueError("a case that begins has an owner and a deadline")
    duties.owe(
        tx,
        kind=opening.duty.kind,
        title=opening.duty.title,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=row.owner_post_id,
        due_at=row.due_at,
        warn_at=opening.duty.warn_at,
    )
    outbox.schedule(tx, OVERDUE, row.id, row.due_at)
    tx.changed(KIND, row.id, 1, row.unit_id)
    audit.record(
        tx, SYSTEM, Action.COLLECT, Permission.REFERRAL_STEP, KIND, row.id,
        version=1, to_state=row.stage, procedure_hash=row.procedure_hash,
    )  # fmt: skip
