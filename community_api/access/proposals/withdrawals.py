"""The end of what acted when it was proposed, and was refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from community_api.access import vacancies
from community_api.access.accounts import absences
from community_api.access.accounts.absences import Held
from community_api.access.models import Recusal
from community_api.access.people import account_of
from community_api.core.database.unit_of_work import Transaction
from community_api.units import duties
from community_api.units.models import Duty


def end_absence(tx: Transaction, body: Mapping[str, Any], document: Mapping[str, Any]) -> None:
    """End an absence, or a stepping back from one matter, from now on."""
    account = account_of(tx, body["account"])
    if account is None or account.disabled_at is not None:
        return
    if body.get("duty") is not None:
        _end_recusal(tx, account.person_id, body["duty"])
        return
    since = datetime.fromisoformat(document["acted"])
    before = [_held(*one) for one in document["before"]]
    absences.end(tx, account, before, since=since, until=body["until"])


def _end_recusal(tx: Transaction, person_id: UUID, duty_id: UUID) -> None:
    duty = tx.get(Duty, duty_id)
    if duty is not None:
        tx.delete_where(Recusal, {"person_id": person_id, "subject_id": duty.subject_id})
        duties.discharge(tx, kind=vacancies.RECUSED, subject_id=duty.subject_id)


def _held(post_id: str, since: str, until: str | None) -> Held:
    return Held(
        UUID(post_id), datetime.fromisoformat(since), None if until is None else datetime.fromisoformat(until)
    )
