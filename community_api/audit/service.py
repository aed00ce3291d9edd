"""Writing the trail: a leaf in the same commit as what it tells of."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from community_api.audit.models import AuditEvent
from community_api.audit.terms import (
    ENVELOPE_VERSION,
    LEAF_PREFIX,
    PAYLOAD_LABEL,
    SALT_BYTES,
    SALT_LABEL,
    Action,
)
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database.commands import Receipt
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.ids import new_id


@dataclass(frozen=True)
class Denial:
    """An act that policy refused to a signed-in caller: what they tried, on what."""

    permission: str
    reason: str
    object_kind: str
    object_id: uuid.UUID | None


class _Payload:
    """What was done in the record's own words, and the commitment to it that the envelope shows."""

    def __init__(self, payload: Mapping[str, Any] | None) -> None:
        self.salt = b"" if payload is None else os.urandom(SALT_BYTES)
        self.commitment = None if payload is None else commitment(self.salt, payload)


def commitment(salt: bytes, payload: Mapping[str, Any]) -> str:
    """SHA-256(salt ‖ canonical payload) in hex: salted, because the hash of a name is guessable."""
    return hashlib.sha256(salt + orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record(
    tx: Transaction,
    actor: Actor,
    action: Action,
    permission: str,
    kind: str,
    object_id: uuid.UUID | None,
    *,
    version: int | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    recipients: Iterable[str] = (),
    seen: Iterable[uuid.UUID] = (),
    compared: Iterable[uuid.UUID] = (),
    outcome: str = "done",
    procedure_hash: str | None = None,
    payload: Mapping[str, Any] | None = None,
    payload_owner: uuid.UUID | None = None,
    day_only: bool = False,
) -> Receipt:
    """Buffer one leaf; the first that a person caused becomes the audit receipt of the commit.

    ``seen`` are the ids that a list showed, ``compared`` those whose texts were opened in memory for it
    and shown to nobody (the envelope has them where there are any). ``payload`` is what was done in the
    record's own words; it is sealed under the data key of ``payload_owner``, the record that holds those
    words and whose erasure ends them too (None: the object itself).
    ``day_only`` cuts the time to the day, for what a public request caused. Nothing but ids and codes
    goes into the envelope.
    """
    at = tx.today if day_only else tx.now
    told = _Payload(payload)
    leaf = _leaf(
        actor,
        at,
        {
            "action": action.value,
            "permission": str(permission),
            "kind": kind,
            "object": _text(object_id),
            "version": version,
            "from": from_state,
            "to": to_state,
            "procedure": procedure_hash,
            "recipients": sorted(recipients),
            "shown": [str(one) for one in seen],
            **_compared(compared),
            "outcome": outcome,
            "payload_commit": told.commitment,
        },
    )
    leaf["object_id"] = object_id
    owner = payload_owner or object_id
    sealed = {} if payload is None or owner is None else _sealed(tx, owner, told.salt, payload)
    tx.insert(AuditEvent, **leaf, **sealed)
    receipt = Receipt(leaf["id"], leaf["leaf_hash"])
    if tx.receipt is None and actor.account_id != SYSTEM.account_id:
        tx.receipt = receipt
    return receipt


def _sealed(tx: Transaction, owner: uuid.UUID, salt: bytes, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "payload_owner": owner,
        "salt": tx.sealer.seal(tx, owner, SALT_LABEL, 1, salt.hex()),
        "payload_ct": tx.sealer.seal(tx, owner, PAYLOAD_LABEL, 1, payload),
    }


def _compared(ids: Iterable[uuid.UUID]) -> dict[str, list[str]]:
    compared = sorted(str(one) for one in ids)
    return {"compared": compared} if compared else {}


def _leaf(actor: Actor, at: datetime, what: Mapping[str, Any]) -> dict[str, Any]:
    """The leaf of what somebody did: the envelope, and its hash (RFC 9162 section 2.1)."""
    event_id = new_id()
    envelope = _canonical(
        {
            "v": ENVELOPE_VERSION,
            "id": str(event_id),
            "at": at.isoformat(),
            "actor": str(actor.account_id),
            "roles": sorted({f"{grant.role}.{grant.unit_name}" for grant in actor.grants}),
            "device": _text(actor.device_id),
            "session": _text(actor.session_id),
            "purpose": actor.purpose,
            "case": _text(actor.case_id),
            **what,
        }
    )
    return {
        "id": event_id,
        "envelope": envelope.decode(),
        "leaf_hash": hashlib.sha256(LEAF_PREFIX + envelope).digest(),
        "at": at,
        "actor": actor.account_id,
        "action": what["action"],
        "object_kind": what["kind"],
    }


def record_denial(uow: UnitOfWork, actor: Actor, denial: Denial) -> None:
    """Write that a signed-in caller was refused, in a transaction of its own.

    The same leaf for what does not exist and for what the caller may not know of: it names the id
    that was asked for, not whether there is such a thing.
    """
    with uow() as tx:
        record(
            tx,
            actor,
            Action.DENIED,
            denial.permission,
            denial.object_kind,
            denial.object_id,
            outcome=denial.reason,
        )


def _canonical(envelope: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what an envelope holds: ASCII names, strings, integers, lists and null."""
    return orjson.dumps(
        {k: v for k, v in envelope.items() if v not in (None, [])}, option=orjson.OPT_SORT_KEYS
    )


def _text(value: uuid.UUID | None) -> str | None:
    return None if value is None else str(value)
