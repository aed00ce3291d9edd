"""The queue of a desk, and triage: somebody decides what happens with a report, and says why."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit, safeguarding
from community_api.access.permissions import Permission
from community_api.access.visibility import VisibleScope
from community_api.access.visibility import sight as sight_of
from community_api.audit.terms import Action
from community_api.community.shared import desk_actions, triage_queue
from community_api.community.shared.desk_actions import OpenedAct
from community_api.community.shared.terms import (
    ACT_KIND,
    RETENTION,
    RETENTION_WITHOUT_PURPOSE,
    DeskActKind,
    Route,
)
from community_api.community.triage import duplicates, queries
from community_api.community.triage.duplicates import Offers
from community_api.community.triage.report_adapters import KINDS, Report, standing_of
from community_api.community.triage.rules import LikelyDuplicate
from community_api.community.triage.terms import ACT_OF, CHILD_CATEGORY, HANDED_OVER_BY, WHY, Why
from community_api.community.wishes import service as wishes
from community_api.community.wishes.terms import Way
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.feedback import Word
from community_api.feedback.terms import Outcome
from community_api.procedure_engine.terms import FeedbackPoint
from community_api.units import posts
from community_api.units.directory import tree
from community_api.units.models import Duty
from community_api.units.terms import Role


@dataclass(frozen=True)
class Waiting:
    """A report in the queue. ``place_area`` None: its place is in no team's area, or it has none."""

    kind: str
    row: Report
    duty: Duty
    unit: str
    overdue: bool
    why: Why
    place_area: str | None
    duplicates: list[LikelyDuplicate]


@dataclass(frozen=True)
class Acted:
    """What the desk did, and the report as it is now."""

    act: OpenedAct
    report: Report


def list_waiting(uow: UnitOfWork, actor: Actor, *, wanted: PageWanted) -> Page:
    """What waits at the caller's desks, most urgent first; raises DomainError ``role_not_allowed``."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.COMMUNITY_REPORT_TRIAGE_LIST)
        found = page(
            tx,
            queries.queue(_posts_of(tx, sight)),
            order=[Duty.due_at, Duty.id],
            newest_first=False,
            wanted=wanted,
            scope=f"triage:{actor.account_id}",
        )
        items, opened = _waiting(tx, actor, sight, found.items)
        shown = [one.row.id for one in items]
        shown += [likely.other.id for one in items for likely in one.duplicates]
        audit.record(
            tx, actor, Action.CONSULT, Permission.COMMUNITY_REPORT_TRIAGE_LIST, "report", None,
            seen=shown, compared=opened,
        )  # fmt: skip
        return Page(items, found.next_cursor)


def triage(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    kind: str,
    report_id: uuid.UUID,
    body: Mapping[str, Any],
) -> Acted:
    """Decide what happens with a report. ``body``: route, reason, hand_over, exception, exception_reason.

    The reason of a return is what its reporter is told to complete. Raises DomainError ``not_found``,
    ``same_person``, ``erased``, ``already_decided``, ``already_withdrawn``, ``not_to_be_passed_on``.
    """
    with uow(command) as tx:
        way = KINDS[kind]
        row = way.find(tx, actor, report_id, Permission.COMMUNITY_REPORT_TRIAGE)
        route, before = Route(body["route"]), row.status
        after = standing_of(tx, way, row, ACT_OF[route])
        if body.get("hand_over") is not None and route not in HANDED_OVER_BY:
            raise invalid("/hand_over", "not_needed")
        excepted = wishes.check(tx, row, _ways(route, body.get("hand_over")), body)
        triage_queue.leave(tx, row.id)
        way.move(tx, row, after, **_retention(tx, route is Route.NO_POLICE_PURPOSE))
        word = Word(Outcome.MORE_FACTS_NEEDED, body["reason"]) if route is Route.RETURNED else None
        reply_id = way.answer(tx, actor, row, FeedbackPoint.TRIAGE, route.value, word)
        act = desk_actions.keep(
            tx, actor, command.record_id, act=DeskActKind.TRIAGE, code=route.value, report_kind=kind,
            report_id=row.id, document=words_of(body), reply_id=reply_id,
        )  # fmt: skip
        note(tx, actor, Permission.COMMUNITY_REPORT_TRIAGE, act, row, before)
        if route is Route.SAFEGUARDING:
            safeguarding.open_record(
                tx,
                unit_id=row.unit_id,
                child=row.category == CHILD_CATEGORY,
                need=body["reason"],
                subject=(kind, row.id),
                exception=exception_of(body) if excepted else None,
            )
        return Acted(act, row)


def read_act(uow: UnitOfWork, actor: Actor, act_id: uuid.UUID) -> Acted:
    """What an act of the desk has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        act = desk_actions.opened(tx, act_id)
        row: Report | None = tx.get(KINDS[act.row.report_kind].model, act.row.report_id)
        if row is None or act.row.person_id != actor.person_id:
            raise DomainError("not_found")
        return Acted(act, row)


def words_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The words of an act, which are sealed with it."""
    named = ("reason", "hand_over", "text_for_reporter", "exception", "exception_reason")
    return {name: body.get(name) for name in named}


def exception_of(body: Mapping[str, Any]) -> dict[str, str]:
    """By what exception something leaves against its teller's wish, and why."""
    return {"code": body["exception"], "reason": body["exception_reason"]}


def note(
    tx: Transaction, actor: Actor, permission: Permission, act: OpenedAct, row: Report, before: str | None
) -> None:
    """The leaf of an act: which report it was about, from where to where it went."""
    audit.record(
        tx, actor, Action.ALTER, permission, ACT_KIND, act.row.id,
        version=row.version, from_state=before, to_state=row.status, outcome=act.row.code or act.row.act,
        seen=[row.id], payload=act.document,
    )  # fmt: skip


def _ways(route: Route, service: str | None) -> set[Way]:
    """By what a triage lets a report leave its team."""
    leading = {Route.CRIME: Way.CRIME, Route.SAFEGUARDING: Way.SAFEGUARDING}
    ways = {leading[route]} if route in leading else set()
    return ways if service is None else {*ways, Way.HAND_OVER}


def _retention(tx: Transaction, without_purpose: bool) -> dict[str, Any]:  # noqa: FBT001 - one question, asked by name
    """What is no matter for the police is kept a short time only."""
    name = RETENTION_WITHOUT_PURPOSE if without_purpose else RETENTION
    return {"retention_class": name, "review_on": review_on(name, tx.now.date())}


def _posts_of(tx: Transaction, sight: VisibleScope) -> frozenset[uuid.UUID]:
    """The supervisors' posts in sight; those that nobody ever needed owe nothing."""
    found = (posts.find(tx, Role.SUPERVISOR, unit_id) for unit_id in sight.units)
    return frozenset(post_id for post_id in found if post_id is not None)


def _waiting(
    tx: Transaction, actor: Actor, sight: VisibleScope, duties: list[Duty]
) -> tuple[list[Waiting], frozenset[uuid.UUID]]:
    """The reports that wait, and those whose texts were opened to find their likely duplicates."""
    rows = queries.reports(tx, duties)
    linked = queries.linked_to(tx, list(rows)) if rows else {}
    found = duplicates.offers(tx, list(rows.values()), linked, sight.units & _readable(tx, actor))
    items = [_describe(tx, duty, rows[duty.subject_id], found) for duty in duties if duty.subject_id in rows]
    return items, found.opened


def _readable(tx: Transaction, actor: Actor) -> frozenset[uuid.UUID]:
    """The units whose reports the caller may read."""
    observed, told = (
        sight_of(actor, permission, tree=tree(tx))
        for permission in (Permission.OBSERVATION_READ, Permission.CONCERN_READ)
    )
    return observed.units & told.units


def _describe(tx: Transaction, duty: Duty, row: Report, results: Offers) -> Waiting:
    units = tree(tx)
    area = units.team_at(row.lat, row.lon) if row.lat is not None and row.lon is not None else None
    why = WHY[duty.kind]
    return Waiting(
        kind=duty.subject_kind,
        row=row,
        duty=duty,
        unit=units.name_of(row.unit_id),
        overdue=duty.due_at < tx.now,
        why=Why.DANGER if why is Why.NEW and row.immediate_danger else why,
        place_area=area.name if area is not None else None,
        duplicates=results.by_report[row.id],
    )
