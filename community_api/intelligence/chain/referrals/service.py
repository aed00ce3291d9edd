"""What the system can show of referrals: the list, one case, its history, and what may be done now."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.pagination import Page, PageWanted, page
from community_api.intelligence.chain.referrals import earlier_referrals, queries
from community_api.intelligence.chain.referrals.earlier_referrals import EarlierMatter
from community_api.intelligence.chain.referrals.facts import Grade, gather
from community_api.intelligence.chain.referrals.models import Referral, ReferralGrade, ReferralStep
from community_api.intelligence.chain.referrals.situation import actor_view, case_of, facts_from, pack_of
from community_api.intelligence.chain.referrals.terms import KIND, SEALED_LABEL, STEP_LABEL
from community_api.intelligence.chain.reports import queries as reports
from community_api.intelligence.chain.reports.models import (
    Dissemination,
    IntelligenceReport,
    OriginatorQuestion,
)
from community_api.intelligence.chain.reports.service import ShownDissemination, shown_dissemination
from community_api.intelligence.chain.reports.terms import RECALLED
from community_api.intelligence.chain.reports.terms import SEALED_LABEL as REPORT_LABEL
from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.state import Offer
from community_api.procedure_engine.localize import speaker
from community_api.units import posts
from community_api.units.directory import tree


@dataclass(frozen=True)
class ShownReferral:
    """A case in a list; ``content`` None: not opened. ``report`` (number, text) for a recipient's case.

    ``earlier``: what ended before about the same subject or a linked report. ``received``: how the case came
    to its report; None: it made it. ``questions``: for the originator's consent, asked or to be answered.
    ``written``: what people last wrote at each action of this case, in the order of the steps, so that who
    checks or decides can read it; empty where the case is not opened.
    """

    row: Referral
    unit: str
    owner: str | None
    now: datetime
    grades: Sequence[ReferralGrade | Grade]
    content: Mapping[str, Any] | None = None
    report: tuple[str, str] | None = None
    written: Sequence[tuple[ReferralStep, Mapping[str, Any]]] = ()
    earlier: Sequence[EarlierMatter] = ()
    received: ShownDissemination | None = None
    questions: Sequence[ShownQuestion] = ()


@dataclass(frozen=True)
class ShownQuestion:
    """A question for the originator's consent as one side sees it; ``answer`` in words None: none yet."""

    row: OriginatorQuestion
    asking_unit: str
    asked: Mapping[str, Any]
    answered: Mapping[str, Any] | None


@dataclass(frozen=True)
class OfferedAction:
    """One action that the caller may take now, with the form that it asks for."""

    offer: Offer
    title: str
    fields: Mapping[str, Any]


def list_referrals(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Cases of the caller's units, most urgent first. ``filters``: state, phase, level, overdue."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.REFERRAL_LIST)
        found = page(
            tx,
            queries.visible(sight, filters, tx.now),
            order=[Referral.queue_at, Referral.id],
            newest_first=False,
            wanted=wanted,
            scope=f"referrals:{actor.account_id}:{sorted(filters.items())}",
        )
        ids = [row.id for row in found.items]
        grades = queries.grades_of(tx, ids)
        audit.record(tx, actor, Action.CONSULT, Permission.REFERRAL_LIST, KIND, None, seen=ids)
        matters = earlier_referrals.earlier_of(tx, found.items)
        items = [describe(tx, row, grades[row.id], earlier=matters[row.id]) for row in found.items]
        return Page(items, found.next_cursor)


def read(uow: UnitOfWork, actor: Actor, referral_id: uuid.UUID) -> ShownReferral:
    """One case: locally with the copy of what the flag carried, above with the sanitised report."""
    with uow() as tx:
        row = find(tx, actor, referral_id, Permission.REFERRAL_READ)
        if row.erased_at is not None:
            raise DomainError("erased")
        audit.record(
            tx, actor, Action.CONSULT, Permission.REFERRAL_READ, KIND, row.id,
            version=row.version, seen=[row.id], procedure_hash=row.procedure_hash,
        )  # fmt: skip
        return opened(tx, row)


def opened(tx: Transaction, row: Referral) -> ShownReferral:
    """A case with its texts opened."""
    content = None
    if row.sealed is not None:
        content = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
    given = reports.received(tx, row.id) if row.parent_id is not None else None
    closed = describe(tx, row, queries.grades(tx, row.id), content, _report(tx, row, given))
    return replace(
        closed,
        written=_written(tx, row),
        received=None if given is None else shown_dissemination(tx, given),
        questions=_questions(tx, row),
    )


def actions(
    uow: UnitOfWork, actor: Actor, referral_id: uuid.UUID, translate: Callable[[str], str]
) -> tuple[Referral, list[OfferedAction]]:
    """What this caller may do now, each with a JSON Schema: a client needs to know no procedure.

    ``translate`` says what the procedure itself does not say in the caller's language.
    Nothing, while oversight has suspended the procedure.
    """
    with uow() as tx:
        row = find(tx, actor, referral_id, Permission.REFERRAL_LIST)
        if row.erased_at is not None:
            raise DomainError("erased")
        found = gather(tx, row)
        pack, facts, case = pack_of(tx, row), facts_from(tx, row, found), case_of(row)
        offers = engine.actions_for(pack, case, actor_view(tx, actor, row), facts, at=tx.now)
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.REFERRAL_LIST,
            KIND,
            row.id,
            version=row.version,
            outcome="actions",
        )
        say = speaker(pack, actor.language, translate)
        return row, [
            OfferedAction(offer, say(offer.title), engine.json_schema(pack, offer.action, case, facts, say))
            for offer in offers
            if offer.withheld is None and not found.is_stopped
        ]


def history(uow: UnitOfWork, actor: Actor, referral_id: uuid.UUID) -> list[tuple[ReferralStep, str | None]]:
    """The steps of a case, oldest first, each with the post that took it (None: the product itself)."""
    with uow() as tx:
        row = find(tx, actor, referral_id, Permission.REFERRAL_LIST)
        audit.record(
            tx,
            actor,
            Action.CONSULT,
            Permission.REFERRAL_LIST,
            KIND,
            row.id,
            version=row.version,
            outcome="steps",
        )
        return [
            (step, None if step.post_id is None else str(posts.name_of(tx, step.post_id)))
            for step in queries.steps(tx, row.id)
        ]


def find(tx: Transaction, actor: Actor, referral_id: uuid.UUID, permission: Permission) -> Referral:
    """The row, if the caller may do this to it; raises DomainError."""
    row = tx.get_prepared(Referral, referral_id)
    target = Target.absent(KIND) if row is None else Target(KIND, unit_id=row.unit_id)
    access.require(tx, actor, permission, target, object_id=referral_id)
    if row is None:
        raise DomainError("not_found")
    return row


def describe(
    tx: Transaction,
    row: Referral,
    grades: Sequence[ReferralGrade | Grade],
    content: Mapping[str, Any] | None = None,
    report: tuple[str, str] | None = None,
    *,
    earlier: Sequence[EarlierMatter] | None = None,
) -> ShownReferral:
    """A case as it stands; ``earlier`` None: looked up here."""
    return ShownReferral(
        row=row,
        unit=tree(tx).name_of(row.unit_id),
        owner=None if row.owner_post_id is None else str(posts.name_of(tx, row.owner_post_id)),
        now=tx.now,
        grades=grades,
        content=content,
        report=report,
        earlier=earlier_referrals.earlier_of(tx, [row])[row.id] if earlier is None else earlier,
    )


def _written(tx: Transaction, row: Referral) -> list[tuple[ReferralStep, Mapping[str, Any]]]:
    """What was last written at each action; a move of the product writes nothing."""
    latest = {step.action: step for step in queries.steps(tx, row.id) if step.sealed is not None}
    return [
        (step, tx.sealer.open(tx, step.id, STEP_LABEL, step.text_version, step.sealed or b""))
        for step in sorted(latest.values(), key=lambda item: item.ordinal)
    ]


def _questions(tx: Transaction, row: Referral) -> list[ShownQuestion]:
    """What the case asked its originator, and what it was asked, with the words of both."""
    found = reports.questions_about(tx, row.id)
    return [
        ShownQuestion(
            row=one,
            asking_unit=_unit_of(tx, one.asking_id),
            asked=_words_of_step(tx, one.id),
            answered=None if one.answer_step_id is None else _words_of_step(tx, one.answer_step_id),
        )
        for one in found
    ]


def _unit_of(tx: Transaction, referral_id: uuid.UUID) -> str:
    case = tx.get(Referral, referral_id)
    if case is None:
        raise KeyError(referral_id)
    return tree(tx).name_of(case.unit_id)


def _words_of_step(tx: Transaction, step_id: uuid.UUID) -> Mapping[str, Any]:
    """The fields of a step; empty once erased."""
    step = tx.get(ReferralStep, step_id)
    if step is None or step.sealed is None:
        return {}
    words: Mapping[str, Any] = tx.sealer.open(tx, step.id, STEP_LABEL, step.text_version, step.sealed)
    return words


def _report(tx: Transaction, row: Referral, dissemination: Dissemination | None) -> tuple[str, str] | None:
    """Number and text of the sanitised report that a recipient's case works on, until it is taken back."""
    if row.report_id is None or dissemination is None or dissemination.state in RECALLED:
        return None
    report = tx.get(IntelligenceReport, row.report_id)
    if report is None or report.sealed is None:
        return None
    told = tx.sealer.open(tx, report.id, REPORT_LABEL, report.text_version, report.sealed)
    return report.number, told["text"]
