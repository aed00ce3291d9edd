"""What the system can do with community priorities: agree on one, list, read, take one back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.community.priorities import queries, rules
from community_api.community.priorities.models import Priority
from community_api.community.priorities.terms import KIND, RETENTION, SEALED_LABEL, State, With
from community_api.community.problems import service as problems
from community_api.community.shared import teams
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.units.directory import tree
from community_api.units.terms import Level
from community_api.wording import list_titles


@dataclass(frozen=True)
class ShownPriority:
    """A priority; ``document`` None in lists, which carry no narrative."""

    row: Priority
    unit: str
    document: Mapping[str, Any] | None = None

    @property
    def state(self) -> State:
        return State.AGREED if self.row.withdrawn_at is None else State.WITHDRAWN


def agree(uow: UnitOfWork, actor: Actor, command: Command, *, body: Mapping[str, Any]) -> ShownPriority:
    """Keep what was agreed for a month. ``body``: month, title, list_title, text, agreed_with, problem, unit.

    Raises DomainError ``role_not_allowed``, ``priorities_full``, ``not_found`` for a problem that the caller
    may not work on; ``validation_failed``.
    """
    with uow(command) as tx:
        unit_id = teams.team_of(tx, actor, body.get("unit"))
        access.require(tx, actor, Permission.PRIORITY_AGREE, Target(KIND, unit_id=unit_id))
        if unit_id is None:
            raise invalid("/unit", "required")
        team = tree(tx)[unit_id]
        rules.check_month(body["month"], tx.now.astimezone(ZoneInfo(team.timezone)).date())
        document = {"title": body["title"], "text": body["text"], "agreed_with": _agreed_with(tx, body)}
        wanted = body.get("list_title")
        row = tx.add(
            Priority(
                id=command.record_id,
                unit_id=unit_id,
                month=body["month"],
                place=rules.free_place(queries.places_taken(tx, unit_id, body["month"])),
                list_title=wanted if wanted is not None and list_titles.fits(wanted) else None,
                problem_id=_problem(tx, actor, unit_id, body.get("problem")),
                agreed_by_id=actor.person_id,
                agreed_at=tx.now,
                retention_class=RETENTION,
                review_on=review_on(RETENTION, tx.now.date()),
                sealed=tx.sealer.seal_new(tx, command.record_id, SEALED_LABEL, document),
            )
        )
        audit.record(
            tx, actor, Action.COLLECT, Permission.PRIORITY_AGREE, KIND, row.id,
            version=row.version, to_state=State.AGREED, payload=document,
        )  # fmt: skip
        return ShownPriority(row, team.name, document)


def withdraw(
    uow: UnitOfWork, actor: Actor, command: Command, *, priority_id: uuid.UUID, reason: str
) -> ShownPriority:
    """Take back what was agreed, before its time is over. Raises ``not_found``, ``already_withdrawn``."""
    with uow(command) as tx:
        row = _find(tx, actor, priority_id, Permission.PRIORITY_WITHDRAW)
        if row.withdrawn_at is not None:
            raise DomainError("already_withdrawn")
        tx.update_row(row, withdrawn_at=tx.now)
        audit.record(
            tx, actor, Action.ALTER, Permission.PRIORITY_WITHDRAW, KIND, row.id,
            version=row.version, from_state=State.AGREED, to_state=State.WITHDRAWN,
            payload={"reason": reason},
        )  # fmt: skip
        return _opened(tx, row)


def read(uow: UnitOfWork, actor: Actor, priority_id: uuid.UUID) -> ShownPriority:
    """One priority with its words; raises DomainError ``not_found``, ``erased``."""
    with uow() as tx:
        row = _find(tx, actor, priority_id, Permission.PRIORITY_READ)
        audit.record(
            tx, actor, Action.CONSULT, Permission.PRIORITY_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return _opened(tx, row)


def list_priorities(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Priorities in sight, the newest month first. ``filters``: unit, month."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.PRIORITY_LIST)
        units = tree(tx)
        named = units.named(filters["unit"]) if filters.get("unit") else None
        below = units.same_or_below(named.id) if named is not None else frozenset()
        found = page(
            tx,
            queries.visible(sight, filters.get("month"), below if filters.get("unit") else None),
            order=[Priority.month, Priority.id],
            newest_first=True,
            wanted=wanted,
            scope=f"priorities:{actor.account_id}:{sorted(filters.items())}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.PRIORITY_LIST, KIND, None, seen=ids)
        return Page(
            [ShownPriority(row, units.name_of(row.unit_id)) for row in found.items], found.next_cursor
        )


def _find(tx: Transaction, actor: Actor, priority_id: uuid.UUID, permission: Permission) -> Priority:
    row = tx.get(Priority, priority_id)
    target = Target.absent(KIND) if row is None else Target(KIND, unit_id=row.unit_id)
    access.require(tx, actor, permission, target, object_id=priority_id)
    if row is None:
        raise DomainError("not_found")
    if row.erased_at is not None:
        raise DomainError("erased")
    return row


def _opened(tx: Transaction, row: Priority) -> ShownPriority:
    document: Mapping[str, Any] = {}
    if row.sealed is not None:
        document = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    return ShownPriority(row, tree(tx).name_of(row.unit_id), document)


def _agreed_with(tx: Transaction, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """With whom, as it is kept; a body outside is named by its unit as well, if it has one here."""
    kept = []
    for index, one in enumerate(body["agreed_with"]):
        unit = tree(tx).named(one["unit"]) if one.get("unit") else None
        if one.get("unit") and (unit is None or unit.level is not Level.EXTERNAL):
            raise invalid(f"/agreed_with/{index}/unit", "not_one_of")
        if unit is not None and one["kind"] != With.PARTNER:
            raise invalid(f"/agreed_with/{index}/unit", "not_needed")
        kept.append(
            {"kind": str(one["kind"]), "name": one["name"], "unit": None if unit is None else unit.name}
        )
    return kept


def _problem(
    tx: Transaction, actor: Actor, unit_id: uuid.UUID, problem_id: uuid.UUID | None
) -> uuid.UUID | None:
    """The problem that is agreed upon: one of the same team that is being worked on."""
    if problem_id is None:
        return None
    row = problems.find(tx, actor, problem_id, Permission.PROBLEM_ADD_ENTRY)
    problems.must_be_open(row)
    if row.unit_id != unit_id:
        raise invalid("/problem", "not_one_of")
    return row.id
