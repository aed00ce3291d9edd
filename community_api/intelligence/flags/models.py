"""Flags as they are kept. No column holds the id of a community row: only the valve's table does."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, Identified, PartialIndex
from community_api.intelligence.flags.terms import Status, Why


class Flag(Content, Base):
    """A reasoned request that a report enter the VERLT path.

    ``sealed`` holds grounds with their facts, the alternative explanation, necessity,
    proportionality and subjects as one document. ``unit_id`` is the team of the report,
    ``local_unit_id`` the intelligence unit above it. ``procedure_*`` is the pack whose clocks run.
    """

    __tablename__ = "intel_flag"

    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    local_unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    flagger_id: Mapped[uuid.UUID] = mapped_column()
    raised_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    lapses_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    procedure_name: Mapped[str] = mapped_column(String(60))
    procedure_version: Mapped[int] = mapped_column()
    indicator_list_version: Mapped[int] = mapped_column()
    cosign_required: Mapped[bool] = mapped_column()
    danger_to_life: Mapped[bool] = mapped_column(default=False)
    # Of a report whose teller forbade it; None: nobody did.
    exception: Mapped[str | None] = mapped_column(String(20))
    # Since when nothing finds it any more; None: something may.
    forgotten_on: Mapped[date | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(f"status IN ({', '.join(repr(one.value) for one in Status)})", name="status"),
        Index("ix_intel_flag_unit", "unit_id", "due_at", "id"),
        Index("ix_intel_flag_local_unit", "local_unit_id", "status", "due_at", "id"),
        Index("ix_intel_flag_flagger", "flagger_id", "due_at", "id"),
        Index("ix_intel_flag_due", "due_at", "id"),
        # For figures, which look at a time and not at a unit.
        Index("ix_intel_flag_raised", "raised_at", "unit_id"),
        PartialIndex(
            "ix_intel_flag_ended",
            "ended_at",
            "unit_id",
            where=text("ended_at IS NOT NULL"),
        ),
    )


class Ground(Identified, Base):
    """Which indicator a flag names; the fact itself is sealed with the flag."""

    __tablename__ = "intel_flag_ground"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), index=True)
    indicator: Mapped[str] = mapped_column(String(60), index=True)


class FlagIdentity(Content, Base):
    """What identifies the subjects of a flag, sealed apart under a key of its own."""

    __tablename__ = "intel_flag_identity"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), unique=True)
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
    )


class SubjectSlot(Identified, Base):
    """That a flag is about a subject: ``token`` is a slot of the subject, no two of which are alike.

    It finds earlier flags about the same person without any search over words (R10, R12), by the server's
    keys alone.
    """

    __tablename__ = "intel_subject_slot"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)


class FlagRelation(Identified, Base):
    """One side of two flags that belong together: ``token`` is a slot of the one, ``masked`` names the other.

    Written when the later flag is raised, or when a link of reports is made or ended.
    """

    __tablename__ = "intel_flag_relation"

    token: Mapped[str] = mapped_column(String(64), unique=True)
    masked: Mapped[bytes] = mapped_column(LargeBinary(32))


class SubjectToken(Identified, Base):
    """The tokens of earlier releases, equal where the same was told; the worker empties this table."""

    __tablename__ = "intel_subject_token"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), index=True)
    token: Mapped[bytes] = mapped_column(LargeBinary(32), index=True)


class RelatedFlag(Identified, Base):
    """The relations of earlier releases, in plain; the worker empties this table."""

    __tablename__ = "intel_related_flag"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), index=True)
    earlier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"), index=True)
    why: Mapped[str] = mapped_column(String(8))

    __table_args__ = (
        UniqueConstraint("flag_id", "earlier_id", "why"),
        CheckConstraint(f"why IN ({', '.join(repr(one.value) for one in Why)})", name="why"),
    )


class FlagDecision(Content, Base):
    """What a second person said of a flag: a co-signature, a decision, or the flagger's withdrawal.

    ``act`` is cosign, ask_cosign, decide or withdraw; at most one of each. ``sealed``: the reasons in words.
    """

    __tablename__ = "intel_flag_decision"

    flag_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("intel_flag.id"))
    act: Mapped[str] = mapped_column(String(12))
    decision: Mapped[str] = mapped_column(String(12))
    person_id: Mapped[uuid.UUID] = mapped_column()
    decided_at: Mapped[datetime] = mapped_column()
    guardian_told: Mapped[str | None] = mapped_column(String(10))
    stands_without_protected_ground: Mapped[bool | None] = mapped_column()
    teller_protected: Mapped[bool | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("uq_intel_flag_decision_act", "flag_id", "act", unique=True),
        Index("ix_intel_flag_decision_decided", "decided_at"),
    )


class FlagTurnedAway(Identified, Base):
    """One flag that was refused at the door, for figures: which team's report, which day, for what reason.

    Neither who sent it nor about which report: what is refused leaves no trace of anybody.
    """

    __tablename__ = "intel_flag_refusal"

    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    day: Mapped[date] = mapped_column()
    reason: Mapped[str] = mapped_column(String(40))

    __table_args__ = (Index("ix_intel_flag_refusal_day", "day", "unit_id"),)
