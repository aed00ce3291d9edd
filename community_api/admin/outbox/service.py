"""Looking at the outbox, and giving what was given up another chance."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database import schema_version
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, not_found
from community_api.core.pagination import Page, PageWanted, page
from community_api.outbox import queries
from community_api.outbox.models import OutboxItem
from community_api.outbox.queries import Depth

KIND = "outbox_item"


@dataclass(frozen=True)
class State:
    """``schema`` is the revision of the database; None: it was never migrated."""

    depth: Depth
    schema: str | None


def read_state(uow: UnitOfWork, actor: Actor) -> State:
    """How much there is to do, and what runs."""
    with uow() as tx:
        access.require(tx, actor, Permission.OPERATIONS_READ, None)
        schema = schema_version.current(tx.session.connection())
        return State(queries.depth(tx), schema)


def list_dead_letters(uow: UnitOfWork, actor: Actor, *, wanted: PageWanted) -> Page:
    """Items that were given up, the latest first; writes a leaf with the ids shown."""
    with uow() as tx:
        access.require(tx, actor, Permission.DEAD_LETTER_LIST, None)
        found = page(
            tx,
            queries.dead_letters(),
            order=[OutboxItem.dead_at, OutboxItem.id],
            newest_first=True,
            wanted=wanted,
            scope=f"dead_letters:{actor.account_id}",
        )
        shown = [item.id for item in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.DEAD_LETTER_LIST, KIND, None, seen=shown)
        return found


def retry_dead_letter(uow: UnitOfWork, actor: Actor, command: Command, item_id: uuid.UUID) -> OutboxItem:
    """Have the worker try again from the start; raises ``not_found``, ``conflict`` if it is alive."""
    with uow(command) as tx:
        access.require(tx, actor, Permission.DEAD_LETTER_RETRY, None)
        item = _item(tx, item_id)
        if item.dead_at is None or item.cancelled_at is not None:
            raise DomainError("conflict")
        tx.update_where(
            OutboxItem,
            {"id": item.id, "dead_at": item.dead_at, "cancelled_at": None},
            {"dead_at": None, "retry_at": None, "attempts": 0},
        )
        item.dead_at, item.retry_at, item.attempts = None, None, 0
        audit.record(
            tx,
            actor,
            Action.CONFIG,
            Permission.DEAD_LETTER_RETRY,
            KIND,
            item.id,
            from_state="dead",
            to_state="waiting",
        )
        return item


def read_item(uow: UnitOfWork, actor: Actor, item_id: uuid.UUID) -> OutboxItem:
    """An item as it is now, for a retry that is sent again."""
    with uow() as tx:
        access.require(tx, actor, Permission.DEAD_LETTER_RETRY, None)
        return _item(tx, item_id)


def _item(tx: Transaction, item_id: uuid.UUID) -> OutboxItem:
    item = tx.get(OutboxItem, item_id)
    if item is None:
        raise not_found()
    return item
