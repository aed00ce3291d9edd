"""What happens to a flag that waits when the teller of its report forbids to pass it on.

It is caused by a public request, so nothing here keeps more than the day.
"""

from __future__ import annotations

from uuid import UUID

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.community import valve
from community_api.core.actor import PUBLIC, PUBLIC_ID
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.intelligence.flags import decisions
from community_api.intelligence.flags.models import Flag, FlagDecision
from community_api.intelligence.flags.terms import DECISION_LABEL, FORBIDDEN_TEXT, KIND, WAITING, Status


def withdraw(tx: Transaction, concern_id: UUID) -> None:
    """Withdraw the flag that waits on a concern; one that was raised by an exception stays."""
    flag_id = valve.waiting(tx, valve.PUBLIC_KIND, concern_id)
    flag = None if flag_id is None else tx.get(Flag, flag_id)
    if flag is None or flag.exception is not None or flag.status not in WAITING:
        return
    before, act_id = flag.status, new_id()
    tx.add(
        FlagDecision(
            id=act_id,
            flag_id=flag.id,
            act="withdraw",
            decision=Status.WITHDRAWN.value,
            person_id=PUBLIC_ID,
            decided_at=tx.today,
            retention_class=flag.retention_class,
            review_on=flag.review_on,
            sealed=tx.sealer.seal_new(tx, act_id, DECISION_LABEL, {"reason": FORBIDDEN_TEXT}),
        )
    )
    decisions.end(tx, flag, Status.WITHDRAWN, at=tx.today)
    audit.record(
        tx, PUBLIC, Action.ALTER, Permission.CONCERN_FOLLOW_UP, KIND, flag.id,
        version=flag.version, from_state=before, to_state=flag.status, day_only=True,
    )  # fmt: skip
