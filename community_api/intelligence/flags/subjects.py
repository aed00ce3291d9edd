"""Flags about the same subject, found by a keyed token of what identifies them (R10, R12)."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.flags import slots
from community_api.intelligence.flags.models import Flag, SubjectSlot

PURPOSE: Final = b"flag-subject"


def secrets_of(tx: Transaction, identities: Mapping[str, str]) -> set[bytes]:
    """A secret for each subject: equal for the same name or number, however it is spaced or accented."""
    return {_secret(tx, words) for words in identities.values()}


def keep(tx: Transaction, subjects: Sequence[tuple[Flag, bytes]]) -> None:
    """Buffer that flags are about these subjects; all of a commit in one call."""
    owners = [_owner(flag, secret) for flag, secret in subjects]
    kept = slots.rows_of(tx, SubjectSlot, PURPOSE, owners)
    used = {owner: set(rows) for owner, rows in kept.items()}
    for (flag, _secret_of), owner in zip(subjects, owners, strict=True):
        number = slots.free(used.setdefault(owner, set()))
        token = slots.token(tx.keys, PURPOSE, owner, number)
        tx.insert(SubjectSlot, id=new_id(), flag_id=flag.id, token=token)


def flags_about(tx: Transaction, flag: Flag, secrets: Collection[bytes]) -> set[uuid.UUID]:
    """Flags of the same local unit about the same subjects: others are nobody's business there."""
    owners = [_owner(flag, secret) for secret in secrets]
    found = slots.rows_of(tx, SubjectSlot, PURPOSE, owners)
    return {row.flag_id for rows in found.values() for row in rows.values()}


def _owner(flag: Flag, secret: bytes) -> bytes:
    return secret + flag.local_unit_id.bytes


def _secret(tx: Transaction, words: str) -> bytes:
    folded = unicodedata.normalize("NFKD", words).casefold()
    plain = "".join(sign for sign in folded if sign.isalnum())
    return tx.keys.authenticate("lookup", b"subject\x00" + plain.encode())
