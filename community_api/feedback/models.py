"""Tables of feedback."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.db import Base, Identified


class Contributor(Identified, Base):
    """Somebody who is behind a report and will hear back.

    ``matter_id`` is the opaque id under which community and chain speak of the report; ``unit_id``
    the team whose supervisors answer. ``report_reference`` is for the contributor's own eyes and
    those of community and local level.
    """

    __tablename__ = "feedback_contributor"

    matter_id: Mapped[uuid.UUID] = mapped_column()
    person_id: Mapped[uuid.UUID] = mapped_column()
    account_id: Mapped[uuid.UUID] = mapped_column()
    unit_id: Mapped[uuid.UUID] = mapped_column()
    report_reference: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column()

    __table_args__ = (
        UniqueConstraint("matter_id", "person_id"),
        Index("ix_feedback_contributor_person", "person_id"),
    )


class Alias(Identified, Base):
    """The name under which the chain speaks of a matter, so that nothing it keeps joins a community row."""

    __tablename__ = "feedback_alias"

    matter_id: Mapped[uuid.UUID] = mapped_column()
