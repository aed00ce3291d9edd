"""What the system can do with emergencies.

Other rooms of the community side open one in the commit of their report: ``service.open``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.access.terms import View
from community_api.audit.terms import Action
from community_api.community.emergencies import call_duties, paging, queries, rules
from community_api.community.emergencies.models import Emergency, EmergencyEntry
from community_api.community.emergencies.presenters import (
    ShownEmergency,
    ShownEntry,
    list_items,
    opened,
    opened_entry,
)
from community_api.community.emergencies.terms import (
    ENTRY_KIND,
    ENTRY_LABEL,
    KIND,
    Act,
    State,
)
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.units import posts
from community_api.units.terms import Role

open = paging.open_emergency  # noqa: A001 - what one does with an emergency
PERMISSIONS = {
    Act.ACKNOWLEDGEMENT: Permission.EMERGENCY_ACKNOWLEDGE,
    Act.ACTION: Permission.EMERGENCY_ACT,
    Act.JUSTIFICATION: Permission.EMERGENCY_JUSTIFY,
    Act.STAND_DOWN: Permission.EMERGENCY_STAND_DOWN,
}


@dataclass(frozen=True)
class Done:
    """An act and the emergency as it stands after it."""

    entry: ShownEntry
    emergency: Emergency


def list_emergencies(
    uow: UnitOfWork,
    actor: Actor,
    *,
    state: str | None,
    gathered_with: uuid.UUID | None = None,
    wanted: PageWanted,
) -> Page:
    """Emergencies that the caller may list, newest first, without words.

    ``state`` None: all; ``gathered_with`` an emergency: only those that share its call.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.EMERGENCY_LIST)
        found = page(
            tx,
            queries.visible(sight, state=state, gathered_with=gathered_with),
            order=[Emergency.opened_at, Emergency.id],
            newest_first=True,
            wanted=wanted,
            scope=f"emergencies:{actor.account_id}:{state}:{gathered_with}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.EMERGENCY_LIST, KIND, None, seen=ids)
        return Page(list_items(tx, found.items), found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, emergency_id: uuid.UUID) -> ShownEmergency:
    """One emergency, to managers without content; raises DomainError ``not_found``, ``purpose_required``."""
    with uow() as tx:
        row = tx.get(Emergency, emergency_id)
        decision = access.require(
            tx, actor, Permission.EMERGENCY_READ, _target_of(tx, row), object_id=emergency_id
        )
        if row is None:
            raise DomainError("not_found")
        shown = list_items(tx, [row])[0] if decision.view is View.METADATA else opened(tx, actor, row)
        audit.record(
            tx, actor, Action.CONSULT, Permission.EMERGENCY_READ, KIND, row.id,
            version=row.version, seen=[row.id, *(one.id for one in shown.gathered or () if one is not row)],
        )  # fmt: skip
        return shown


def do(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    emergency_id: uuid.UUID,
    act: Act,
    body: Mapping[str, Any],
) -> Done:
    """Acknowledge, act, account for it or stand down; ``body`` are the words of the act.

    Raises DomainError ``not_found``, ``role_not_allowed``, and what ``rules.next_state`` raises.
    """
    with uow(command) as tx:
        row = tx.get(Emergency, emergency_id)
        decision = access.require(tx, actor, PERMISSIONS[act], _target_of(tx, row), object_id=emergency_id)
        if row is None or decision.via is None:
            raise DomainError("not_found")
        if act is Act.JUSTIFICATION:
            must_be_graded(tx, row, body)
        before = State(row.state)
        state = rules.next_state(before, act, justified=row.justified_at is not None)
        post_id = posts.establish(tx, Role.DUTY_COMMANDER, decision.via.unit_id)
        if act is Act.JUSTIFICATION:
            call_duties.accounted_for(tx, [row])
        if before is State.PAGING:
            call_duties.take_over(tx, [row], post_id)
        tx.update_row(row, state=state.value, **({"stood_down_at": tx.now} if act is Act.STAND_DOWN else {}))
        if act is Act.ACTION and row.read_at is None:
            tx.update_row(row, read_at=tx.now)
        entry = _enter(tx, actor, row, entry_id=command.record_id, post_id=post_id, act=act, body=body)
        audit.record(
            tx, actor, Action.DISCLOSE if body.get("told") else Action.ALTER, PERMISSIONS[act], ENTRY_KIND,
            entry.id, version=row.version, from_state=before.value, to_state=row.state,
            payload=_words(body) or None,
        )  # fmt: skip
        return Done(ShownEntry(entry, str(posts.name_of(tx, post_id)), _words(body)), row)


def read_entry(uow: UnitOfWork, actor: Actor, emergency_id: uuid.UUID, entry_id: uuid.UUID) -> Done:
    """What an act has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row, entry = tx.get(Emergency, emergency_id), tx.get(EmergencyEntry, entry_id)
        if row is None or entry is None or entry.person_id != actor.person_id:
            raise DomainError("not_found")
        access.require(tx, actor, PERMISSIONS[Act(entry.act)], _target_of(tx, row), object_id=emergency_id)
        return Done(opened_entry(tx, entry), row)


def told_to(tx: Transaction, subject_id: uuid.UUID) -> tuple[Address, ...]:
    """The commanders who were called about a report and so may read it; nobody where there is no danger."""
    row = queries.about(tx, subject_id)
    return () if row is None else paging.addresses(tx, row)


def of(tx: Transaction, subject_id: uuid.UUID) -> Emergency | None:
    """The emergency of a report; None: it told of no danger."""
    return queries.about(tx, subject_id)


def note_reading(tx: Transaction, subject_id: uuid.UUID) -> None:
    """Note that somebody on the staff reads the report of an emergency, the first time."""
    unread = {"subject_id": subject_id, "read_at": None}
    tx.update_where(Emergency, unread, {"read_at": tx.now}, expect=None)


def is_acknowledged(tx: Transaction, subject_id: uuid.UUID) -> bool:
    """Whether a commander has taken note of the danger that a report told of."""
    row = queries.about(tx, subject_id)
    return row is not None and row.acknowledged_at is not None


def must_be_graded(tx: Transaction, row: Emergency, body: Mapping[str, Any]) -> None:
    """The account grades both sides, where the procedure wants it; else ``validation_failed``."""
    if call_duties.rules_under(procedures.governing(tx, row)).graded:
        lacking = [name for name in ("source_grade", "information_grade") if body.get(name) is None]
        if lacking:
            raise DomainError(
                "validation_failed", errors=[FieldError(f"/{one}", "required", {}) for one in lacking]
            )


def _target_of(tx: Transaction, row: Emergency | None) -> Target:
    if row is None:
        return Target.absent(KIND)
    return Target(KIND, unit_id=row.unit_id, addressed=paging.addresses(tx, row))


def _enter(
    tx: Transaction,
    actor: Actor,
    row: Emergency,
    *,
    entry_id: uuid.UUID,
    post_id: uuid.UUID,
    act: Act,
    body: Mapping[str, Any],
) -> EmergencyEntry:
    words = _words(body)
    return tx.add(
        EmergencyEntry(
            id=entry_id,
            emergency_id=row.id,
            act=act.value,
            person_id=actor.person_id,
            post_id=post_id,
            entered_at=tx.now,
            retention_class=row.retention_class,
            review_on=review_on(row.retention_class, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, entry_id, ENTRY_LABEL, words) if words else None,
        )
    )


def _words(body: Mapping[str, Any]) -> dict[str, Any]:
    """What is sealed: texts as they are, times as text."""
    words = {name: value for name, value in body.items() if value is not None}
    if "told" in words:
        words["told"] = [{"who": one["who"], "when": one["when"].isoformat()} for one in words["told"]]
    return words
