"""Tokens and relations that earlier releases kept in plain are put into slots, a batch at a time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from community_api.core.database import commands
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.intelligence.flags import relations, subjects
from community_api.intelligence.flags.models import Flag, RelatedFlag, SubjectToken
from community_api.intelligence.flags.terms import Why

BATCH: Final = 100


def hide(uow: UnitOfWork) -> None:
    """Hide what is left in plain (the worker calls this): the migration that made the slots has no keys."""
    while commands.again(lambda: _hide_some(uow)):
        pass


def _hide_some(uow: UnitOfWork) -> bool:
    """Whether there may be more."""
    with uow() as tx:
        plain = tx.all(select(SubjectToken).order_by(SubjectToken.id).limit(BATCH))
        flags = {
            flag.id: flag for flag in tx.all(select(Flag).where(Flag.id.in_([row.flag_id for row in plain])))
        }
        subjects.keep(tx, [(flags[row.flag_id], row.token) for row in plain])
        for token in plain:
            tx.delete_where(SubjectToken, {"id": token.id}, expect=1)
        pairs = tx.all(select(RelatedFlag).order_by(RelatedFlag.id).limit(BATCH))
        relations.add(tx, [relations.Pair(row.flag_id, row.earlier_id, Why(row.why)) for row in pairs])
        for pair in pairs:
            tx.delete_where(RelatedFlag, {"id": pair.id}, expect=1)
        return len(plain) == BATCH or len(pairs) == BATCH
