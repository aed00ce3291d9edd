"""Tables of emergencies."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.community.emergencies.terms import Act, BatchState, CallKind, State
from community_api.core.database.engine import Base, Content, Identified, PartialIndex, Versioned
from community_api.procedures.models import Governed


class EmergencyCall(Versioned, Base):
    """A call to commanders about one emergency, or about several of the public that are gathered.

    Its id is that of its first emergency. ``rounds`` numbers its last round (0: the first);
    ``rounds_of_newest`` counts from the round that first showed its newest emergency. ``again_at``: when
    it is due again, if nobody has answered by then.
    """

    __tablename__ = "community_emergency_call"

    kind: Mapped[str] = mapped_column(String(10))
    unit_id: Mapped[uuid.UUID] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    rounds: Mapped[int] = mapped_column(default=0)
    rounds_of_newest: Mapped[int] = mapped_column(default=0)
    paged_at: Mapped[datetime] = mapped_column()
    again_at: Mapped[datetime] = mapped_column()

    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(one.value) for one in CallKind)})", name="kind"),
        Index("ix_community_emergency_call_unit", "unit_id", "opened_at"),
    )


class EmergencyGathering(Versioned, Base):
    """What the public reports of one category and place in a unit, or (``topic`` None) of all.

    ``first_at``: the first emergency of the present 15 minutes, ``called_singly`` how many calls of their
    own they got, ``call_id`` the call that the rest share (None: there is none yet).
    """

    __tablename__ = "community_emergency_gathering"

    unit_id: Mapped[uuid.UUID] = mapped_column()
    topic: Mapped[str | None] = mapped_column(String(120))
    first_at: Mapped[datetime] = mapped_column()
    called_singly: Mapped[int] = mapped_column(default=0)
    call_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("community_emergency_call.id"))


class Emergency(Governed, Content, Base):
    """That a report told of danger to somebody, and how far it is dealt with.

    ``unit_id`` is the local unit of the report's team; where there is none, the national unit.
    ``owner_post_id`` is the commander who was paged first, then the one who acknowledged: that post
    accounts for it. The report itself stays where it is; ``subject_kind`` says which. ``paged_at`` None: the
    call that it shares is sent within five minutes. Rounds ``first_round`` to ``last_round`` of its call
    (None: still called) were about it. ``read_at``: when somebody on the staff first read its report.
    """

    __tablename__ = "community_emergency"

    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    unit_id: Mapped[uuid.UUID] = mapped_column()
    owner_post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    state: Mapped[str] = mapped_column(String(20))
    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_emergency_call.id"))
    first_round: Mapped[int] = mapped_column()
    last_round: Mapped[int | None] = mapped_column()
    opened_at: Mapped[datetime] = mapped_column()
    paged_at: Mapped[datetime | None] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
    justify_by: Mapped[datetime] = mapped_column()
    justified_at: Mapped[datetime | None] = mapped_column()
    breached_at: Mapped[datetime | None] = mapped_column()
    stood_down_at: Mapped[datetime | None] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        UniqueConstraint("subject_id"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state"),
        Index("ix_community_emergency_unit", "unit_id", "opened_at", "id"),
        Index("ix_community_emergency_opened", "opened_at", "id"),
        Index("ix_community_emergency_call", "call_id", "opened_at", "id"),
    )


class EmergencyPage(Identified, Base):
    """That a commander's post was called in a round, about ``emergencies`` unanswered ones.

    ``handed_over_at`` None: the call has not left yet.
    """

    __tablename__ = "community_emergency_page"

    call_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_emergency_call.id"))
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    emergencies: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column()
    paged_at: Mapped[datetime] = mapped_column()
    handed_over_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (UniqueConstraint("call_id", "round", "post_id"),)


class EmergencyBatch(Content, Base):
    """An act of a commander on many emergencies; ``sealed``: its reason.

    ``emergencies`` are the ids that it was done to, or waits for; ``left_alone`` those named in vain, with
    the code of the reason. A stand-down that names one that nobody read waits for ``approver_id`` or
    ``refuser_id``; ``sealed_refusal``: why it was refused, None unless it was.
    """

    __tablename__ = "community_emergency_batch"

    act: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(30))
    emergencies: Mapped[list[Any]] = mapped_column()
    left_alone: Mapped[dict[str, Any]] = mapped_column()
    person_id: Mapped[uuid.UUID] = mapped_column()
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    unit_id: Mapped[uuid.UUID] = mapped_column()
    entered_at: Mapped[datetime] = mapped_column()
    approval_id: Mapped[uuid.UUID | None] = mapped_column()
    approver_id: Mapped[uuid.UUID | None] = mapped_column()
    approved_at: Mapped[datetime | None] = mapped_column()
    refusal_id: Mapped[uuid.UUID | None] = mapped_column()
    refuser_id: Mapped[uuid.UUID | None] = mapped_column()
    refused_at: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()
    sealed_refusal: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(
            "state <> 'refused' OR sealed_refusal IS NOT NULL OR erased_at IS NOT NULL",
            name="refusal_or_erased",
        ),
        CheckConstraint("approver_id <> person_id AND refuser_id <> person_id", name="two_people"),
        CheckConstraint(f"act IN ({', '.join(repr(one.value) for one in Act)})", name="act"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in BatchState)})", name="state"),
        UniqueConstraint("approval_id"),
        UniqueConstraint("refusal_id"),
    )


class EmergencyEntry(Content, Base):
    """What a commander did about an emergency; ``sealed``: the words, None for an acknowledgement.

    ``batch_id``: the act on many that it is part of, which has the words; None: it was done alone.
    """

    __tablename__ = "community_emergency_entry"

    emergency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_emergency.id"))
    act: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[uuid.UUID] = mapped_column()
    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    entered_at: Mapped[datetime] = mapped_column()
    batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("community_emergency_batch.id"))
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL OR act = 'acknowledgement' OR batch_id IS NOT NULL",
            name="content_or_erased",
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
