"""Tables of emergencies."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.community.emergencies.terms import Act, State
from community_api.core.db import Base, Content, Identified, PartialIndex
from community_api.procedures.models import Governed


class Emergency(Governed, Content, Base):
    """That a report told of danger to somebody, and how far it is dealt with.

    ``unit_id`` is the local unit of the report's team; where there is none, the national unit.
    ``owner_post_id`` is the commander who was paged first, then the one who acknowledged: that post
    accounts for it. The report itself stays where it is; ``subject_kind`` says which.
    """

    __tablename__ = "community_emergency"

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    unit_id: Mapped[uuid.UUID] = mapped_column()
    owner_post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    state: Mapped[str] = mapped_column(String(20))
    rounds: Mapped[int] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    paged_at: Mapped[datetime] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
    justify_by: Mapped[datetime] = mapped_column()
    justified_at: Mapped[datetime | None] = mapped_column()
    breached_at: Mapped[datetime | None] = mapped_column()
    stood_down_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        UniqueConstraint("subject_id"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state"),
        Index("ix_community_emergency_unit", "unit_id", "opened_at", "id"),
        Index("ix_community_emergency_opened", "opened_at", "id"),
    )


class EmergencyPage(Identified, Base):
    """That a commander's post was called in a round; ``handed_over_at`` None: the call has not left yet."""

    __tablename__ = "community_emergency_page"

    emergency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_emergency.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    round: Mapped[int] = mapped_column()
    paged_at: Mapped[datetime] = mapped_column()
    handed_over_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (UniqueConstraint("emergency_id", "round", "post_id"),)


class EmergencyEntry(Content, Base):
    """What a commander did about an emergency; ``sealed``: the words, None for an acknowledgement."""

    __tablename__ = "community_emergency_entry"

    emergency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_emergency.id"))
    act: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[uuid.UUID] = mapped_column()
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    entered_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL OR act = 'acknowledgement'", name="content_or_erased"
        ),
        CheckConstraint(f"act IN ({', '.join(repr(one.value) for one in Act)})", name="act"),
        Index("ix_community_emergency_entry_emergency", "emergency_id", "entered_at", "id"),
        # Everything but an action happens once, whoever is faster.
        PartialIndex(
            "uq_community_emergency_entry_once",
            "emergency_id",
            "act",
            unique=True,
            where=text("act <> 'action'"),
        ),
    )
