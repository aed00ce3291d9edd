"""Tables of referrals: the case, who did what in it, its steps and grades."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, Identified, PartialIndex


class Referral(Content, Base):
    """One case at one unit; it keeps the procedure version that it started with.

    ``sealed`` is the case's own copy of the minimum that a flag carried; None for a recipient's
    case, which works on the sanitised report ``report_id``. ``matter_alias`` is how the chain names
    the matter to feedback. ``due_at`` None and ``owner_post_id`` None: the case has ended.
    """

    __tablename__ = "intel_referral"

    reference: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    level: Mapped[str] = mapped_column(String(12))
    flag_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("intel_flag.id"))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("intel_referral.id"))
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("intel_report.id"))
    matter_alias: Mapped[uuid.UUID] = mapped_column()
    procedure_name: Mapped[str] = mapped_column(String(60))
    procedure_version: Mapped[int] = mapped_column()
    procedure_hash: Mapped[str] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(40))
    phase: Mapped[str] = mapped_column(String(10))
    urgent: Mapped[bool] = mapped_column(default=False)
    child: Mapped[bool] = mapped_column(default=False)
    # Of whom the flag speaks, as codes: how long the case is kept may depend on it.
    subject_categories: Mapped[list[Any]] = mapped_column(default=list)
    marks: Mapped[list[Any]] = mapped_column(default=list)
    owner_post_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("units_post.id"))
    due_at: Mapped[datetime | None] = mapped_column()
    # When the case came into its stage, and when the stage's clock stood still: [[since, until], …].
    entered_at: Mapped[datetime] = mapped_column()
    pauses: Mapped[list[Any]] = mapped_column(default=list)
    opened_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    # What a queue is ordered by (``terms.place_in_queue``): the due time; what has ended comes behind.
    queue_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(
            "sealed IS NOT NULL OR parent_id IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"
        ),
        CheckConstraint(
            "phase = 'ended' OR (owner_post_id IS NOT NULL AND due_at IS NOT NULL)", name="owner_or_end"
        ),
        PartialIndex(
            "uq_intel_referral_flag",
            "flag_id",
            unique=True,
            where=text("flag_id IS NOT NULL"),
        ),
        Index("ix_intel_referral_unit", "unit_id", "queue_at", "id"),
        Index("ix_intel_referral_queue", "queue_at", "id"),
        # Without those of the first unit in a chain, which are most: SQLite would take all for one child's.
        PartialIndex(
            "ix_intel_referral_parent",
            "parent_id",
            where=text("parent_id IS NOT NULL"),
        ),
    )


class ReferralActor(Identified, Base):
    """Who did what in a case: what second persons are judged by, person by person."""

    __tablename__ = "intel_referral_actor"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_referral.id"))
    act: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column()

    __table_args__ = (UniqueConstraint("referral_id", "act", "person_id"),)


class ReferralStep(Content, Base):
    """One step of a case. ``post_id`` and ``person_id`` None: a move of the product itself.

    ``sealed``: the fields of the step as one document; a move has none.
    """

    __tablename__ = "intel_referral_step"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_referral.id"))
    # The version that the case had reached with this step: its place in the history.
    ordinal: Mapped[int] = mapped_column()
    action: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(40))
    from_stage: Mapped[str] = mapped_column(String(40))
    to_stage: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column()
    post_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("units_post.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(
            "sealed IS NOT NULL OR person_id IS NULL OR erased_at IS NOT NULL", name="content_or_erased"
        ),
        UniqueConstraint("referral_id", "ordinal"),
    )


class ReferralGrade(Identified, Base):
    """A grade given in a case: scheme and axis always beside the code."""

    __tablename__ = "intel_referral_grade"

    referral_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_referral.id"))
    scheme: Mapped[str] = mapped_column(String(20))
    axis: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    derived_from: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (UniqueConstraint("referral_id", "scheme", "axis"),)
