"""Tables of units, posts and the duties that posts owe."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Identified, PartialIndex, Versioned
from community_api.units.terms import UNIT_NAME_MAX, Level, Role


def _one_of(column: str, words: type[Level | Role]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class UnitRow(Versioned, Base):
    """A unit as it is stored; the tree of ``rules`` is built from all of them.

    ``name`` is the public short name and never changes. ``path`` spells the names from the top. ``area`` is
    a GeoJSON geometry in WGS 84; None: the unit answers for no place of its own. ``holidays`` is the country,
    or part of one, whose public holidays and weekends count ("DE-BY"); None: Monday to Friday, no holidays.
    ``partner`` is what an agency is in the procedure's list of partners; None: nobody has said.
    """

    __tablename__ = "units_unit"

    name: Mapped[str] = mapped_column(String(UNIT_NAME_MAX), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("units_unit.id"))
    path: Mapped[str] = mapped_column(String(200))
    timezone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(UNIT_NAME_MAX))
    holidays: Mapped[str | None] = mapped_column(String(10))
    partner: Mapped[str | None] = mapped_column(String(40))
    area: Mapped[dict[str, Any] | None] = mapped_column()

    __table_args__ = (CheckConstraint(_one_of("level", Level), name="level"),)


class Post(Identified, Base):
    """A role in a unit: what duties belong to, whoever holds it today. Posts are never removed."""

    __tablename__ = "units_post"

    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))

    __table_args__ = (
        UniqueConstraint("unit_id", "role"),
        CheckConstraint(_one_of("role", Role), name="role"),
    )


class Duty(Identified, Base):
    """Something that a post owes about one subject; open until ``discharged_at``.

    ``title`` is the English text of what is to be done, under which catalogs know it. ``subject_id`` is an
    opaque id of whatever store, on purpose without a foreign key. ``opened_at`` is the moment, or for what
    came of a public request the start of the day. At most one duty of a kind is open per subject and post.
    ``warn_at``: from when it is shown as due soon; None: never.
    """

    __tablename__ = "units_duty"

    kind: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    opened_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    warn_at: Mapped[datetime | None] = mapped_column()
    discharged_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        PartialIndex(
            "uq_units_duty_open",
            "subject_id",
            "kind",
            "post_id",
            unique=True,
            where=discharged_at.is_(None),
        ),
        PartialIndex(
            "ix_units_duty_owed",
            "post_id",
            "due_at",
            "id",
            where=discharged_at.is_(None),
        ),
    )
