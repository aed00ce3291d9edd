"""What the system can do with flags before their second person: raise, list, read."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.target import Address, Target, persons
from community_api.audit.terms import Action
from community_api.community import valve
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, FieldError
from community_api.core.ids import new_id
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.intelligence.flags import (
    advice,
    children,
    flag_duties,
    flag_figures,
    queries,
    related_flags,
    rules,
    subject_identities,
)
from community_api.intelligence.flags.models import Flag, FlagDecision, Ground
from community_api.intelligence.flags.terms import (
    DECISION_LABEL,
    KIND,
    LAPSE,
    RETENTION_CHILD,
    SEALED_LABEL,
    SECOND_PERSONS,
    WAITING,
    DutyKind,
    Status,
)
from community_api.intelligence.indicators import service as indicators
from community_api.intelligence.suspensions import service as suspensions
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine import flag_rules as procedure
from community_api.procedure_engine.pack.definition import Pack
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.directory import tree
from community_api.units.terms import Role


@dataclass(frozen=True)
class OpenedFlag:
    """A flag with its words. ``report`` None: the caller may not know of it. ``pack``: its procedure.

    ``said`` are the opened words of co-signature, decision and withdrawal, by act.
    """

    row: Flag
    unit: str
    own: bool
    now: datetime
    pack: Pack
    report: valve.Report | None
    document: Mapping[str, Any]
    identities: Mapping[str, str]
    said: Mapping[str, tuple[FlagDecision, Mapping[str, Any]]]
    warnings: Sequence[FieldError] = field(default_factory=tuple)


def raise_flag(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    report_kind: str,
    report_id: uuid.UUID,
    body: Mapping[str, Any],
) -> OpenedFlag:
    """Ask that a report enter the VERLT path; the report stays where it is, whatever comes of it.

    Raises DomainError as contract section 6 lists. Without a valid certificate the supervisors of the
    team are asked to look at the report (``training_required`` names their post).
    """
    try:
        return _raise(uow, actor, command, report_kind, report_id, body)
    except DomainError as refusal:
        flag_figures.turned_away(uow, command, report_kind, report_id, refusal.code)
        if refusal.code == "training_required":
            raise ask_certified(uow, report_kind, report_id, refusal) from None
        raise


def ask_certified(
    uow: UnitOfWork, report_kind: str, report_id: uuid.UUID, refusal: DomainError
) -> DomainError:
    """Let the supervisors of the report's team look at it, so that nothing is lost for want of a course."""
    with uow() as tx:
        report = valve.report_behind(tx, report_kind, report_id)
        post_id = posts.establish(tx, Role.SUPERVISOR, report.unit_id)
        pack = procedure_in_force(tx)
        duties.owe(
            tx,
            kind=DutyKind.TRAINING,
            subject_kind=report_kind,
            subject_id=report_id,
            post_id=post_id,
            due_at=procedure.decision_due(pack, tx.now, calendar_of(tx, report.unit_id)),
        )
        asked = f"{Role.SUPERVISOR.value}.{tree(tx).name_of(report.unit_id)}"
    return DomainError(refusal.code, denial=refusal.denial, asked=asked, named={"asked": asked})


def _raise(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    report_kind: str,
    report_id: uuid.UUID,
    body: Mapping[str, Any],
) -> OpenedFlag:
    with uow(command) as tx:
        report = valve.approach(tx, actor, report_kind, report_id, body)
        codes = [ground["indicator"] for ground in body["grounds"]]
        suspensions.refuse_suspended(tx, procedure=procedure_in_force(tx).name, indicators=codes)
        listed = indicators.citable(tx, body["kind"], body["indicator_list_version"], report.occurred_at)
        rules.check_grounds(body["grounds"], listed)
        rules.check_subjects(procedure_in_force(tx), body.get("subjects", ()))
        childhood = children.examine(tx, procedure_in_force(tx), report, body)
        document = rules.document_of(body, excepted=report.excepted)
        row = _build(tx, actor, command.record_id, report, body, document, child_first=childhood.cosign)
        tx.add(row)
        for code in codes:
            tx.add(Ground(id=new_id(), flag_id=row.id, indicator=code))
        identities = rules.identities_of(body)
        subject_identities.seal(tx, row, identities)
        related_flags.note(tx, row, report, identities)
        valve.hold(tx, row.id, report)
        duties.discharge(tx, kind=DutyKind.TRAINING, subject_id=report.id)
        flag_duties.owe_first(tx, row)
        outbox.schedule(tx, LAPSE, row.id, row.lapses_at)
        tx.changed(KIND, row.id, row.version, row.flagger_id)
        audit.record(
            tx, actor, Action.COLLECT, Permission.FLAG_RAISE, KIND, row.id,
            version=row.version, to_state=row.status, payload=document,
        )  # fmt: skip
        return OpenedFlag(
            row=row,
            unit=tree(tx).name_of(row.unit_id),
            own=True,
            now=tx.now,
            pack=procedure_of(tx, row),
            report=report,
            document=document,
            identities=identities,
            said={},
            warnings=(*advice.on(tx, actor, report, listed, body), *childhood.warnings),
        )


def read(uow: UnitOfWork, actor: Actor, flag_id: uuid.UUID) -> OpenedFlag:
    """One flag with its words; raises DomainError ``not_found``, ``purpose_required``, ``case_required``."""
    with uow() as tx:
        row, _report = find(tx, actor, flag_id, Permission.FLAG_READ)
        if row.erased_at is not None:
            raise DomainError("erased")
        audit.record(
            tx, actor, Action.CONSULT, Permission.FLAG_READ, KIND, row.id, version=row.version, seen=[row.id]
        )
        return opened(tx, actor, row)


def list_flags(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Flags that the caller may list, most urgent first, without words. ``filters``: status, unit."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.FLAG_LIST)
        units = tree(tx)
        named = units.named(filters["unit"]) if filters.get("unit") else None
        unit_ids = (
            None
            if not filters.get("unit")
            else frozenset()
            if named is None
            else units.same_or_below(named.id)
        )
        found = page(
            tx,
            queries.visible(sight, units, filters, unit_ids),
            order=[Flag.due_at, Flag.id],
            newest_first=False,
            wanted=wanted,
            scope=f"flags:{actor.account_id}:{filters.get('status')}:{filters.get('unit')}",
        )
        audit.record(
            tx, actor, Action.CONSULT, Permission.FLAG_LIST, KIND, None, seen=[row.id for row in found.items]
        )
        items = [
            (row, units.name_of(row.unit_id), row.flagger_id == actor.person_id, tx.now)
            for row in found.items
        ]
        return Page(items, found.next_cursor)


def find(
    tx: Transaction, actor: Actor, flag_id: uuid.UUID, permission: Permission
) -> tuple[Flag, valve.Report]:
    """The flag and its report, if the caller may do this to it; raises DomainError."""
    row = tx.get(Flag, flag_id)
    if row is None:
        access.require(tx, actor, permission, Target.absent(KIND), object_id=flag_id)
        raise DomainError("not_found")
    report = valve.report_of(tx, row.id)
    access.require(tx, actor, permission, target_of(tx, row, report, permission), object_id=flag_id)
    return row, report


def target_of(tx: Transaction, row: Flag, report: valve.Report, permission: Permission) -> Target:
    """What policy needs to know of a flag.

    While it waits it is addressed to every supervisor and safeguarding lead under the same local
    unit; the flagger proposes, and neither the author of the report nor a co-signer may decide.
    """
    waiting = row.status in WAITING
    addressed = tuple(Address(role=role, unit_id=row.local_unit_id, below=True) for role in SECOND_PERSONS)
    cosigner = None
    if permission is Permission.FLAG_DECIDE:
        said = queries.decisions(tx, row.id)
        cosigner = said["cosign"].person_id if "cosign" in said else None
    return Target(
        KIND,
        unit_id=row.unit_id,
        owner=row.flagger_id,
        addressed=addressed if waiting else (),
        authors=persons(row.flagger_id, report.author_id, cosigner),
        proposers=persons(row.flagger_id),
        proposer_grants=access.grants_of(tx, row.flagger_id),
    )


def opened(tx: Transaction, actor: Actor, row: Flag) -> OpenedFlag:
    """A flag with everything that may be opened to this caller."""
    document: Mapping[str, Any] = {}
    if row.sealed is not None:
        document = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    report = valve.report_of(tx, row.id)
    own = row.flagger_id == actor.person_id
    child = row.cosign_required or rules.may_concern_a_child(document.get("subjects", ()))
    return OpenedFlag(
        row=row,
        unit=tree(tx).name_of(row.unit_id),
        own=own,
        now=tx.now,
        pack=procedure_of(tx, row),
        report=report if access.may_know_of(tx, actor, valve.target_of(report)) else None,
        document=document,
        identities=subject_identities.opened(tx, row)
        if rules.may_see_identity(actor, own=own, child=child)
        else {},
        said=_decisions(tx, row),
    )


def procedure_of(tx: Transaction, row: Flag) -> Pack:
    """The version under which a flag was raised."""
    return procedures.version(tx, row.procedure_name, row.procedure_version)


def procedure_in_force(tx: Transaction) -> Pack:
    """The pack whose clocks a new flag follows."""
    pack = procedures.in_force(tx)
    if pack is None:
        raise DomainError("service_unavailable", retry_after=60)
    return pack


def _build(
    tx: Transaction,
    actor: Actor,
    flag_id: uuid.UUID,
    report: valve.Report,
    body: Mapping[str, Any],
    document: Mapping[str, Any],
    *,
    child_first: bool,
) -> Flag:
    pack = procedure_in_force(tx)
    calendar = calendar_of(tx, report.unit_id)
    due = procedure.cosign_due if child_first else procedure.decision_due
    local = tree(tx).local_unit_of(report.unit_id)
    if local is None:
        raise DomainError("edge_not_allowed")
    child = child_first or rules.may_concern_a_child(body.get("subjects", ()))
    retention = RETENTION_CHILD if child else "flag_open"
    return Flag(
        id=flag_id,
        kind=body["kind"],
        status=(Status.AWAITING_COSIGN if child_first else Status.AWAITING_SECOND_PERSON).value,
        unit_id=report.unit_id,
        local_unit_id=local.id,
        flagger_id=actor.person_id,
        raised_at=tx.now,
        due_at=due(pack, tx.now, calendar),
        lapses_at=procedure.lapses_at(pack, tx.now, calendar),
        procedure_name=pack.name,
        procedure_version=pack.version,
        indicator_list_version=body["indicator_list_version"],
        cosign_required=child_first,
        danger_to_life=body.get("danger_to_life", False),
        exception=body["exception"] if report.excepted else None,
        retention_class=retention,
        review_on=review_on(retention, tx.now.date()),
        sealed=tx.sealer.seal_new(tx, flag_id, SEALED_LABEL, document),
    )


def _decisions(tx: Transaction, row: Flag) -> dict[str, tuple[FlagDecision, Mapping[str, Any]]]:
    return {
        act: (
            one,
            tx.sealer.open(tx, one.id, DECISION_LABEL, one.text_version, one.sealed) if one.sealed else {},
        )
        for act, one in queries.decisions(tx, row.id).items()
    }
