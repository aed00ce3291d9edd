"""What is shown to an administrator."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.admin.outbox.service import State
from community_api.core.monitoring.health import WORKER_STATES
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    PageQuery,
    Receipted,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.outbox.models import OutboxItem

STATES = ("waiting", "dead", "done", "cancelled")


class OperationsOut(BaseSchema):
    """How much there is to do, and what runs."""

    schema = fields.String(
        required=True, allow_none=True, metadata={"description": "Revision of the database"}
    )
    outbox_unfinished = fields.Integer(required=True)
    outbox_due = fields.Integer(required=True)
    outbox_lag_s = fields.Integer(required=True, metadata={"description": "How late the oldest due item is"})
    dead_letters = fields.Integer(required=True)
    worker = Choice(WORKER_STATES, required=True, metadata={"description": "As /health/ready tells it"})


class DeadLetterQuery(PageQuery):
    """Pages only."""


class RetryIn(CommandSchema):
    """Nothing but the command's id."""


class OutboxItemOut(BaseSchema):
    """Something due: what kind, about which id, and what hinders it."""

    id = Id(required=True)
    kind = fields.String(required=True)
    subject = Id(required=True, metadata={"description": "Opaque id of what it is about"})
    state = Choice(STATES, required=True)
    due_at = Moment(required=True)
    attempts = fields.Integer(required=True)
    last_error = fields.String(required=True, allow_none=True, metadata={"description": "A code"})
    dead_at = Moment(required=True, allow_none=True)


class RetriedOut(Receipted, OutboxItemOut):
    """The item after its retry was ordered."""


DeadLetters = page_schema(OutboxItemOut, "DeadLetters")


def state_view(state: State, worker: str) -> dict[str, Any]:
    return {
        "schema": state.schema,
        "outbox_unfinished": state.depth.unfinished,
        "outbox_due": state.depth.due,
        "outbox_lag_s": int(state.depth.lag.total_seconds()),
        "dead_letters": state.depth.dead,
        "worker": worker,
    }


def item_view(item: OutboxItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "kind": item.kind,
        "subject": item.ref_id,
        "state": _state(item),
        "due_at": item.due_at,
        "attempts": item.attempts,
        "last_error": item.last_error,
        "dead_at": item.dead_at,
    }


def _state(item: OutboxItem) -> str:
    if item.cancelled_at is not None:
        return "cancelled"
    if item.done_at is not None:
        return "done"
    return "waiting" if item.dead_at is None else "dead"
