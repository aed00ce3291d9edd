"""A problem, what was done about it, with whom, and which reports tell of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, Identified

# A list title that was sent, or a category and a reference.
LONGEST_LIST_TITLE = 100


class Problem(Content, Base):
    """Something that troubles a neighbourhood. ``stage`` is that of the newest entry.

    ``sealed`` holds the title as it was written; ``list_title`` stands in lists, in clear: what passed the
    check of words, or category and reference. ``title``: of earlier releases, until it is sealed.
    ``achieved`` None: it is open.
    """

    __tablename__ = "community_problem"

    reference: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    title: Mapped[str | None] = mapped_column(String(150))
    list_title: Mapped[str | None] = mapped_column(String(LONGEST_LIST_TITLE))
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()
    stage: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(10))
    opened_by_id: Mapped[uuid.UUID] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    achieved: Mapped[str | None] = mapped_column(String(12))

    __table_args__ = (
        CheckConstraint(
            "sealed IS NOT NULL OR title IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"
        ),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("(achieved IS NULL) = (closed_at IS NULL)", name="achieved"),
        Index("ix_community_problem_unit", "unit_id", "opened_at", "id"),
        Index("ix_community_problem_opened", "opened_at", "id"),
    )


class ProblemEntry(Content, Base):
    """What was found, done or assessed; ``sealed`` holds the text and the partners with their parts.

    ``achieved``: this entry closed the problem; None: it did not.
    """

    __tablename__ = "community_problem_entry"

    problem_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_problem.id"))
    stage: Mapped[str] = mapped_column(String(12))
    author_id: Mapped[uuid.UUID] = mapped_column()
    written_at: Mapped[datetime] = mapped_column()
    achieved: Mapped[str | None] = mapped_column(String(12))
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("ix_community_problem_entry_problem", "problem_id", "written_at", "id"),
    )


class ProblemPartner(Identified, Base):
    """A body outside that works on a problem, and so may read it and add to it."""

    __tablename__ = "community_problem_partner"

    problem_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_problem.id"))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    since: Mapped[datetime] = mapped_column()

    __table_args__ = (
        UniqueConstraint("problem_id", "unit_id"),
        Index("ix_community_problem_partner_unit", "unit_id"),
    )


class ProblemReport(Identified, Base):
    """A report that tells of a problem. ``received_at`` is the report's, of a concern the day."""

    __tablename__ = "community_problem_report"

    problem_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_problem.id"))
    report_kind: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[uuid.UUID] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()
    attached_at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        UniqueConstraint("problem_id", "report_id"),
        Index("ix_community_problem_report_report", "report_id"),
    )
