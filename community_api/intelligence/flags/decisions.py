"""What a second person, the flagger or time makes of a flag that waits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community_api import audit, feedback, safeguarding
from community_api.access.permissions import Permission
from community_api.access.target import persons
from community_api.audit.terms import Action
from community_api.community import valve
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, Stale
from community_api.core.ids import new_id
from community_api.feedback.models import Obligation
from community_api.feedback.terms import OBLIGATION_KIND, MessageKind
from community_api.intelligence.chain.referrals import open_referral
from community_api.intelligence.flags import children, flag_duties, queries, related_flags, service
from community_api.intelligence.flags.models import Flag, FlagDecision
from community_api.intelligence.flags.rules import (
    check_guardian,
    check_stands,
    check_teller_protected,
    copy_of,
    may_concern_a_child,
)
from community_api.intelligence.flags.terms import (
    DECISION_LABEL,
    KIND,
    LAPSE,
    LAPSED_TEXT,
    SEALED_LABEL,
    WAITING,
    Cosign,
    Decision,
    DutyKind,
    Status,
)
from community_api.intelligence.suspensions import service as suspensions
from community_api.outbox import service as outbox
from community_api.procedure_engine.engine import flag_rules as procedure
from community_api.procedure_engine.terms import Act, FeedbackPoint
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.terms import Role

RETENTION_OF_ENDED = "flag_refused"


@dataclass(frozen=True)
class Said:
    """A co-signature, decision or withdrawal, and where the flag stands now.

    ``referral_reference``: of the referral that a confirmation opened; None for everything else.
    """

    row: FlagDecision
    flag: Flag
    referral_reference: str | None


def cosign(
    uow: UnitOfWork, actor: Actor, command: Command, *, flag_id: uuid.UUID, body: Mapping[str, Any]
) -> Said:
    """The safeguarding lead agrees or refuses, before anybody decides about a child (R40).

    Raises DomainError ``already_decided`` when there is nothing left to co-sign.
    """
    with uow(command) as tx:
        flag, report = service.find(tx, actor, flag_id, Permission.FLAG_COSIGN)
        if flag.status != Status.AWAITING_COSIGN:
            raise DomainError("already_decided")
        agreed = body["decision"] == Cosign.AGREED
        if agreed:
            check_guardian(service.procedure_of(tx, flag), body["guardian_told"])
        row = _say(tx, actor, flag, command.record_id, "cosign", body, best_interests=body["best_interests"])
        duties.discharge(tx, kind=DutyKind.COSIGN, subject_id=flag.id)
        if agreed:
            pack = service.procedure_of(tx, flag)
            due_at = procedure.decision_due(pack, tx.now, calendar_of(tx, flag.unit_id))
            tx.update_row(flag, status=Status.AWAITING_SECOND_PERSON.value, due_at=due_at)
            flag_duties.owe_decision(tx, flag)
        else:
            end(tx, flag, Status.REFUSED)
            _answer_flagger(tx, flag, report, Decision.REFUSED)
        _record(tx, actor, Permission.FLAG_COSIGN, flag, row, before=Status.AWAITING_COSIGN, body=body)
        # Support first, whatever becomes of the flag (R40): the lead's own words, and nothing of the flag's.
        safeguarding.open_record(tx, unit_id=flag.unit_id, child=True, need=body["best_interests"])
        return Said(row, flag, None)


def decide(
    uow: UnitOfWork, actor: Actor, command: Command, *, flag_id: uuid.UUID, body: Mapping[str, Any]
) -> Said:
    """The second person confirms or refuses. Confirming opens a referral at the local unit.

    Raises DomainError ``same_person``, ``not_independent``, ``training_required``, ``cosign_required``,
    ``already_decided``; for a confirmation ``suspended_by_oversight``, ``not_to_be_passed_on``, and
    ``validation_failed`` of what rests on a protected ground or points to a reporter.
    """
    with uow(command) as tx:
        flag, report = service.find(tx, actor, flag_id, Permission.FLAG_DECIDE)
        if flag.status == Status.AWAITING_COSIGN:
            raise DomainError("cosign_required")
        if flag.status != Status.AWAITING_SECOND_PERSON:
            raise DomainError("already_decided")
        if body["decision"] == Decision.CONFIRMED:
            codes = queries.indicators_of(tx, flag.id)
            suspensions.refuse_suspended(tx, procedure=flag.procedure_name, indicators=codes)
            check_stands(body["stands_without_protected_ground"])
            _check_cosigned(tx, flag, report)
            check_teller_protected(report.kind, body.get("teller_protected"))
        row = _say(tx, actor, flag, command.record_id, "decide", body, reason=body["reason"])
        reference = None
        if body["decision"] == Decision.CONFIRMED:
            reference = _confirm(tx, actor, flag, report)
        else:
            end(tx, flag, Status.REFUSED)
        _answer_flagger(tx, flag, report, Decision(body["decision"]))
        _record(tx, actor, Permission.FLAG_DECIDE, flag, row, before=Status.AWAITING_SECOND_PERSON, body=body)
        return Said(row, flag, reference)


def withdraw(uow: UnitOfWork, actor: Actor, command: Command, *, flag_id: uuid.UUID, reason: str) -> Said:
    """The flagger takes the flag back while it waits; raises DomainError ``already_decided`` afterwards."""
    with uow(command) as tx:
        flag, _report = service.find(tx, actor, flag_id, Permission.FLAG_WITHDRAW)
        before = Status(flag.status)
        if before not in WAITING:
            raise DomainError("already_withdrawn" if before is Status.WITHDRAWN else "already_decided")
        told = {"decision": "withdrawn", "reason": reason}
        row = _say(tx, actor, flag, command.record_id, "withdraw", told, reason=reason)
        end(tx, flag, Status.WITHDRAWN)
        _record(tx, actor, Permission.FLAG_WITHDRAW, flag, row, before=before, body=told)
        return Said(row, flag, None)


def withdraw_report(
    uow: UnitOfWork, actor: Actor, command: Command, *, report_id: uuid.UUID, reason: str
) -> uuid.UUID:
    """The reporter takes a report back, and the flag that waits on it goes with it, in one commit.

    Raises DomainError ``already_taken_up`` once the report was triaged or a flag on it confirmed.
    """
    with uow(command) as tx:
        _row, flag_id = valve.withdraw_report(tx, actor, report_id, reason=reason)
        duties.discharge(tx, kind=DutyKind.TRAINING, subject_id=report_id)
        flag = tx.get(Flag, flag_id) if flag_id is not None else None
        if flag is not None:
            before = Status(flag.status)
            if before not in WAITING:
                # Somebody was faster after it was seen to wait: whether it passed is looked at again.
                raise Stale
            told = {"decision": "withdrawn", "reason": reason}
            row = _say(tx, actor, flag, new_id(), "withdraw", told, reason=reason)
            end(tx, flag, Status.WITHDRAWN)
            _record(tx, actor, Permission.OBSERVATION_WITHDRAW, flag, row, before=before, body=told)
        return report_id


def lapse(tx: Transaction, flag_id: uuid.UUID) -> None:
    """Nobody decided in time: the flag lapses, flagger and local manager are told (the worker calls this)."""
    flag = tx.get(Flag, flag_id)
    if flag is None or flag.status not in WAITING:
        return
    before = Status(flag.status)
    report = valve.report_of(tx, flag.id)
    end(tx, flag, Status.LAPSED, by_time=True)
    manager = posts.establish(tx, Role.INTELLIGENCE_MANAGER, flag.local_unit_id)
    owed = _answer_flagger(tx, flag, report, Status.LAPSED, also_told=manager)
    feedback.say(tx, owed, LAPSED_TEXT, MessageKind.NOTICE)
    # Done when the flagger has been answered: a manager may read no flag, and needs none for that.
    duties.owe(
        tx,
        kind=DutyKind.LAPSED,
        subject_kind=OBLIGATION_KIND,
        subject_id=owed.id,
        post_id=manager,
        due_at=owed.due_at,
    )
    audit.record(
        tx, SYSTEM, Action.ALTER, Permission.FLAG_DECIDE, KIND, flag.id,
        version=flag.version, from_state=before, to_state=flag.status,
    )  # fmt: skip


def read_act(uow: UnitOfWork, actor: Actor, flag_id: uuid.UUID, act_id: uuid.UUID) -> Said:
    """What an act on a flag has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = tx.get(FlagDecision, act_id)
        flag = tx.get(Flag, flag_id)
        if row is None or flag is None or row.person_id != actor.person_id:
            raise DomainError("not_found")
        reference = open_referral.reference_of(tx, flag.id) if row.decision == Decision.CONFIRMED else None
        return Said(row, flag, reference)


def _check_cosigned(tx: Transaction, flag: Flag, report: valve.Report) -> None:
    """Refuse to confirm what speaks of a child by now and no lead has seen."""
    if not flag.cosign_required and children.report_speaks_of_one(tx, report):
        raise DomainError("cosign_required")


def _confirm(tx: Transaction, actor: Actor, flag: Flag, report: valve.Report) -> str:
    """Let the minimum through and open the referral; its reference is all that comes back."""
    document = tx.sealer.open(tx, flag.id, SEALED_LABEL, flag.text_version, flag.sealed or b"")
    said = queries.decisions(tx, flag.id)
    crossing = valve.let_through(tx, flag.id, under_exception=flag.exception is not None)
    minimum = {**copy_of(document), **crossing}
    acts: dict[str, list[uuid.UUID]] = {
        Act.REPORT_AUTHOR: sorted(persons(report.author_id)),
        Act.REPORT_SUPPLEMENT: sorted(report.contributor_ids - persons(report.author_id)),
        Act.FLAG_RAISE: [flag.flagger_id],
        Act.FLAG_CONFIRM: [actor.person_id],
        Act.FLAG_COSIGN: [said["cosign"].person_id] if "cosign" in said else [],
    }
    reference = open_referral.open_for_flag(
        tx,
        flag_id=flag.id,
        unit_id=flag.local_unit_id,
        pack=service.procedure_in_force(tx),
        minimum=minimum,
        acts=acts,
        urgent=flag.danger_to_life,
        child=flag.cosign_required or may_concern_a_child(document["subjects"]),
        matter_alias=feedback.alias(
            tx, matter_id=report.matter_id, flagger_id=flag.flagger_id, report_reference=report.reference
        ),
    )
    related_flags.look_again(tx, flag, report)
    tx.update_row(flag, status=Status.CONFIRMED.value, ended_at=tx.now)
    duties.discharge(tx, kind=DutyKind.DECIDE, subject_id=flag.id)
    outbox.cancel(tx, LAPSE, flag.id)
    tx.changed(KIND, flag.id, flag.version, flag.flagger_id)
    return reference


def end(
    tx: Transaction, flag: Flag, status: Status, *, by_time: bool = False, at: datetime | None = None
) -> None:
    """The flag ends without leaving the community side; its words go soon (R21).

    ``at`` None is now; what a public request causes gives the start of its day instead.
    """
    valve.shut(tx, flag.id, refused=status is Status.REFUSED, at=at)
    tx.update_row(
        flag,
        status=status.value,
        ended_at=at or tx.now,
        retention_class=RETENTION_OF_ENDED,
        review_on=procedure.refused_until(service.procedure_of(tx, flag), tx.now.date()),
    )
    duties.discharge_all(tx, subject_id=flag.id, at=at)
    if not by_time:
        outbox.cancel(tx, LAPSE, flag.id, day_only=at is not None)
    tx.changed(KIND, flag.id, flag.version, flag.flagger_id, at=at)


def _answer_flagger(
    tx: Transaction,
    flag: Flag,
    report: valve.Report,
    outcome: Decision | Status,
    *,
    also_told: uuid.UUID | None = None,
) -> Obligation:
    """Whoever asked hears what was decided, from the supervisors of the report's team."""
    return feedback.oblige_flagger(
        tx,
        matter_id=report.matter_id,
        flagger_id=flag.flagger_id,
        subject_kind=KIND,
        subject_id=flag.id,
        unit_id=flag.unit_id,
        pack=service.procedure_of(tx, flag),
        point=FeedbackPoint.FLAG_DECISION,
        outcome=outcome.value,
        report_reference=report.reference,
        also_told=also_told,
    )


def _say(
    tx: Transaction,
    actor: Actor,
    flag: Flag,
    act_id: uuid.UUID,
    act: str,
    body: Mapping[str, Any],
    **words: str,
) -> FlagDecision:
    stands, protected = body.get("stands_without_protected_ground"), body.get("teller_protected")
    return tx.add(
        FlagDecision(
            id=act_id,
            flag_id=flag.id,
            act=act,
            decision=body["decision"],
            person_id=actor.person_id,
            decided_at=tx.now,
            guardian_told=body.get("guardian_told"),
            stands_without_protected_ground=None if stands is None else stands == "yes",
            teller_protected=None if protected is None else protected == "yes",
            retention_class=flag.retention_class,
            review_on=flag.review_on,
            sealed=tx.sealer.seal_new(tx, act_id, DECISION_LABEL, words),
        )
    )


def _record(
    tx: Transaction,
    actor: Actor,
    permission: Permission,
    flag: Flag,
    row: FlagDecision,
    *,
    before: Status,
    body: Mapping[str, Any],
) -> None:
    audit.record(
        tx, actor, Action.APPROVE, permission, KIND, flag.id,
        version=flag.version, from_state=before.value, to_state=flag.status, outcome=row.decision,
        payload=dict(body),
    )  # fmt: skip
