"""The table of suspensions."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, PartialIndex
from community_api.intelligence.suspensions.terms import Subject


class Suspension(Content, Base):
    """What the authority has stopped since ``suspended_at``; ``lifted_at`` None: it is stopped still.

    ``name`` is the code of an indicator or the name of a procedure, of whatever version. ``sealed`` holds
    the reason. At most one is open on a thing.
    """

    __tablename__ = "intel_suspension"

    subject: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(60))
    suspended_by: Mapped[uuid.UUID] = mapped_column()
    suspended_at: Mapped[datetime] = mapped_column()
    lifted_by: Mapped[uuid.UUID | None] = mapped_column()
    lifted_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(f"subject IN ({', '.join(repr(one.value) for one in Subject)})", name="subject"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by IS NULL)", name="lifting"),
        PartialIndex(
            "uq_intel_suspension_open",
            "subject",
            "name",
            unique=True,
            where=lifted_at.is_(None),
        ),
    )
