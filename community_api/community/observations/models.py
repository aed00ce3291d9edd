"""The observation as it is kept."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content


class Observation(Content, Base):
    """Raw report by an officer.

    ``sealed`` holds facts, assessment and the words for the place as one document; None once erased.
    ``occurred_at`` and ``recorded_at`` are as the device told them, ``received_at`` is ours: order,
    deadlines and retention follow ours alone. ``clock_skew_s``: how far the device was ahead, in
    seconds; None when it did not say. ``matter_id`` is the opaque id under which feedback knows who
    is behind the report.
    """

    __tablename__ = "community_observation"

    reference: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column()
    reporter_id: Mapped[uuid.UUID] = mapped_column()
    reporter_account_id: Mapped[uuid.UUID] = mapped_column()
    matter_id: Mapped[uuid.UUID] = mapped_column()
    occurred_at: Mapped[datetime | None] = mapped_column()
    recorded_at: Mapped[datetime | None] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()
    clock_skew_s: Mapped[int | None] = mapped_column()
    purpose: Mapped[str] = mapped_column(String(30))
    category: Mapped[str | None] = mapped_column(String(40))
    source_relation: Mapped[str | None] = mapped_column(String(30))
    lat: Mapped[float | None] = mapped_column()
    lon: Mapped[float | None] = mapped_column()
    accuracy_m: Mapped[int | None] = mapped_column()
    precision: Mapped[str | None] = mapped_column(String(10))
    # The day on which it happened and the field of the grid, by which likely duplicates are found.
    happened_on: Mapped[date | None] = mapped_column()
    cell: Mapped[str | None] = mapped_column(String(20))
    immediate_danger: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(35))
    status: Mapped[str] = mapped_column(String(20))
    attachments_state: Mapped[str] = mapped_column(String(12), default="none")
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        # One constraint: PostgreSQL reads the text of each anew for every row that is written, and those over
        # lists of codes, and a key to the unit that locks its row, took more than the row itself. The codes
        # are held by schemas and terms; units are never deleted.
        CheckConstraint(
            "erased_at IS NOT NULL"
            " OR (sealed IS NOT NULL AND occurred_at IS NOT NULL AND category IS NOT NULL)",
            name="content_or_erased",
        ),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place"),
        Index("ix_community_observation_unit", "unit_id", "received_at", "id"),
        Index("ix_community_observation_reporter", "reporter_id", "received_at", "id"),
        Index("ix_community_observation_received", "received_at", "id"),
        Index("ix_community_observation_near", "happened_on", "cell"),
    )
