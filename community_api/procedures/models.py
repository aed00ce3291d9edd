"""The table of adopted procedure versions."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import Date, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Identified


class Governed:
    """The version of the procedure under which a record began; None: one of before packs said such things."""

    procedure_name: Mapped[str | None] = mapped_column(String(60))
    procedure_version: Mapped[int | None] = mapped_column()
    procedure_hash: Mapped[str | None] = mapped_column(String(64))


class ProcedureVersion(Identified, Base):
    """A version that was proposed here, checked, and approved by a second person; it never changes.

    ``content`` is the pack's file as it was proposed, ``hash`` the SHA-256 of what it says. New cases take
    it from ``active_from`` on, the date of the file. ``proposal_id`` tells who wanted it and who approved.
    """

    __tablename__ = "procedure_version"

    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()
    hash: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    active_from: Mapped[date] = mapped_column(Date)
    proposal_id: Mapped[uuid.UUID] = mapped_column()
    adopted_at: Mapped[datetime] = mapped_column()

    __table_args__ = (UniqueConstraint("name", "version"),)
