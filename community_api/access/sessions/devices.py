"""The devices that accounts sign in from."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from community_api.access.models import Account, Device
from community_api.access.sessions import queries
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError
from community_api.core.ids import new_id

LABEL = "access.device"


@dataclass(frozen=True)
class DeviceTold:
    """What an app says of the device it runs on.

    ``client_id`` None: it has no id yet, and is given one. ``name`` None: it says none. ``public_key`` is a
    raw Ed25519 key, None: it has none.
    """

    client_id: uuid.UUID | None = None
    name: str | None = None
    public_key: bytes | None = None


UNNAMED = DeviceTold()


def meet(tx: Transaction, account: Account, device_info: DeviceTold) -> Device:
    """The device as it is now known. Raises ``login_refused`` for one that was reported lost."""
    known = None
    if device_info.client_id is not None:
        known = queries.known_by_name(tx, account.username, device_info.client_id)
    if known is None or known.device is None:
        return _remember(tx, account, device_info)
    if known.device.revoked_at is not None:
        raise DomainError("login_refused")
    return known.device


def name_of(tx: Transaction, person_id: uuid.UUID, row: Any) -> str | None:
    """The name that the officer gave it; ``row`` has the columns device_id, text_version and sealed."""
    if row.sealed is None:
        return None
    document = tx.sealer.open(tx, person_id, _label(row.device_id), row.text_version, row.sealed)
    return str(document["name"])


def _remember(tx: Transaction, account: Account, device_info: DeviceTold) -> Device:
    device_id = new_id()
    sealed = None
    if device_info.name is not None:
        sealed = tx.sealer.seal(tx, account.person_id, _label(device_id), 1, {"name": device_info.name})
    return tx.add(
        Device(
            id=device_id,
            account_id=account.id,
            client_id=device_info.client_id or new_id(),
            sealed=sealed,
            first_seen_at=tx.now,
            public_key=device_info.public_key,
        )
    )


def _label(device_id: uuid.UUID) -> str:
    return f"{LABEL}.{device_id}"
