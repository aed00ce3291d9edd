"""The valve's own table: the only place that knows which flag stands on which report."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, PartialIndex, Versioned


class FlagLink(Versioned, Base):
    """One flag at the valve: its id is the flag's. ``ended_at`` None: it waits for its second person.

    ``passed_at`` set: the minimum left by it. A report has at most one flag that waits; once withdrawn it
    holds that place itself, by a row of its own id, unless a flag's withdrawal went with its own.
    ``supplements_when_refused``: how much had been added to the report when a second person refused; None:
    nobody did.
    """

    __tablename__ = "valve_passage"

    report_kind: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[uuid.UUID] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    passed_at: Mapped[datetime | None] = mapped_column()
    supplements_when_refused: Mapped[int | None] = mapped_column()

    __table_args__ = (
        PartialIndex(
            "uq_valve_passage_waiting",
            "report_kind",
            "report_id",
            unique=True,
            where=text("ended_at IS NULL"),
        ),
        Index("ix_valve_passage_report", "report_id"),
    )
