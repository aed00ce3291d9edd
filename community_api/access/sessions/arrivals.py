"""Whether renewed tokens have arrived: the first use of an access token says so."""

from __future__ import annotations

import uuid

from community_api.access.models import Session
from community_api.core.database.unit_of_work import UnitOfWork


def confirm(uow: UnitOfWork, session_id: uuid.UUID, token_id: uuid.UUID) -> None:
    """Note that an access token issued with ``token_id`` was used; safe to repeat and at once."""
    with uow() as tx:
        pending = {"id": session_id, "pending_token_id": token_id}
        tx.update_where(Session, pending, {"pending_token_id": None}, expect=None)
