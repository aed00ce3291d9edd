"""Tables of sanitised reports: ids, dates and words of their own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.db import Base, Content, Identified
from community_api.intelligence.reports.terms import RECALLED, DisseminationState

HELD = f"state NOT IN ({', '.join(repr(one.value) for one in RECALLED)})"


class IntelligenceReport(Content, Base):
    """Evaluated, sanitised document with a number of its own; no source, no reporter, no report behind it."""

    __tablename__ = "intel_report"

    number: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    produced_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("ix_intel_report_unit", "unit_id", "produced_at", "id"),
        Index("ix_intel_report_produced", "produced_at", "id"),
    )


class ReportGrade(Identified, Base):
    """A grade of a report: scheme and axis always beside the code; ``derived_from`` for a conversion."""

    __tablename__ = "intel_report_grade"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_report.id"))
    scheme: Mapped[str] = mapped_column(String(20))
    axis: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    derived_from: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (UniqueConstraint("report_id", "scheme", "axis"),)


class Dissemination(Content, Base):
    """One giving of one version of one report to one unit for one purpose.

    ``referral_id`` is the sender's case, ``child_id`` the recipient's own. ``sealed``: purpose,
    legal basis, conditions and need to know in words.
    """

    __tablename__ = "intel_dissemination"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_report.id"))
    report_version: Mapped[int] = mapped_column()
    referral_id: Mapped[uuid.UUID] = mapped_column()
    child_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    from_unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    to_unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    handling_scheme: Mapped[str] = mapped_column(String(20))
    handling_code: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(
            f"state IN ({', '.join(repr(one.value) for one in DisseminationState)})", name="state"
        ),
        # A unit is given a report once, whoever gives it; again only after a recall.
        Index(
            "uq_intel_dissemination_holder",
            "report_id",
            "to_unit_id",
            unique=True,
            sqlite_where=text(HELD),
            postgresql_where=text(HELD),
        ),
        Index("ix_intel_dissemination_to", "to_unit_id", "report_id"),
        Index("ix_intel_dissemination_referral", "referral_id"),
    )
