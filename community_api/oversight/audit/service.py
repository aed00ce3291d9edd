"""What can be read of the audit log, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.access.terms import Cell
from community_api.access.visibility import VisibleScope
from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.pagination import Page, PageWanted, page

KIND = "audit_event"


def list_entries(uow: UnitOfWork, actor: Actor, *, filters: Mapping[str, Any], wanted: PageWanted) -> Page:
    """Events, newest first: all to oversight, envelopes to the data protection officer, else one's own.

    ``filters``: action, kind, object, since, until. Reading writes a leaf of its own, without the ids
    shown: a log of the log would never end.
    """
    with uow() as tx:
        sight = access.require_list(tx, actor, Permission.AUDIT_LIST)
        found = page(
            tx,
            _narrowed(_visible(sight, actor), filters),
            order=[AuditEvent.at, AuditEvent.id],
            newest_first=True,
            wanted=wanted,
            scope=f"audit:{actor.account_id}:{sorted(filters.items(), key=str)}",
        )
        audit.record(
            tx, actor, Action.CONSULT, Permission.AUDIT_LIST, KIND, None, outcome=f"shown:{len(found.items)}"
        )
        return found


def _visible(sight: VisibleScope, actor: Actor) -> Select[Any]:
    query = select(AuditEvent)
    if sight.everything or any(part.cell is Cell.METADATA for part in sight.parts):
        return query
    return query.where(AuditEvent.actor == actor.account_id)


def _narrowed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    for name, column in (
        ("action", AuditEvent.action),
        ("kind", AuditEvent.object_kind),
        ("object", AuditEvent.object_id),
    ):
        if filters.get(name) is not None:
            query = query.where(column == filters[name])
    if filters.get("since") is not None:
        query = query.where(AuditEvent.at >= filters["since"])
    if filters.get("until") is not None:
        query = query.where(AuditEvent.at < filters["until"])
    return query
