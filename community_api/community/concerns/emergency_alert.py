"""Somebody is in danger now: the one place where concerns reach the emergency path (contract section 7).

An emergency's own rows are exempt from the day-only rule, and the public notice says so beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND, SEALED_LABEL, Channel
from community_api.community.emergencies import call_rules
from community_api.community.emergencies import service as emergencies
from community_api.community.emergencies.models import Emergency
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import Transaction
from community_api.units.directory import tree
from community_api.units.terms import Level


def commanding_unit(tx: Transaction, unit_id: UUID) -> UUID:
    """The unit whose duty commander answers for a desk: its local unit, else the national one."""
    units = tree(tx)
    local = units.local_unit_of(unit_id)
    return local.id if local is not None else units.at_level(Level.NATIONAL)[0].id


def is_known(tx: Transaction, row: Concern) -> bool:
    """Whether a duty commander has taken note of the danger: then it may be passed on whatever was said."""
    return emergencies.is_acknowledged(tx, row.id)


def emergency_of(tx: Transaction, row: Concern) -> Emergency | None:
    """The emergency that a concern opened; None: it told of no danger."""
    return emergencies.of(tx, row.id) if row.immediate_danger else None


def texts_of(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What was told, for the first lines of a call; erased concerns are left out."""
    rows = tx.all(select(Concern).where(Concern.id.in_(ids), Concern.sealed.is_not(None)))
    # Read at once and held: the session knows them when each text is opened.
    keys = tx.all(select(DataKey).where(DataKey.owner_id.in_(ids)))
    held = {key.owner_id for key in keys}
    return {
        row.id: tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)["text"]
        for row in rows
        if row.id in held
    }


def note_reading(tx: Transaction, row: Concern) -> None:
    """Note that somebody on the staff has looked at what was told of danger."""
    if row.immediate_danger:
        emergencies.note_reading(tx, row.id)


def alarm(tx: Transaction, row: Concern, area: str | None) -> None:
    """Wake the duty commander, whatever the hour; called in the commit of the concern.

    ``area``: where its reporter says that it happens; None: they did not. What the staff took down is not
    gathered: somebody has spoken with the reporter.
    """
    if row.immediate_danger:
        public = row.channel == Channel.PUBLIC
        topic = call_rules.topic(row.category or "", row.lat, row.lon, area) if public else None
        emergencies.open(tx, subject_kind=KIND, subject_id=row.id, unit_id=row.unit_id, topic=topic)
