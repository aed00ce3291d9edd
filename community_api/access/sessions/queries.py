"""What signing in reads."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from community_api.access.models import Account, Device, RefreshToken, Session
from community_api.core.database.unit_of_work import Transaction


@dataclass(frozen=True)
class Known:
    """An account and, when it has been used from the device in question before, that device."""

    account: Account
    device: Device | None


def known_by_name(tx: Transaction, username: str, client_id: uuid.UUID | None) -> Known | None:
    """The account of that name, with the device that the app calls ``client_id``; None: no such account."""
    same = and_(Device.account_id == Account.id, Device.client_id == client_id)
    query = select(Account, Device).outerjoin(Device, same).where(Account.username == username)
    row: Any = tx.first(query)
    return None if row is None else Known(row[0], row[1])


def generations(
    tx: Transaction, session_id: uuid.UUID, token_id: uuid.UUID
) -> tuple[RefreshToken | None, RefreshToken | None]:
    """A token of the session and its successor, as they stand at one moment; None: no such row.

    One statement: between two, another renewal could replace the successor, and the honest token look stolen.
    """
    successor = aliased(RefreshToken)
    query = (
        select(RefreshToken, successor)
        .outerjoin(successor, successor.id == RefreshToken.successor_id)
        .where(RefreshToken.id == token_id, RefreshToken.session_id == session_id)
    )
    row: Any = tx.first(query)
    return (None, None) if row is None else (row[0], row[1])


def exchanged_before(tx: Transaction, session_id: uuid.UUID, moment: datetime) -> list[uuid.UUID]:
    """The tokens of a session that were exchanged before a moment."""
    query = select(RefreshToken.id).where(
        RefreshToken.session_id == session_id, RefreshToken.used_at < moment
    )
    return tx.all(query)


def client_id_of(tx: Transaction, device_id: uuid.UUID | None) -> uuid.UUID | None:
    """The id by which an app knows its device; None: the session names none."""
    found: uuid.UUID | None = tx.first(select(Device.client_id).where(Device.id == device_id))
    return found


def running(account_id: uuid.UUID, tx: Transaction) -> Select[*tuple[Any, ...]]:
    """The sessions of an account that have not ended, with their devices."""
    return (
        select(
            Session.id,
            Session.started_at,
            Session.renewed_at,
            Session.expires_at,
            Device.client_id,
            Device.id.label("device_id"),
            Device.text_version,
            Device.sealed,
        )
        .outerjoin(Device, Device.id == Session.device_id)
        .where(Session.account_id == account_id, Session.ended_at.is_(None), Session.expires_at > tx.now)
    )
