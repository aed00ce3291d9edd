"""The concern, its thread with the reporter, and what is kept apart from it.

What a public request writes carries the day only: ``received_at`` is the start of a day (UTC), and no
row has a number that tells order between concerns. ``position`` counts within one thread.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from community_api.community.concerns.terms import Channel, MessageKind, PublicState, ReplyKind, ReplyState
from community_api.community.observations.terms import Precision, Status
from community_api.core.database.engine import Base, Content, PartialIndex

# One closing word at a time waits for its second person.
FINAL_WAITS = text("kind = 'final' AND state = 'awaiting_second_person'")
SEALED_OR_ERASED = "sealed IS NOT NULL OR erased_at IS NOT NULL"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class Concern(Content, Base):
    """What a member of the public told. It has no reporter: only the holder of its code.

    ``sealed`` holds the text, how it is known and the words for the place; None once erased.
    ``lookup`` is a keyed digest of the code and stays when the rest is erased, so that no code opens two
    concerns; ``content_digest`` tells the same telling sent again from another one.
    ``taken_by_id`` is who wrote down what was told or telephoned; None: it came by the public page.
    ``earlier_state`` is what the reporter sees until ``earlier_until``; afterwards, or when that is None,
    it follows from the status. ``answer_due_at`` is the end of the day by which the calendar promises the
    next word; None: none is promised. ``matter_id`` as of observations.
    """

    __tablename__ = "community_concern"

    reference: Mapped[str] = mapped_column(String(40), unique=True)
    lookup: Mapped[bytes] = mapped_column(unique=True)
    content_digest: Mapped[bytes] = mapped_column()
    channel: Mapped[str] = mapped_column(String(12))
    taken_by_id: Mapped[uuid.UUID | None] = mapped_column()
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    matter_id: Mapped[uuid.UUID] = mapped_column()
    received_at: Mapped[datetime] = mapped_column()
    occurred_on: Mapped[date | None] = mapped_column()
    category: Mapped[str | None] = mapped_column(String(40))
    lat: Mapped[float | None] = mapped_column()
    lon: Mapped[float | None] = mapped_column()
    accuracy_m: Mapped[int | None] = mapped_column()
    precision: Mapped[str | None] = mapped_column(String(10))
    # As of observations: by which likely duplicates are found.
    happened_on: Mapped[date | None] = mapped_column()
    cell: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str | None] = mapped_column(String(35))
    immediate_danger: Mapped[bool] = mapped_column(default=False)
    do_not_pass_on: Mapped[bool] = mapped_column(default=False)
    may_publish: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(20))
    earlier_state: Mapped[str | None] = mapped_column(String(12))
    earlier_until: Mapped[datetime | None] = mapped_column()
    answered: Mapped[bool] = mapped_column(default=False)
    answer_due_at: Mapped[datetime | None] = mapped_column()
    thread_length: Mapped[int] = mapped_column(default=0)
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint("category IS NOT NULL OR erased_at IS NOT NULL", name="category_or_erased"),
        CheckConstraint(_one_of("status", Status), name="status"),
        CheckConstraint(_one_of("channel", Channel), name="channel"),
        CheckConstraint("(channel = 'public') = (taken_by_id IS NULL)", name="taken"),
        CheckConstraint(f"precision IS NULL OR {_one_of('precision', Precision)}", name="precision"),
        CheckConstraint(
            f"earlier_state IS NULL OR {_one_of('earlier_state', PublicState)}", name="earlier_state"
        ),
        CheckConstraint("(earlier_state IS NULL) = (earlier_until IS NULL)", name="earlier_until"),
        CheckConstraint("(lat IS NULL) = (lon IS NULL)", name="place"),
        Index("ix_community_concern_unit", "unit_id", "received_at", "id"),
        Index("ix_community_concern_received", "received_at", "id"),
        Index("ix_community_concern_near", "happened_on", "cell"),
    )


class ConcernMessage(Content, Base):
    """What the reporter added by code; ``sealed`` holds the text or the answers to a questionnaire.

    ``said_on`` is the day, never more. ``position`` is its place in the thread of its concern.
    """

    __tablename__ = "community_concern_message"

    concern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_concern.id"))
    kind: Mapped[str] = mapped_column(String(15))
    position: Mapped[int] = mapped_column()
    said_on: Mapped[date] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(_one_of("kind", MessageKind), name="kind"),
        UniqueConstraint("concern_id", "position"),
    )


class ConcernReply(Content, Base):
    """What the desk says, once a second person has read it; ``sealed`` holds the text.

    ``author_id`` None: the product said it, because a day was reached that the calendar had promised.
    ``released_at`` is from when the reporter sees it, ``position`` its place in the thread; both are None
    until it is approved.
    """

    __tablename__ = "community_concern_reply"

    concern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_concern.id"))
    kind: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(25))
    language: Mapped[str] = mapped_column(String(35))
    author_id: Mapped[uuid.UUID | None] = mapped_column()
    written_at: Mapped[datetime] = mapped_column()
    released_at: Mapped[datetime | None] = mapped_column()
    position: Mapped[int | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(_one_of("kind", ReplyKind), name="kind"),
        CheckConstraint(_one_of("state", ReplyState), name="state"),
        CheckConstraint("(state = 'approved') = (released_at IS NOT NULL)", name="released"),
        CheckConstraint("(released_at IS NULL) = (position IS NULL)", name="placed"),
        UniqueConstraint("concern_id", "position"),
        PartialIndex(
            "uq_community_concern_reply_final",
            "concern_id",
            unique=True,
            where=FINAL_WAITS,
        ),
    )


class ConcernDecision(Content, Base):
    """What a second person said to a reply or to a request to unlock contact details.

    ``subject_id`` is the reply or the request. ``sealed`` holds the reason; None inside it: none was given.
    """

    __tablename__ = "community_concern_decision"

    subject_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    approved: Mapped[bool] = mapped_column()
    proposer_id: Mapped[uuid.UUID] = mapped_column()
    person_id: Mapped[uuid.UUID] = mapped_column()
    decided_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        # The database itself lets nobody decide on what they proposed.
        CheckConstraint("person_id <> proposer_id", name="two_people"),
    )


class ConcernContact(Content, Base):
    """How to reach the reporter: apart from the concern, under a key and for a time of its own."""

    __tablename__ = "community_concern_contact"

    concern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_concern.id"), unique=True)
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),)


class ConcernContactUnlock(Content, Base):
    """A request to read contact details; ``sealed`` holds the reason. Open from its approval to ``until``."""

    __tablename__ = "community_concern_contact_unlock"

    concern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_concern.id"))
    proposer_id: Mapped[uuid.UUID] = mapped_column()
    proposed_at: Mapped[datetime] = mapped_column()
    state: Mapped[str] = mapped_column(String(25))
    until: Mapped[datetime | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(_one_of("state", ReplyState), name="state"),
        CheckConstraint("(state = 'approved') = (until IS NOT NULL)", name="unlocked"),
        Index("ix_community_concern_contact_unlock_concern", "concern_id", "proposed_at"),
    )


class ConcernTranslation(Content, Base):
    """A concern or a message of its reporter in another language, beside the original that never changes.

    ``of_id`` is the concern or the message. ``sealed`` holds the text.
    """

    __tablename__ = "community_concern_translation"

    concern_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("community_concern.id"))
    of_id: Mapped[uuid.UUID] = mapped_column()
    language: Mapped[str] = mapped_column(String(35))
    by_machine: Mapped[bool] = mapped_column(default=False)
    author_id: Mapped[uuid.UUID] = mapped_column()
    written_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        Index("ix_community_concern_translation_concern", "concern_id", "written_at"),
    )
