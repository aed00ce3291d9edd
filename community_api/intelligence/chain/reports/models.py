"""Tables of sanitised reports: ids, dates and words of their own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, Identified, PartialIndex, Versioned
from community_api.intelligence.chain.reports.terms import RECALLED, DisseminationState, NoticeKind

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

    ``referral_id`` is the sender's case, ``child_id`` the recipient's own (None: to another state, where no
    case begins). ``recalled_by_id`` is the case that took it back. ``sealed``: purpose, legal basis,
    conditions and need to know in words.
    """

    __tablename__ = "intel_dissemination"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_report.id"))
    report_version: Mapped[int] = mapped_column()
    referral_id: Mapped[uuid.UUID] = mapped_column()
    child_id: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    from_unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    to_unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    handling_scheme: Mapped[str] = mapped_column(String(20))
    handling_code: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
    decided_at: Mapped[datetime | None] = mapped_column()
    recalled_at: Mapped[datetime | None] = mapped_column()
    recalled_by_id: Mapped[uuid.UUID | None] = mapped_column()
    recall_confirmed_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(
            f"state IN ({', '.join(repr(one.value) for one in DisseminationState)})", name="state"
        ),
        # A unit is given a report once, whoever gives it; again only after a recall.
        PartialIndex(
            "uq_intel_dissemination_holder",
            "report_id",
            "to_unit_id",
            unique=True,
            where=text(HELD),
        ),
        Index("ix_intel_dissemination_to", "to_unit_id", "report_id"),
        Index("ix_intel_dissemination_referral", "referral_id"),
        PartialIndex(
            "ix_intel_dissemination_recalled_by",
            "recalled_by_id",
            where=text("recalled_by_id IS NOT NULL"),
        ),
        Index("ix_intel_dissemination_report", "report_id"),
        Index("ix_intel_dissemination_sent", "sent_at"),
    )


class ReportNotice(Versioned, Base):
    """What whoever holds a report has to confirm: that they have its new grade, or its corrected text.

    ``report_version`` is the version that it tells of. ``confirmed_at`` None: not confirmed yet.
    """

    __tablename__ = "intel_report_notice"

    dissemination_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_dissemination.id"))
    kind: Mapped[str] = mapped_column(String(12))
    report_version: Mapped[int] = mapped_column()
    sent_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    confirmed_at: Mapped[datetime | None] = mapped_column()
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(one.value) for one in NoticeKind)})", name="kind"),
        Index("ix_intel_report_notice_dissemination", "dissemination_id"),
    )


class OriginatorQuestion(Versioned, Base):
    """A question for the originator's consent: its id is that of the step that asked.

    ``answer`` None: it waits. The words are those of the two steps.
    """

    __tablename__ = "intel_originator_question"

    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_report.id"))
    asking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_referral.id"))
    answering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_referral.id"))
    asked_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None] = mapped_column()
    answer_step_id: Mapped[uuid.UUID | None] = mapped_column()

    __table_args__ = (
        Index("ix_intel_originator_question_asking", "asking_id"),
        Index("ix_intel_originator_question_answering", "answering_id"),
    )
