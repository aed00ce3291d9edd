"""Who owes a flag a word: the safeguarding lead, the supervisors under the same local unit."""

from __future__ import annotations

from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.flags.models import Flag
from community_api.intelligence.flags.terms import KIND, DutyKind
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.terms import Level, Role


def owe_first(tx: Transaction, row: Flag) -> None:
    """Whoever must look at it first owes it: the safeguarding lead, or the supervisors."""
    if row.cosign_required:
        owe_cosign(tx, row)
        return
    owe_decision(tx, row)


def owe_cosign(tx: Transaction, row: Flag) -> None:
    """The safeguarding lead of the local unit speaks first."""
    post_id = posts.establish(tx, Role.SAFEGUARDING_LEAD, row.local_unit_id)
    duties.owe(
        tx, kind=DutyKind.COSIGN, subject_kind=KIND, subject_id=row.id, post_id=post_id, due_at=row.due_at
    )


def owe_decision(tx: Transaction, row: Flag) -> None:
    """Every supervisors' post under the same local unit may decide; the first one does."""
    units = tree(tx)
    for unit_id in sorted(units.same_or_below(row.local_unit_id)):
        if units.level(unit_id) is Level.COMMUNITY:
            post_id = posts.establish(tx, Role.SUPERVISOR, unit_id)
            duties.owe(
                tx,
                kind=DutyKind.DECIDE,
                subject_kind=KIND,
                subject_id=row.id,
                post_id=post_id,
                due_at=row.due_at,
            )
