"""The lists that were put in force, kept whole: what a flag cites can be read as long as the flag."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Versioned


class IndicatorListRow(Versioned, Base):
    """One version of one kind's list; ``content`` and ``sha256`` never change, only its time in force does.

    ``number`` is the list's version, ``version`` that of this row. In force from ``active_from`` until
    before ``active_until``: its sunset, or earlier when another version took its place. ``approvals`` are
    the ids of the two who approved it; empty for a list that came with the product.
    """

    __tablename__ = "intel_indicator_list"

    kind: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column()
    sha256: Mapped[str] = mapped_column(String(64))
    # Read on demand: most uses ask only what is in force.
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    approvals: Mapped[list[Any]] = mapped_column()
    active_from: Mapped[datetime] = mapped_column()
    active_until: Mapped[datetime] = mapped_column()

    __table_args__ = (
        UniqueConstraint("kind", "number"),
        CheckConstraint("active_from <= active_until", name="in_force"),
    )
