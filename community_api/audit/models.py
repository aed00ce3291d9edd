"""The leaf of the audit log (R16, P53)."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Identified, PartialIndex


class AuditEvent(Identified, Base):
    """One leaf: append-only but for three one-way changes, which triggers hold.

    ``envelope`` is canonical JSON (RFC 8785) of ids and codes; ``leaf_hash`` is
    SHA-256(0x00 ‖ envelope). ``salt`` and ``payload_ct`` are sealed under the key of the record
    ``payload_owner``; erasure sets both to NULL together and the leaf reveals nothing. ``leaf_index``
    is given once, by the sequencer.

    ``at``, ``actor``, ``action``, ``object_kind`` and ``object_id`` repeat the envelope, for reading.
    """

    __tablename__ = "audit_event"

    leaf_index: Mapped[int | None] = mapped_column()
    envelope: Mapped[str] = mapped_column(Text)
    leaf_hash: Mapped[bytes] = mapped_column()
    salt: Mapped[bytes | None] = mapped_column()
    payload_ct: Mapped[bytes | None] = mapped_column()
    payload_owner: Mapped[uuid.UUID | None] = mapped_column()
    at: Mapped[datetime] = mapped_column()
    actor: Mapped[uuid.UUID | None] = mapped_column()
    action: Mapped[str] = mapped_column(String(12))
    object_kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[uuid.UUID | None] = mapped_column()

    __table_args__ = (
        # Only what has its number is in it, so that a leaf costs nothing here until the sequencer comes.
        PartialIndex(
            "uq_audit_event_leaf_index",
            "leaf_index",
            unique=True,
            where=leaf_index.is_not(None),
        ),
        Index("ix_audit_event_at", "at", "id"),
        Index("ix_audit_event_actor", "actor", "at", "id"),
        # A list is about no single record.
        PartialIndex("ix_audit_event_object", "object_id", where=object_id.is_not(None)),
    )


class JunkCount(Base):
    """Requests nobody signed in for, counted by minute and endpoint until their summary leaf is written."""

    __tablename__ = "audit_anonymous_refusal"

    minute: Mapped[datetime] = mapped_column(primary_key=True)
    endpoint: Mapped[str] = mapped_column(String(80), primary_key=True)
    status: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column()
