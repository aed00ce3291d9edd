"""What the product is made of but for HTTP: services, and what the worker does. For the commands as well."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from community_api import access, procedures
from community_api.access import vacancies
from community_api.access.accounts import leavers
from community_api.access.permissions import Permission
from community_api.access.proposals import changes
from community_api.access.sessions import housekeeping
from community_api.access.terms import ProposalKind
from community_api.audit import anonymous_refusals
from community_api.community.concerns import emergency_alert, erasure, permission
from community_api.community.concerns import response_deadlines as public_calendar
from community_api.community.concerns.terms import ANSWER_DUE
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.emergencies import call_duties, first_lines, paging
from community_api.community.emergencies.terms import ESCALATE, PAGE, UNJUSTIFIED
from community_api.community.problems import clear_titles
from community_api.community.shared.terms import LINK_CHANGED
from community_api.core.actor import Actor
from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.crypto.keys import load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.role_check import refuse_mighty_role
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.i18n.problem_texts import load_problems
from community_api.core.i18n.translations import Words
from community_api.core.monitoring import logs, metrics
from community_api.core.services import Services
from community_api.feedback.leavers import waive_answers
from community_api.feedback.overdue import answer_is_late
from community_api.feedback.terms import DUE
from community_api.intelligence.chain.referrals import deadlines
from community_api.intelligence.chain.referrals.terms import OVERDUE, STILL_OVERDUE
from community_api.intelligence.flags import decisions, expiry, forbidden, plain_relations, related_flags
from community_api.intelligence.flags.terms import LAPSE
from community_api.intelligence.indicators import proposals
from community_api.outbox import service as outbox
from community_api.outbox.worker import Periodic, Worker
from community_api.oversight.bias import service as bias

PROBLEMS = Path(__file__).with_name("problems.yaml")
leavers.when_somebody_leaves(waive_answers)
changes.also(ProposalKind.INDICATOR_LIST, proposals.prepare)
permission.also(forbidden.withdraw)
first_lines.read_by(CONCERN, emergency_alert.texts_of)

# What the worker does with an outbox item of each kind, inside one use of the unit of work.
HANDLERS: Mapping[str, Callable[[Transaction, Any], None]] = {
    LAPSE: lambda tx, item: decisions.lapse(tx, item.ref_id),
    LINK_CHANGED: lambda tx, item: related_flags.link_has_changed(tx, item.ref_id),
    STILL_OVERDUE: lambda tx, item: deadlines.is_still_overdue(tx, item.ref_id),
    OVERDUE: lambda tx, item: deadlines.stage_is_overdue(tx, item.ref_id),
    ANSWER_DUE: lambda tx, item: public_calendar.word_is_due(tx, item.ref_id),
    DUE: lambda tx, item: answer_is_late(tx, item.ref_id),
    PAGE: lambda tx, item: paging.hand_over(tx, item.ref_id),
    ESCALATE: lambda tx, item: paging.call_again(tx, item.ref_id),
    UNJUSTIFIED: lambda tx, item: call_duties.justification_is_late(tx, item.ref_id),
}
# What one of the workers does from time to time.
PERIODICS: tuple[Periodic, ...] = (
    Periodic("junk_summary", timedelta(minutes=1), anonymous_refusals.summarise),
    Periodic("outbox_sweep", timedelta(hours=1), outbox.sweep),
    Periodic("posts_unmanned", timedelta(minutes=1), vacancies.watch),
    Periodic("concerns_ended", timedelta(hours=1), erasure.sweep),
    Periodic("refused_flags_forgotten", timedelta(hours=1), expiry.sweep),
    Periodic("relations_hidden", timedelta(minutes=1), plain_relations.hide),
    Periodic("bias_look", timedelta(hours=6), bias.look),
    Periodic("titles_sealed", timedelta(hours=1), clear_titles.seal),
    Periodic("session_sweep", timedelta(hours=1), housekeeping.sweep),
)


def make_services(settings: Settings, clock: Clock) -> Services:
    """What use cases need, without HTTP: for the worker and the commands too."""
    database = Database(settings.database_url)
    if not settings.playful:
        refuse_mighty_role(database)
    keys = load_keys(settings.keys, make_missing=settings.playful)
    sealer = Sealer(keys, alarm=_alarm, reread=partial(load_keys, settings.keys, make_missing=False))
    uow = UnitOfWork(
        database,
        clock,
        sealer,
        keys,
        release_hour=settings.public_release,
        procedure=procedures.shipped_name(settings.procedure),
    )
    return Services(settings, uow, Words(playful=settings.playful), load_problems(PROBLEMS), _gate)


def make_worker(settings: Settings, services: Services | None = None) -> Worker:
    """The worker of this installation; ``services`` those of the application whose process it shares."""
    services = services or make_services(settings, Clock(settings.clock_offset))
    return Worker(services.uow, HANDLERS, PERIODICS, sole=settings.is_sqlite)


def _alarm(owner_id: uuid.UUID) -> None:
    """A sealed text was swapped or changed: operators hear of it at once and in their figures."""
    metrics.seal_broken()
    logs.alarm_broken_seal(owner_id)


def _gate(tx: Transaction, actor: Actor, permission: str) -> None:
    access.require(tx, actor, Permission(permission), None)
