"""Tables of people, accounts, roles, certificates, sessions, devices, cases and proposals.

A person is not an account: separation of duties is judged by person, who may have several accounts.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.access.terms import CaseKind, ProposalDecision, ProposalKind, SessionEnd
from community_api.core.database.engine import Base, Content, Identified, PartialIndex, Versioned
from community_api.units.terms import Role

SEALED_OR_ERASED = "sealed IS NOT NULL OR erased_at IS NOT NULL"


def _one_of(column: str, words: type[StrEnum]) -> str:
    return f"{column} IN ({', '.join(repr(word.value) for word in words)})"


class Person(Content, Base):
    """Somebody who works with the product. ``sealed`` holds the name; None once erased.

    ``timezone`` is an IANA zone; ``quiet_hours`` {"from": "22:00", "to": "06:00"} in that zone, None: none.
    """

    __tablename__ = "access_person"

    language: Mapped[str] = mapped_column(String(35))
    timezone: Mapped[str] = mapped_column(String(64))
    quiet_hours: Mapped[dict[str, Any] | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),)


class Account(Versioned, Base):
    """What a person signs in with. ``username`` is in small letters.

    ``password_hash`` None: no password was set yet, nobody can sign in. ``disabled_at`` set: closed.
    """

    __tablename__ = "access_account"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"), index=True)
    username: Mapped[str] = mapped_column(String(100), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    disabled_at: Mapped[datetime | None] = mapped_column()


class RoleGrant(Identified, Base):
    """A role that an account holds in a unit from ``since`` until ``until`` (excluded), None: without end.

    ``with_account``: it had no end of its own and ended when the account was closed; it comes back with it.
    """

    __tablename__ = "access_grant"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_account.id"))
    role: Mapped[str] = mapped_column(String(30))
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_unit.id"))
    since: Mapped[datetime] = mapped_column()
    until: Mapped[datetime | None] = mapped_column()
    with_account: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint(_one_of("role", Role), name="role"),
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("ix_access_grant_account", "account_id"),
        Index("ix_access_grant_unit", "unit_id", "role"),
        PartialIndex(
            "uq_access_grant_open",
            "account_id",
            "role",
            "unit_id",
            unique=True,
            where=until.is_(None),
        ),
    )


class PostHolder(Identified, Base):
    """Who holds a post from ``since`` until ``until`` (excluded): what it owes is theirs to do meanwhile."""

    __tablename__ = "access_post_holder"

    post_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("units_post.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"))
    since: Mapped[datetime] = mapped_column()
    until: Mapped[datetime | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="order"),
        Index("ix_access_post_holder_person", "person_id"),
        Index("ix_access_post_holder_post", "post_id"),
        PartialIndex(
            "uq_access_post_holder_open",
            "post_id",
            "person_id",
            unique=True,
            where=until.is_(None),
        ),
    )


class FirstPassword(Base):
    """The right to set the first password of a new account, once; ``digest`` is SHA-256 of its token.

    Taken away when it is used. An account has one at most: a further one takes the place of the one before.
    """

    __tablename__ = "access_first_password"

    digest: Mapped[bytes] = mapped_column(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_account.id"), unique=True)
    issued_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()


class Recusal(Identified, Base):
    """Somebody who takes no further part in a matter: ``subject_id`` is what the duty was about."""

    __tablename__ = "access_recusal"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"))
    subject_id: Mapped[uuid.UUID] = mapped_column()
    since: Mapped[datetime] = mapped_column()

    # By person: every request asks what its caller is out of.
    __table_args__ = (
        UniqueConstraint("subject_id", "person_id"),
        Index("ix_access_recusal_person", "person_id"),
    )


class CourseCertificate(Identified, Base):
    """Proof of a course; good from the day of ``passed_at`` to the last day before ``expires_at``.

    ``course_version`` None: of before versions were written down; ``score`` is the share of the test's
    questions in percent, None: nobody has written it down. ``sealed`` holds the reason of a revocation.
    """

    __tablename__ = "access_certificate"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"), index=True)
    course: Mapped[str] = mapped_column(String(40))
    course_version: Mapped[int | None] = mapped_column()
    score: Mapped[int | None] = mapped_column()
    passed_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    issued_by: Mapped[uuid.UUID] = mapped_column()
    issued_at: Mapped[datetime] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    revoked_by: Mapped[uuid.UUID | None] = mapped_column()
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("expires_at > passed_at", name="order"),
        CheckConstraint("score BETWEEN 0 AND 100", name="score"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revocation"),
    )


class Device(Versioned, Base):
    """A device that an account has signed in from: its guesses are counted apart from those of strangers.

    ``client_id`` is made by the app, else by the server, and kept by the app. ``sealed`` holds the name that
    the officer gave it, under the key of the person, None: none was given. ``public_key`` is the raw Ed25519
    key that the app offered; it is asked for its proof only once ``enrolled_at`` is set. ``revoked_at`` set:
    lost; ``wiped_at``: it says that it is empty.
    """

    __tablename__ = "access_device"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_account.id"))
    client_id: Mapped[uuid.UUID] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()
    first_seen_at: Mapped[datetime] = mapped_column()
    public_key: Mapped[bytes | None] = mapped_column()
    enrolled_at: Mapped[datetime | None] = mapped_column()
    revoked_at: Mapped[datetime | None] = mapped_column()
    wiped_at: Mapped[datetime | None] = mapped_column()

    __table_args__ = (UniqueConstraint("account_id", "client_id"),)


class Session(Identified, Base):
    """One sign-in and the family of tokens that came of it.

    ``expires_at`` is the end that no renewal moves. ``ended_at`` set: every token of it is refused at once.
    ``pending_token_id`` is the renewed refresh token of which nothing was used yet; None: it has arrived.
    """

    __tablename__ = "access_session"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_account.id"))
    device_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_device.id"))
    started_at: Mapped[datetime] = mapped_column()
    renewed_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    ended_at: Mapped[datetime | None] = mapped_column()
    end_reason: Mapped[str | None] = mapped_column(String(20))
    ended_by: Mapped[uuid.UUID | None] = mapped_column()
    pending_token_id: Mapped[uuid.UUID | None] = mapped_column()

    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ending"),
        CheckConstraint(f"end_reason IS NULL OR {_one_of('end_reason', SessionEnd)}", name="end_reason"),
        Index("ix_access_session_account", "account_id", "started_at", "id"),
    )


class RefreshToken(Identified, Base):
    """One refresh token of a session; its id is the token's, the token itself is never kept.

    ``successor_id`` is the token it was exchanged for at ``used_at``; both None: not yet used. Those of the
    last minute and the last two generations are kept: whatever else comes back is a copy.
    """

    __tablename__ = "access_refresh_token"

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_session.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column()
    expires_at: Mapped[datetime] = mapped_column()
    used_at: Mapped[datetime | None] = mapped_column()
    successor_id: Mapped[uuid.UUID | None] = mapped_column()

    __table_args__ = (CheckConstraint("(used_at IS NULL) = (successor_id IS NULL)", name="exchange"),)


class LoginAttempts(Base):
    """The wrong tries of the last hour against one bucket, a keyed digest of an account or a known device.

    ``tries`` are moments in whole seconds since 1970, oldest first.
    """

    __tablename__ = "access_login_attempt"

    bucket: Mapped[bytes] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    tries: Mapped[list[Any]] = mapped_column()
    last_at: Mapped[datetime] = mapped_column(index=True)


class Case(Content, Base):
    """Why somebody reads what only a case opens; ``sealed`` holds reason and reference."""

    __tablename__ = "access_purpose_case"

    kind: Mapped[str] = mapped_column(String(20))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_account.id"))
    opened_at: Mapped[datetime] = mapped_column()
    closes_at: Mapped[datetime] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(_one_of("kind", CaseKind), name="kind"),
        Index("ix_access_purpose_case_person", "person_id", "opened_at", "id"),
    )


class Proposal(Content, Base):
    """What needs two people: proposed by one, decided by another. ``sealed`` holds body and reasons.

    ``unit_id`` is the unit it concerns, None: the installation; ``subject_id`` the account or person it
    concerns, None: one that is yet to be made. ``decision`` None: still waiting.
    """

    __tablename__ = "access_proposal"

    kind: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("units_unit.id"))
    subject_id: Mapped[uuid.UUID | None] = mapped_column()
    text_version: Mapped[int] = mapped_column(default=1)
    sealed: Mapped[bytes | None] = mapped_column()
    proposer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("access_person.id"))
    proposed_at: Mapped[datetime] = mapped_column()
    decider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("access_person.id"))
    decided_at: Mapped[datetime | None] = mapped_column()
    decision: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        CheckConstraint(SEALED_OR_ERASED, name="content_or_erased"),
        CheckConstraint(_one_of("kind", ProposalKind), name="kind"),
        CheckConstraint(f"decision IS NULL OR {_one_of('decision', ProposalDecision)}", name="decision"),
        CheckConstraint(
            "(decision IS NULL) = (decider_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name="decided",
        ),
        # The database itself lets nobody decide on an own proposal.
        CheckConstraint("decider_id IS NULL OR decider_id <> proposer_id", name="two_people"),
        Index("ix_access_proposal_proposed", "proposed_at", "id"),
    )
