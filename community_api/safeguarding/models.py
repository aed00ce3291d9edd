"""Tables of safeguarding; no key of another store but the report that a desk passed on."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content
from community_api.procedures.models import Governed
from community_api.safeguarding.terms import HandoverState, State

SEALED_OR_ERASED = "sealed IS NOT NULL OR erased_at IS NOT NULL"


class SafeguardingRecord(Governed, Content, Base):
    """That somebody may need support. ``sealed``: need and safety, each None where nobody has said.

    ``subject_*`` is the report that the community's desk passed on; None where the intelligence side handed
    the matter down, which leaves nothing of its own here. ``kept_apart``: its teller forbade to pass it on,
    so the lead works with the minimum and does not read the report; ``sealed`` also says by what exception,
    unless it came by the chain.
    """

    __tablename__ = "safeguarding_record"

    reference: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[uuid.UUID] = mapped_column()
    subject_kind: Mapped[str | None] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID | None] = mapped_column()
    child: Mapped[bool] = mapped_column()
    kept_apart: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state"),
        Index("ix_safeguarding_record_unit", "unit_id", "opened_at", "id"),
        Index("ix_safeguarding_record_opened", "opened_at", "id"),
        Index("ix_safeguarding_record_subject", "subject_id"),
    )


class Handover(Content, Base):
    """What a partner was given. ``sealed``: the minimum dataset and the statutory basis, if there is one.

    ``ground`` is the procedure's exception from consent; None: there was consent, or the law was enough.
    """

    __tablename__ = "safeguarding_handover"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safeguarding_record.id"))
    partner_unit_id: Mapped[uuid.UUID] = mapped_column()
    consent: Mapped[str] = mapped_column(String(20))
    ground: Mapped[str | None] = mapped_column(String(40))
    person_id: Mapped[uuid.UUID] = mapped_column()
    handed_over_at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in HandoverState)})", name="state"),
        Index("ix_safeguarding_handover_record", "record_id", "handed_over_at", "id"),
        Index("ix_safeguarding_handover_partner", "partner_unit_id", "handed_over_at", "id"),
        Index("ix_safeguarding_handover_at", "handed_over_at", "id"),
    )


class HandoverAnswer(Content, Base):
    """What the partner answered; one to each handover."""

    __tablename__ = "safeguarding_answer"

    handover_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safeguarding_handover.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column()
    answer: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),)


class SafeguardingClosing(Content, Base):
    """Why a record was closed; one to each."""

    __tablename__ = "safeguarding_closing"

    record_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("safeguarding_record.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column()
    closed_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),)
