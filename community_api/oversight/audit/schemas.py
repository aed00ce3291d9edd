"""What is shown of the audit log."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.core.schemas.fields import BaseSchema, Choice, Id, Moment
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.special_fields import PeriodQuery
from community_api.core.schemas.validators import Bounded


class AuditQuery(PeriodQuery):
    """What a list of events is narrowed by."""

    action = Choice(Action)
    kind = fields.String(validate=Bounded(40))
    object = Id()


class AuditEventOut(BaseSchema):
    """One leaf: SHA-256(0x00 ‖ envelope) is ``leaf_hash``, so anybody can recompute it."""

    id = Id(required=True)
    at = Moment(required=True)
    action = fields.String(required=True)
    kind = fields.String(required=True)
    object = Id(required=True, allow_none=True)
    actor = Id(required=True, allow_none=True)
    leaf_index = fields.Integer(required=True, allow_none=True)
    leaf_hash = fields.String(required=True)
    envelope = fields.String(
        required=True, metadata={"description": "Canonical JSON (RFC 8785), ids and codes only"}
    )


AuditEvents = page_schema(AuditEventOut, "AuditEvents")


def event_view(row: AuditEvent) -> dict[str, Any]:
    """What is shown of an event."""
    return {
        "id": row.id,
        "at": row.at,
        "action": row.action,
        "kind": row.object_kind,
        "object": row.object_id,
        "actor": row.actor,
        "leaf_index": row.leaf_index,
        "leaf_hash": row.leaf_hash.hex(),
        "envelope": row.envelope,
    }
