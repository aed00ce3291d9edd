"""What is added to a report after the first telling; the first text never changes."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.db import Base, Content


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
