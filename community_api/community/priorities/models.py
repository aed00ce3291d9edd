"""A community priority: what a team and its neighbourhood agreed for a month."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.community.priorities.terms import MAX_TITLE, MONTH_LENGTH
from community_api.core.database.engine import Base, Content, PartialIndex
from community_api.wording.list_titles import MAX_LIST_TITLE

IN_FORCE = text("withdrawn_at IS NULL")


class Priority(Content, Base):
    """``month`` as ``2026-03``; ``place`` 1, 2, 3 among those of the team and month that are in force.

    ``sealed`` holds title, text and with whom it was agreed, None once erased. ``list_title`` is in lists:
    what passed the check of words, None: team, month and place stand for it. ``title``: of earlier releases,
    until it is sealed. ``problem_id``: the problem that it is about, None: none that is being worked on.
    """

    __tablename__ = "community_priority"

    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    month: Mapped[str] = mapped_column(String(MONTH_LENGTH))
    place: Mapped[int] = mapped_column()
    title: Mapped[str | None] = mapped_column(String(MAX_TITLE))
    list_title: Mapped[str | None] = mapped_column(String(MAX_LIST_TITLE))
    problem_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("community_problem.id"))
    agreed_by_id: Mapped[uuid.UUID] = mapped_column()
    agreed_at: Mapped[datetime] = mapped_column()
    withdrawn_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        Index("ix_community_priority_unit", "unit_id", "month", "id"),
        Index("ix_community_priority_month", "month", "id"),
        Index("ix_community_priority_problem", "problem_id"),
        # Of two that are agreed in the same moment each takes a place of its own, or finds none left.
        PartialIndex(
            "uq_community_priority_place",
            "unit_id",
            "month",
            "place",
            unique=True,
            where=IN_FORCE,
        ),
    )
