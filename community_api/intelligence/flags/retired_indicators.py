"""What happens to flags when an indicator is retired: whoever decides on them looks again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import exists, select

from community_api import audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.referrals.terms import KIND as REFERRAL
from community_api.intelligence.chain.referrals.terms import REVIEW_DUTY
from community_api.intelligence.flags.models import Flag, Ground
from community_api.intelligence.flags.terms import KIND, WAITING, Status
from community_api.procedure_engine.engine.clocks import Clock, deadline
from community_api.procedure_engine.terms import Phase
from community_api.units import duties, posts
from community_api.units.calendars import calendar_of
from community_api.units.terms import Role

FLAG_REVIEW: Final = "flag_review"
WITHIN: Final = Clock(working_days=5)


def review(tx: Transaction, actor: Actor, *, kind: str, retired: frozenset[str]) -> None:
    """Open a review of every open flag that rests on retired indicators alone, and of the cases they opened.

    A flag that waits is its team's supervisor's to look at, a running case its unit's manager's.
    """
    for flag in _resting_on(tx, kind, retired):
        if flag.status in WAITING:
            post = posts.establish(tx, Role.SUPERVISOR, flag.unit_id)
            _owe(tx, actor, FLAG_REVIEW, (KIND, flag.id), post, flag.unit_id)
            continue
        running: Referral | None = tx.first(
            select(Referral).where(Referral.flag_id == flag.id, Referral.phase != Phase.ENDED.value)
        )
        if running is not None:
            post = posts.establish(tx, Role.INTELLIGENCE_MANAGER, running.unit_id)
            _owe(tx, actor, REVIEW_DUTY, (REFERRAL, running.id), post, running.unit_id)


def _resting_on(tx: Transaction, kind: str, retired: frozenset[str]) -> Sequence[Flag]:
    """Flags that wait or were confirmed, all of whose grounds are retired."""
    open_still = [*(one.value for one in WAITING), Status.CONFIRMED.value]
    named = exists(select(Ground.id).where(Ground.flag_id == Flag.id, Ground.indicator.in_(retired)))
    others = exists(select(Ground.id).where(Ground.flag_id == Flag.id, Ground.indicator.not_in(retired)))
    query = select(Flag).where(
        Flag.kind == kind, Flag.status.in_(open_still), Flag.erased_at.is_(None), named, ~others
    )
    return tx.all(query.order_by(Flag.raised_at, Flag.id))


def _owe(
    tx: Transaction, actor: Actor, kind: str, subject: tuple[str, UUID], post: UUID, unit_id: UUID
) -> None:
    due_at = deadline(WITHIN, tx.now, calendar_of(tx, unit_id))
    duties.owe(tx, kind=kind, subject_kind=subject[0], subject_id=subject[1], post_id=post, due_at=due_at)
    audit.record(
        tx, actor, Action.DELIVER, Permission.INDICATOR_LIST_APPROVE, subject[0], subject[1],
        to_state=kind, recipients=[str(posts.name_of(tx, post))], outcome="indicator_retired",
    )  # fmt: skip
