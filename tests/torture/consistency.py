"""Compares what writers were told with what the database holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.community.observations.models import Observation
from community_api.core.database.tables import CommandRecord, DataKey
from community_api.intelligence.flags.models import Flag
from community_api.intelligence.flags.terms import LAPSE
from community_api.outbox.models import OutboxItem
from tests.torture.writers import History


class Books:
    """Everything that the acknowledged writes should have left behind, read after the last start."""

    def __init__(self, database_url: str) -> None:
        engine = create_engine(database_url, poolclass=NullPool)
        with Session(engine) as session:
            self.observations = set(session.scalars(select(Observation.id)))
            self.flags = set(session.scalars(select(Flag.id)))
            self.commands = set(session.scalars(select(CommandRecord.id)))
            self.data_keys = set(session.scalars(select(DataKey.owner_id)))
            self.lapses = Counter(session.scalars(select(OutboxItem.ref_id).where(OutboxItem.kind == LAPSE)))
            collected = select(AuditEvent).where(AuditEvent.action == Action.COLLECT)
            leaves = list(session.scalars(collected))
            self.leaves = Counter(leaf.object_id for leaf in leaves)
            self.hashes = {leaf.id: leaf.leaf_hash.hex() for leaf in leaves}
            self.damage = self._damage(session)
        engine.dispose()

    def errors(self, history: History) -> list[str]:
        """What is lost, double or torn; empty: nothing."""
        return [
            *history.wrong,
            *self.damage,
            *self._about(history, history.observations, self.observations, "observation"),
            *self._about(history, history.flags, self.flags, "flag"),
            *self._lapses(),
        ]

    def _about(
        self, history: History, acknowledged: dict[str, Any], there: set[UUID], kind: str
    ) -> Iterator[str]:
        told = {UUID(name) for name in acknowledged}
        yield from (f"{kind} {lost} was acknowledged and is lost" for lost in told - there)
        yield from (f"{kind} {one} was never sent" for one in there - {UUID(name) for name in history.sent})
        for one in there:
            if self.leaves[one] != 1:
                yield f"{kind} {one} has {self.leaves[one]} leaves"
            if one not in self.commands:
                yield f"{kind} {one} has no command"
            if one not in self.data_keys:
                yield f"{kind} {one} cannot be opened"
        for name, body in acknowledged.items():
            receipt = body["audit_receipt"]
            if self.hashes.get(UUID(receipt["event_id"])) != receipt["leaf_hash"]:
                yield f"the receipt of {kind} {name} proves nothing"

    def _lapses(self) -> Iterator[str]:
        for flag in self.flags:
            if self.lapses[flag] != 1:
                yield f"flag {flag} has {self.lapses[flag]} deadlines"

    def _damage(self, session: Session) -> list[str]:
        if session.get_bind().dialect.name != "sqlite":
            return []
        found = session.execute(text("PRAGMA integrity_check")).scalars().all()
        return [] if found == ["ok"] else [f"the file is damaged: {found}"]
