"""What is added to a report, what the desk does with it, and what it found to belong together."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, PartialIndex


class Supplement(Content, Base):
    """More facts, another assessment, or an answer to a question, by whoever knows more."""

    __tablename__ = "community_supplement"

    report_kind: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[uuid.UUID] = mapped_column()
    author_id: Mapped[uuid.UUID] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("ix_community_supplement_report", "report_id", "received_at"),
    )


class DeskAct(Content, Base):
    """A triage, a closing or a reopening. ``code``: the route or the reason; None: it has none.

    ``sealed`` holds the words: reason, text for the reporter, the service that takes over. ``reply_id``: the
    reply to a member of the public that a second person must approve first; None: there is none.
    """

    __tablename__ = "community_desk_act"

    report_kind: Mapped[str] = mapped_column(String(20))
    report_id: Mapped[uuid.UUID] = mapped_column()
    act: Mapped[str] = mapped_column(String(12))
    code: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[uuid.UUID] = mapped_column()
    acted_at: Mapped[datetime] = mapped_column()
    reply_id: Mapped[uuid.UUID | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("ix_community_desk_act_report", "report_id", "acted_at"),
    )


class Link(Content, Base):
    """Two reports that belong together, the smaller id first; ``ended_at`` None: they still do.

    ``sealed`` holds the reason. Neither reporter ever learns of it.
    """

    __tablename__ = "community_link"

    a_kind: Mapped[str] = mapped_column(String(20))
    a_id: Mapped[uuid.UUID] = mapped_column()
    a_unit_id: Mapped[uuid.UUID] = mapped_column()
    b_kind: Mapped[str] = mapped_column(String(20))
    b_id: Mapped[uuid.UUID] = mapped_column()
    b_unit_id: Mapped[uuid.UUID] = mapped_column()
    made_by_id: Mapped[uuid.UUID] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint("(ended_by_id IS NULL) = (ended_at IS NULL)", name="ended"),
        # Two reports are linked once at a time.
        PartialIndex(
            "uq_community_link_pair",
            "a_id",
            "b_id",
            unique=True,
            where=text("ended_at IS NULL"),
        ),
        Index("ix_community_link_b", "b_id"),
    )
