"""Somebody is in danger now: the one place where concerns reach the emergency path (contract section 7).

An emergency's own rows are exempt from the day-only rule, and the public notice says so beforehand.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND, DutyKind
from community_api.core.actor import Actor
from community_api.core.uow import Work
from community_api.units import duties, posts
from community_api.units.directory import tree
from community_api.units.models import Duty
from community_api.units.terms import Level, Role


def commanding_unit(tx: Work, unit_id: UUID) -> UUID:
    """The unit whose duty commander answers for a desk: its local unit, else the national one."""
    units = tree(tx)
    local = units.local_unit_of(unit_id)
    return local.id if local is not None else units.at_level(Level.NATIONAL)[0].id


def commands(tx: Work, actor: Actor, row: Concern) -> bool:
    """Whether somebody is the duty commander for a concern."""
    return commanding_unit(tx, row.unit_id) in actor.units(Role.DUTY_COMMANDER)


def seen(tx: Work, actor: Actor, row: Concern) -> None:
    """A duty commander who reads a concern in danger knows of it."""
    if row.immediate_danger and commands(tx, actor, row):
        duties.discharge(tx, kind=DutyKind.DANGER, subject_id=row.id)


def is_known(tx: Work, row: Concern) -> bool:
    """Whether the duty commander knows of the danger: then it may be passed on whatever the reporter said."""
    known = select(Duty.id).where(Duty.kind == DutyKind.DANGER.value, Duty.subject_id == row.id)
    return tx.one(known.where(Duty.discharged_at.is_not(None))) is not None


def alarm(tx: Work, row: Concern) -> None:
    """The duty commander must look at it now, whatever the hour; called in the commit of the concern."""
    if not row.immediate_danger:
        return
    duties.owe(
        tx,
        kind=DutyKind.DANGER,
        subject_kind=KIND,
        subject_id=row.id,
        post_id=posts.establish(tx, Role.DUTY_COMMANDER, commanding_unit(tx, row.unit_id)),
        due_at=tx.now,
        new_subject=True,
    )
