"""The table of bias reviews."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, PartialIndex
from community_api.oversight.bias.terms import Finding, State


class BiasReview(Content, Base):
    """That an unusual share of what a place reported was flagged, and what was found behind it.

    Figures are rounded to the nearest five, the smallest is ten; the exact ones are kept nowhere. ``sealed``
    holds the words of whoever closed it; None: nobody has. At most one is open on a place.
    """

    __tablename__ = "oversight_bias_review"

    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    since: Mapped[datetime] = mapped_column()
    until: Mapped[datetime] = mapped_column()
    reports: Mapped[int] = mapped_column()
    flags: Mapped[int] = mapped_column()
    percent: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(10))
    raised_at: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    closed_by: Mapped[uuid.UUID | None] = mapped_column()
    finding: Mapped[str | None] = mapped_column(String(20))
    closing_id: Mapped[uuid.UUID | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state"),
        CheckConstraint(f"finding IN ({', '.join(repr(one.value) for one in Finding)})", name="finding"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closing"),
        CheckConstraint(
            "sealed IS NOT NULL OR state = 'open' OR erased_at IS NOT NULL", name="content_or_erased"
        ),
        PartialIndex(
            "uq_oversight_bias_review_open",
            "unit_id",
            unique=True,
            where=closed_at.is_(None),
        ),
        Index("ix_oversight_bias_review_raised", "raised_at", "id"),
    )
