"""What the system can do with problems: open, add what was found and done, close, list, read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target
from community_api.audit.terms import Action
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.observations.terms import KIND as OBSERVATION
from community_api.community.problems import partners, queries, rules
from community_api.community.problems.models import (
    Problem,
    ProblemEntry,
    ProblemPartner,
    ProblemReport,
)
from community_api.community.problems.presenters import (
    OpenedEntry,
    OpenedProblem,
    assembled,
    describe,
    is_inside,
    list_item,
    opened_entry,
)
from community_api.community.problems.terms import (
    ENTRY_KIND,
    KIND,
    RETENTION,
    SEALED_LABEL,
    TITLE_LABEL,
    Stage,
    Status,
)
from community_api.community.shared import teams
from community_api.community.triage.report_adapters import KINDS
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.ids import new_id, reference
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.units.directory import tree
from community_api.units.terms import Level, Role
from community_api.wording import list_titles


def open_problem(
    uow: UnitOfWork, actor: Actor, command: Command, *, body: Mapping[str, Any]
) -> OpenedProblem:
    """Open a problem. ``body``: title, list_title, scanning, observations, concerns, partners, unit.

    Raises DomainError ``role_not_allowed``, ``not_found`` for a report that the caller may not attach.
    """
    with uow(command) as tx:
        unit_id = teams.team_of(tx, actor, body.get("unit"))
        access.require(tx, actor, Permission.PROBLEM_OPEN, Target(KIND, unit_id=unit_id))
        if unit_id is None:
            raise invalid("/unit", "required")
        named = reference(tree(tx).name_of(unit_id))
        row = tx.add(
            Problem(
                id=command.record_id,
                reference=named,
                unit_id=unit_id,
                list_title=list_titles.chosen(body.get("list_title"), _neutral(tx, actor, body, named)),
                sealed=tx.sealer.seal_new(tx, command.record_id, TITLE_LABEL, {"title": body["title"]}),
                stage=Stage.SCANNING.value,
                status=Status.OPEN.value,
                opened_by_id=actor.person_id,
                opened_at=tx.now,
                retention_class=RETENTION,
                review_on=review_on(RETENTION, tx.now.date()),
            )
        )
        entry = _write(tx, actor, row, new_id(), {"stage": Stage.SCANNING, "text": body["scanning"], **body})
        reports = _attach(tx, actor, row, body)
        units = _join(tx, row, body)
        note(tx, actor, Permission.PROBLEM_OPEN, entry, row)
        received = [one.received_at for one in reports]
        opened = assembled(tx, row, [entry], units, reports, rules.course(received, tx.now))
        return replace(opened, warnings=partners.warnings(tx, row, reports, units, body))


def add_entry(
    uow: UnitOfWork, actor: Actor, command: Command, *, problem_id: uuid.UUID, body: Mapping[str, Any]
) -> tuple[OpenedEntry, Problem]:
    """Say what was found or done. ``body``: stage, text, partners, observations, concerns.

    Raises DomainError ``not_found``, ``problem_closed``.
    """
    with uow(command) as tx:
        row = find(tx, actor, problem_id, Permission.PROBLEM_ADD_ENTRY)
        must_be_open(row)
        if body.get("partners") and not is_inside(actor):
            raise invalid("/partners", "not_needed")
        entry = _write(tx, actor, row, command.record_id, body)
        reports = _attach(tx, actor, row, body)
        units = _join(tx, row, body)
        tx.update_row(row, stage=body["stage"])
        note(tx, actor, Permission.PROBLEM_ADD_ENTRY, entry, row)
        return replace(entry, warnings=partners.warnings(tx, row, reports, units, body)), row


def close(
    uow: UnitOfWork, actor: Actor, command: Command, *, problem_id: uuid.UUID, body: Mapping[str, Any]
) -> tuple[OpenedEntry, Problem]:
    """End the work on a problem, with what it came to. ``body``: achieved, text.

    Raises DomainError ``not_found``, ``problem_closed``.
    """
    with uow(command) as tx:
        row = find(tx, actor, problem_id, Permission.PROBLEM_CLOSE)
        must_be_open(row)
        assessed = {**body, "stage": Stage.ASSESSMENT.value}
        entry = _write(tx, actor, row, command.record_id, assessed)
        tx.update_row(
            row,
            stage=Stage.ASSESSMENT.value,
            status=Status.CLOSED.value,
            closed_at=tx.now,
            achieved=body["achieved"],
        )
        note(tx, actor, Permission.PROBLEM_CLOSE, entry, row)
        return entry, row


def read(uow: UnitOfWork, actor: Actor, problem_id: uuid.UUID) -> OpenedProblem:
    """One problem with what was written.

    Raises DomainError ``not_found``, ``purpose_required``, ``erased``.
    """
    with uow() as tx:
        row = find(tx, actor, problem_id, Permission.PROBLEM_READ)
        if row.erased_at is not None:
            raise DomainError("erased")
        audit.record(
            tx, actor, Action.CONSULT, Permission.PROBLEM_READ, KIND, row.id,
            version=row.version, seen=[row.id],
        )  # fmt: skip
        return describe(tx, actor, row)


def read_made(uow: UnitOfWork, actor: Actor, problem_id: uuid.UUID) -> OpenedProblem:
    """What a problem has become, for whoever opened it and sends it again.

    Raises DomainError ``not_found``.
    """
    with uow() as tx:
        row = tx.get(Problem, problem_id)
        if row is None or row.opened_by_id != actor.person_id:
            raise DomainError("not_found")
        return describe(tx, actor, row)


def read_entry(uow: UnitOfWork, actor: Actor, entry_id: uuid.UUID) -> tuple[OpenedEntry, Problem]:
    """What an entry has become, for its author who sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        entry = tx.get(ProblemEntry, entry_id)
        row = tx.get(Problem, entry.problem_id) if entry is not None else None
        if entry is None or row is None or entry.author_id != actor.person_id:
            raise DomainError("not_found")
        return opened_entry(tx, entry), row


def list_problems(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Problems in sight, newest first. ``filters``: status, unit. Raises DomainError ``role_not_allowed``."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.PROBLEM_LIST)
        units = tree(tx)
        named = units.named(filters["unit"]) if filters.get("unit") else None
        below = units.same_or_below(named.id) if named is not None else frozenset()
        found = page(
            tx,
            queries.visible(sight, filters.get("status"), below if filters.get("unit") else None),
            order=[Problem.opened_at, Problem.id],
            newest_first=True,
            wanted=wanted,
            scope=f"problems:{actor.account_id}:{sorted(filters.items())}",
        )
        ids = [row.id for row in found.items]
        received = queries.received(tx, ids)
        audit.record(tx, actor, Action.CONSULT, Permission.PROBLEM_LIST, KIND, None, seen=ids)
        items = [list_item(tx, row, rules.course(received.get(row.id, ()), tx.now)) for row in found.items]
        return Page(items, found.next_cursor)


def find(tx: Transaction, actor: Actor, problem_id: uuid.UUID, permission: Permission) -> Problem:
    """The row, if the caller may do this to it; raises DomainError."""
    row = tx.get(Problem, problem_id)
    access.require(tx, actor, permission, _target_of(tx, row), object_id=problem_id)
    if row is None:
        raise DomainError("not_found")
    return row


def must_be_open(row: Problem) -> None:
    """Raises DomainError ``erased`` or ``problem_closed``."""
    if row.erased_at is not None:
        raise DomainError("erased")
    if row.status == Status.CLOSED:
        raise DomainError("problem_closed")


def note(tx: Transaction, actor: Actor, permission: Permission, entry: OpenedEntry, row: Problem) -> None:
    """The leaf of what was written about a problem."""
    audit.record(
        tx, actor, Action.COLLECT, permission, ENTRY_KIND, entry.row.id,
        version=row.version, to_state=row.stage, outcome=row.achieved or "done", seen=[row.id],
        payload=entry.document,
    )  # fmt: skip


def _neutral(tx: Transaction, actor: Actor, body: Mapping[str, Any], named: str) -> str:
    """What lists show where no title fits: the category of the first report, if any, and the reference."""
    for kind, field in ((OBSERVATION, "observations"), (CONCERN, "concerns")):
        for report_id in body.get(field, ()):
            report = KINDS[kind].find(tx, actor, report_id, Permission.COMMUNITY_REPORT_ATTACH)
            return f"{report.category} {named}"
    return named


def _target_of(tx: Transaction, row: Problem | None) -> Target:
    """What policy needs to know of a problem: it is the team's, nobody's own, and its partners'."""
    if row is None:
        return Target.absent(KIND)
    partners = queries.partner_units(tx, row.id)
    addressed = tuple(Address(role=Role.PARTNER, unit_id=unit_id) for unit_id in sorted(partners))
    return Target(KIND, unit_id=row.unit_id, addressed=addressed)


def _write(
    tx: Transaction, actor: Actor, row: Problem, entry_id: uuid.UUID, body: Mapping[str, Any]
) -> OpenedEntry:
    document = {"text": body["text"], "partners": [dict(one) for one in body.get("partners", ())]}
    entry = tx.add(
        ProblemEntry(
            id=entry_id,
            problem_id=row.id,
            stage=str(body["stage"]),
            author_id=actor.person_id,
            written_at=tx.now,
            achieved=body.get("achieved"),
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, entry_id, SEALED_LABEL, document),
        )
    )
    return OpenedEntry(entry, document)


def _attach(tx: Transaction, actor: Actor, row: Problem, body: Mapping[str, Any]) -> list[ProblemReport]:
    """Buffer that reports tell of a problem; those that it has already stay as they are."""
    known = {one.report_id for one in queries.reports(tx, row.id)}
    attached = []
    for kind, field in ((OBSERVATION, "observations"), (CONCERN, "concerns")):
        for report_id in dict.fromkeys(body.get(field, ())):
            report = KINDS[kind].find(tx, actor, report_id, Permission.COMMUNITY_REPORT_ATTACH)
            if report_id in known:
                continue
            attached.append(
                tx.add(
                    ProblemReport(
                        id=new_id(),
                        problem_id=row.id,
                        report_kind=kind,
                        report_id=report_id,
                        received_at=report.received_at,
                        attached_at=tx.now,
                    )
                )
            )
    return attached


def _join(tx: Transaction, row: Problem, body: Mapping[str, Any]) -> frozenset[uuid.UUID]:
    """Buffer that bodies outside work on a problem; which do from now on."""
    units, known = tree(tx), queries.partner_units(tx, row.id)
    joined = set(known)
    for index, partner in enumerate(body.get("partners", ())):
        name = partner.get("unit")
        if name is None:
            continue
        unit = units.named(name)
        if unit is None or unit.level is not Level.EXTERNAL:
            raise invalid(f"/partners/{index}/unit", "not_one_of")
        if unit.id not in joined:
            tx.add(ProblemPartner(id=new_id(), problem_id=row.id, unit_id=unit.id, since=tx.now))
            joined.add(unit.id)
    return frozenset(joined)
