"""Tables of feedback."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Content, Identified, PartialIndex
from community_api.feedback.terms import MessageState, State
from community_api.procedures.models import Governed


class Contributor(Base):
    """Somebody who is behind a report and will hear back.

    ``matter_id`` is the opaque id under which community and chain speak of the report; ``unit_id``
    the team whose supervisors answer. ``report_reference`` is for the contributor's own eyes and
    those of community and local level.
    """

    __tablename__ = "feedback_contributor"

    matter_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column()
    unit_id: Mapped[uuid.UUID] = mapped_column()
    report_reference: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column()


class Alias(Identified, Base):
    """The name under which the chain speaks of a matter, so that nothing it keeps joins a community row.

    ``flagger_id`` hears of chain decisions too, whether or not they are behind the report.
    """

    __tablename__ = "feedback_matter_alias"

    matter_id: Mapped[uuid.UUID] = mapped_column()
    flagger_id: Mapped[uuid.UUID] = mapped_column()
    report_reference: Mapped[str] = mapped_column(String(40))


class Obligation(Governed, Content, Base):
    """An answer that a post owes to one person about one decision.

    ``subject_*`` is what was decided on (a flag, a referral); ``point`` and ``outcome`` the
    decision. ``blind``: the owing post does not learn which report it is about. ``language`` is the
    recipient's. ``met_at`` None: not answered. ``breach_post_id``: the manager who was told of it,
    because it is late or because a flag lapsed. The procedure's version says what may be answered.
    """

    __tablename__ = "feedback_obligation"

    matter_id: Mapped[uuid.UUID] = mapped_column()
    recipient_id: Mapped[uuid.UUID] = mapped_column()
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    point: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(40))
    owed_by_post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    blind: Mapped[bool] = mapped_column()
    report_reference: Mapped[str] = mapped_column(String(40))
    audience: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(35))
    state: Mapped[str] = mapped_column(String(30))
    opened_at: Mapped[datetime] = mapped_column()
    due_at: Mapped[datetime] = mapped_column()
    met_at: Mapped[datetime | None] = mapped_column()
    interim_sent_at: Mapped[datetime | None] = mapped_column()
    breach_post_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("units_post.id"))

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in State)})", name="state"),
        Index("ix_feedback_obligation_post", "owed_by_post_id", "due_at", "id"),
        Index("ix_feedback_obligation_breach", "breach_post_id", "due_at", "id"),
        Index("ix_feedback_obligation_subject", "subject_id", "state"),
        Index("ix_feedback_obligation_unit", "unit_id", "opened_at"),
        Index("ix_feedback_obligation_due", "due_at", "id"),
    )


class Message(Content, Base):
    """What somebody is told about their report. ``author_id`` None: the product's own word.

    ``sealed``: text, what helped and what would help, as one document. ``rated``: 1 to 5, copied from the
    acknowledgement for the figures; None: not rated.
    """

    __tablename__ = "feedback_message"

    obligation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback_obligation.id"))
    recipient_id: Mapped[uuid.UUID] = mapped_column()
    author_id: Mapped[uuid.UUID | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(20))
    report_reference: Mapped[str] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(35))
    state: Mapped[str] = mapped_column(String(30))
    written_at: Mapped[datetime] = mapped_column()
    delivered_at: Mapped[datetime | None] = mapped_column()
    read_at: Mapped[datetime | None] = mapped_column()
    acknowledged_at: Mapped[datetime | None] = mapped_column()
    rated: Mapped[int | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("sealed IS NOT NULL OR erased_at IS NOT NULL", name="content_or_erased"),
        CheckConstraint(f"state IN ({', '.join(repr(one.value) for one in MessageState)})", name="state"),
        Index("ix_feedback_message_recipient", "recipient_id", "delivered_at", "id"),
        Index("ix_feedback_message_obligation", "obligation_id"),
        # One interim word per obligation, however often a worker is killed.
        PartialIndex(
            "uq_feedback_message_interim",
            "obligation_id",
            unique=True,
            where=text("kind = 'interim'"),
        ),
    )


class Acknowledgement(Content, Base):
    """That a message was taken note of; ``rating`` 1 (no use) to 5 (very useful), None: not rated."""

    __tablename__ = "feedback_acknowledgement"

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback_message.id"), unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column()
    acknowledged_at: Mapped[datetime] = mapped_column()
    rating: Mapped[int | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    # None also where nothing was said.
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),)


class SecondReading(Content, Base):
    """What another person said of an answer before it was delivered."""

    __tablename__ = "feedback_second_reading"

    message_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("feedback_message.id"))
    person_id: Mapped[uuid.UUID] = mapped_column()
    decision: Mapped[str] = mapped_column(String(10))
    read_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()
