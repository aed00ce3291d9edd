"""Titles that earlier releases kept in clear are sealed, a batch at a time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from community_api.community.priorities.models import Priority
from community_api.community.priorities.terms import SEALED_LABEL
from community_api.community.problems.models import Problem
from community_api.community.problems.terms import TITLE_LABEL
from community_api.core.database.unit_of_work import Transaction, UnitOfWork

BATCH: Final = 100


def seal(uow: UnitOfWork) -> None:
    """Seal what is left of them (the worker calls this); lists show those rows by their reference."""
    with uow() as tx:
        for row in tx.all(select(Problem).where(Problem.title.is_not(None)).limit(BATCH)):
            sealed = tx.sealer.seal_new(tx, row.id, TITLE_LABEL, {"title": row.title})
            tx.update_row(row, title=None, sealed=sealed)
        kept = Priority.title.is_not(None), Priority.sealed.is_not(None)
        for priority in tx.all(select(Priority).where(*kept).limit(BATCH)):
            _seal_with_text(tx, priority)


def _seal_with_text(tx: Transaction, row: Priority) -> None:
    document = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed or b"")
    version = row.text_version + 1
    sealed = tx.sealer.seal(tx, row.id, SEALED_LABEL, version, {**document, "title": row.title})
    tx.update_row(row, title=None, text_version=version, sealed=sealed)
