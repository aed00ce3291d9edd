"""Linking reports that belong together, and taking links back; no reporter ever learns of the other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.target import Target
from community_api.audit.terms import Action
from community_api.community.shared.models import Link
from community_api.community.shared.terms import LINK_CHANGED, LINK_KIND, LINK_LABEL, RETENTION
from community_api.community.triage import queries
from community_api.community.triage.report_adapters import KINDS, Report
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.core.retention import review_on
from community_api.outbox import service as outbox


@dataclass(frozen=True)
class OpenedLink:
    """A link with its reason; None once erased."""

    row: Link
    reason: str | None


def link(uow: UnitOfWork, actor: Actor, command: Command, *, body: Mapping[str, Any]) -> OpenedLink:
    """Say that two reports belong together. ``body``: a, b (kind and id of each), reason.

    Raises DomainError ``not_found`` for a report that the caller's desk may not see, ``already_linked``.
    """
    with uow(command) as tx:
        found = [(end, _end(tx, actor, end)) for end in (body["a"], body["b"])]
        found.sort(key=lambda item: str(item[1].id))
        ends, rows = [end for end, _ in found], [row for _, row in found]
        if rows[0].id == rows[1].id:
            raise invalid("/b/id", "same_as_other")
        if any(row.erased_at is not None for row in rows):
            raise DomainError("erased")
        if queries.link_between(tx, rows[0].id, rows[1].id) is not None:
            raise DomainError("already_linked")
        row = _keep(tx, actor, command.record_id, ends, rows, body["reason"])
        outbox.schedule(tx, LINK_CHANGED, row.id, tx.now)
        audit.record(
            tx, actor, Action.COMBINE, Permission.COMMUNITY_REPORT_LINK, LINK_KIND, row.id,
            version=1, to_state="linked", seen=[one.id for one in rows], payload={"reason": body["reason"]},
        )  # fmt: skip
        return OpenedLink(row, body["reason"])


def unlink(uow: UnitOfWork, actor: Actor, command: Command, *, link_id: uuid.UUID) -> None:
    """Take a link back; taken back already is no error. Raises DomainError ``not_found``."""
    with uow(command) as tx:
        row = tx.get(Link, link_id)
        for target in _targets(row):
            access.require(tx, actor, Permission.LINK_END, target, object_id=link_id)
        if row is None:
            raise DomainError("not_found")
        for end in ({"kind": row.a_kind, "id": row.a_id}, {"kind": row.b_kind, "id": row.b_id}):
            _end(tx, actor, end)
        if row.ended_at is not None:
            return
        tx.update_row(row, ended_at=tx.now, ended_by_id=actor.person_id)
        outbox.schedule(tx, LINK_CHANGED, row.id, tx.now)
        audit.record(
            tx, actor, Action.COMBINE, Permission.LINK_END, LINK_KIND, row.id,
            version=row.version, from_state="linked", to_state="unlinked", seen=[row.a_id, row.b_id],
        )  # fmt: skip


def list_links(uow: UnitOfWork, actor: Actor, *, report_id: uuid.UUID | None, wanted: PageWanted) -> Page:
    """Links among what the caller's desks may see, newest first; ``report_id`` None: all of them."""
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.LINK_LIST)
        found = page(
            tx,
            queries.links(sight.units, report_id),
            order=[Link.made_at, Link.id],
            newest_first=True,
            wanted=wanted,
            scope=f"links:{actor.account_id}:{report_id}",
        )
        audit.record(
            tx, actor, Action.CONSULT, Permission.LINK_LIST, LINK_KIND, None,
            seen=[row.id for row in found.items],
        )  # fmt: skip
        return found


def read_link(uow: UnitOfWork, actor: Actor, link_id: uuid.UUID) -> OpenedLink:
    """What a link has become, for whoever sends it again; raises DomainError ``not_found``."""
    with uow() as tx:
        row = tx.get(Link, link_id)
        if row is None or row.made_by_id != actor.person_id:
            raise DomainError("not_found")
        document: Mapping[str, Any] = {}
        if row.sealed is not None:
            document = tx.sealer.open(tx, row.id, LINK_LABEL, row.text_version, row.sealed)
        return OpenedLink(row, document.get("reason"))


def _targets(row: Link | None) -> tuple[Target, ...]:
    """What policy needs to know of a link: it is of both teams, and nobody of one alone ends it."""
    if row is None:
        return (Target.absent(LINK_KIND),)
    return tuple(Target(LINK_KIND, unit_id=unit_id) for unit_id in (row.a_unit_id, row.b_unit_id))


def _end(tx: Transaction, actor: Actor, end: Mapping[str, Any]) -> Report:
    row: Report = KINDS[end["kind"]].find(tx, actor, end["id"], Permission.COMMUNITY_REPORT_LINK)
    return row


def _keep(
    tx: Transaction,
    actor: Actor,
    link_id: uuid.UUID,
    ends: list[Mapping[str, Any]],
    rows: list[Report],
    reason: str,
) -> Link:
    return tx.add(
        Link(
            id=link_id,
            a_kind=ends[0]["kind"],
            a_id=rows[0].id,
            a_unit_id=rows[0].unit_id,
            b_kind=ends[1]["kind"],
            b_id=rows[1].id,
            b_unit_id=rows[1].unit_id,
            made_by_id=actor.person_id,
            made_at=tx.now,
            retention_class=RETENTION,
            review_on=review_on(RETENTION, tx.now.date()),
            sealed=tx.sealer.seal_new(tx, link_id, LINK_LABEL, {"reason": reason}),
        )
    )
