"""What identifies the subjects of a flag: sealed apart from it, under a key of its own."""

from __future__ import annotations

from collections.abc import Mapping

from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.flags import queries
from community_api.intelligence.flags.models import Flag, FlagIdentity
from community_api.intelligence.flags.terms import IDENTITY_LABEL


def seal(tx: Transaction, row: Flag, identities: Mapping[str, str]) -> None:
    """Keep what identifies subjects, by label; nothing is kept where nothing was told."""
    if not identities:
        return
    identity_id = new_id()
    tx.add(
        FlagIdentity(
            id=identity_id,
            flag_id=row.id,
            retention_class=row.retention_class,
            review_on=row.review_on,
            sealed=tx.sealer.seal_new(tx, identity_id, IDENTITY_LABEL, dict(identities)),
        )
    )


def opened(tx: Transaction, row: Flag) -> Mapping[str, str]:
    """What identifies subjects, by label; empty where nothing was told, or it was erased."""
    found = queries.identity(tx, row.id)
    if found is None or found.sealed is None:
        return {}
    told: Mapping[str, str] = tx.sealer.open(tx, found.id, IDENTITY_LABEL, found.text_version, found.sealed)
    return told
