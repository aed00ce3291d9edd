"""Tables that belong to no feature: commands, data keys, changes, epochs."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from community_api.core.database.engine import Base, Identified


class CommandRecord(Identified, Base):
    """A write that was accepted, under the id that its client made (contract section 2).

    ``maker`` is the account, or for the public a keyed digest of the code as a UUID. ``digest`` is
    keyed, over the fields as sent. ``event_id`` and ``leaf_hash`` are the first audit receipt.
    ``erased_at`` set: its record was erased; the id stays taken.
    """

    __tablename__ = "core_command"

    kind: Mapped[str] = mapped_column(String(60))
    maker: Mapped[uuid.UUID] = mapped_column()
    digest: Mapped[bytes] = mapped_column()
    made_at: Mapped[datetime] = mapped_column()
    event_id: Mapped[uuid.UUID | None] = mapped_column()
    leaf_hash: Mapped[bytes | None] = mapped_column()
    erased_at: Mapped[datetime | None] = mapped_column()


class DataKey(Base):
    """The key of one record's texts, wrapped by the key ``key_id``; erasing this row erases them."""

    __tablename__ = "core_data_key"

    owner_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(String(40))
    wrapped: Mapped[bytes] = mapped_column()


class Change(Identified, Base):
    """Something that ``audience`` (a person, post or unit) may see has a new version."""

    __tablename__ = "core_change"

    kind: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[uuid.UUID] = mapped_column()
    object_version: Mapped[int] = mapped_column()
    audience: Mapped[uuid.UUID] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column()
    # Numbered after the commit by the feed's sequencer, which brings the indexes that it reads by: rows
    # commit out of order, so nobody may read them by the order in which they came.
    feed_index: Mapped[int | None] = mapped_column()


class Epoch(Base):
    """A counter that rises when slow-changing data (units, posts) changes, so that caches notice."""

    __tablename__ = "core_cache_version"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)
