"""create_app: settings to engine, unit of work, Api, blueprints, the one error map and the handlers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import flask_smorest
from flask import Flask
from jinja2 import StrictUndefined

from community_api import access, trail
from community_api.access import authentication, policy, tokens, vacancies
from community_api.access.cases import resources as cases
from community_api.access.certificates import resources as certificates
from community_api.access.courses import resources as courses
from community_api.access.me import resources as me
from community_api.access.permissions import Permission
from community_api.access.proposals import changes
from community_api.access.proposals import resources as proposals
from community_api.access.sessions import housekeeping
from community_api.access.sessions import resources as sessions
from community_api.access.terms import ProposalKind
from community_api.community.concerns import calendar as public_calendar
from community_api.community.concerns import ending
from community_api.community.concerns import resources as concerns
from community_api.community.concerns.terms import ANSWER_DUE
from community_api.community.emergencies import paging
from community_api.community.emergencies import resources as emergencies
from community_api.community.emergencies.terms import ESCALATE, PAGE, UNJUSTIFIED
from community_api.community.observations import resources as observations
from community_api.community.priorities import resources as priorities
from community_api.community.problems import resources as problems
from community_api.community.public import resources as public
from community_api.community.reports.terms import LINK_CHANGED
from community_api.community.triage import resources as triage
from community_api.core import anonymity, health, http, logs, metrics, openapi, pages, refusals
from community_api.core.actor import Actor
from community_api.core.clock import Clock
from community_api.core.code_lists import resources as code_lists
from community_api.core.config import SettingError, Settings, read_settings
from community_api.core.database_role import refuse_mighty_role
from community_api.core.db import Database
from community_api.core.i18n import Words
from community_api.core.keys import load_keys
from community_api.core.problems import load_problems
from community_api.core.schemas import Day, Id, Moment
from community_api.core.sealing import Sealer
from community_api.core.uow import UnitOfWork, Work
from community_api.exchange.operations import resources as operations
from community_api.feedback import resources as feedback
from community_api.feedback.overdue import answer_is_late
from community_api.feedback.terms import DUE
from community_api.intelligence.disseminations import resources as disseminations
from community_api.intelligence.flags import relating, second_person
from community_api.intelligence.flags import resources as flags
from community_api.intelligence.flags.terms import LAPSE
from community_api.intelligence.indicators import proposing
from community_api.intelligence.indicators import resources as indicators
from community_api.intelligence.indicators import service as indicator_lists
from community_api.intelligence.procedures import resources as procedures
from community_api.intelligence.referrals import deadlines
from community_api.intelligence.referrals import resources as referrals
from community_api.intelligence.referrals.terms import OVERDUE, STILL_OVERDUE
from community_api.intelligence.reports import resources as reports
from community_api.intelligence.suspensions import resources as suspensions
from community_api.outbox import presence
from community_api.outbox import service as outbox
from community_api.outbox.worker import Periodic, Worker
from community_api.oversight.audit import resources as audit
from community_api.oversight.bias import resources as bias_reviews
from community_api.oversight.bias import service as bias
from community_api.oversight.figures import resources as oversight_figures
from community_api.oversight.transparency import resources as transparency
from community_api.procedure import shelf
from community_api.safeguarding import resources as safeguarding
from community_api.trail import junk
from community_api.trail.junk import JunkCounter
from community_api.units import resources as units

PROBLEMS = Path(__file__).with_name("problems.yaml")
API = {
    "API_TITLE": "Community policing",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {"security": [{"bearer": []}]},
}
# A feature's routes; each feature adds its blueprint here.
BLUEPRINTS: tuple[flask_smorest.Blueprint, ...] = (
    sessions.blp,
    me.blp,
    cases.blp,
    proposals.blp,
    certificates.blp,
    courses.blp,
    bias_reviews.blp,
    observations.blp,
    concerns.blp,
    public.blp,
    triage.blp,
    problems.blp,
    priorities.blp,
    emergencies.blp,
    safeguarding.blp,
    flags.blp,
    referrals.blp,
    reports.blp,
    disseminations.blp,
    feedback.blp,
    indicators.blp,
    procedures.blp,
    suspensions.blp,
    units.blueprint,
    code_lists.blp,
    audit.blp,
    oversight_figures.blp,
    transparency.blp,
    operations.blp,
    pages.blp,
    health.blueprint,
)
# What the worker does with an outbox item of each kind, inside one use of the unit of work.
changes.also(ProposalKind.INDICATOR_LIST, proposing.prepare)

HANDLERS: Mapping[str, Callable[[Work, Any], None]] = {
    LAPSE: lambda tx, item: second_person.lapse(tx, item.ref_id),
    LINK_CHANGED: lambda tx, item: relating.link_has_changed(tx, item.ref_id),
    STILL_OVERDUE: lambda tx, item: deadlines.is_still_overdue(tx, item.ref_id),
    OVERDUE: lambda tx, item: deadlines.stage_is_overdue(tx, item.ref_id),
    ANSWER_DUE: lambda tx, item: public_calendar.word_is_due(tx, item.ref_id),
    DUE: lambda tx, item: answer_is_late(tx, item.ref_id),
    PAGE: lambda tx, item: paging.hand_over(tx, item.ref_id),
    ESCALATE: lambda tx, item: paging.escalate(tx, item.ref_id),
    UNJUSTIFIED: lambda tx, item: paging.justification_is_late(tx, item.ref_id),
}
# What one of the workers does from time to time.
PERIODICS: tuple[Periodic, ...] = (
    Periodic("junk_summary", timedelta(minutes=1), junk.summarise),
    Periodic("outbox_sweep", timedelta(hours=1), outbox.sweep),
    Periodic("posts_unmanned", timedelta(minutes=1), vacancies.watch),
    Periodic("concerns_ended", timedelta(hours=1), ending.sweep),
    Periodic("bias_look", timedelta(hours=6), bias.look),
    Periodic("session_sweep", timedelta(hours=1), housekeeping.sweep),
)


class Product(Flask):
    """The application. Nothing in it is a coroutine, so no function is looked at for being one."""

    # A page that names what it was not given breaks, rather than showing a gap.
    jinja_options = {"undefined": StrictUndefined}  # noqa: RUF012 - as Flask declares it

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """The application; ``settings`` None reads the environment, ``clock`` None is the wall clock.

    Raises SettingError or StartRefused when the product must not start like this.
    """
    settings = settings or read_settings()
    logs.configure()
    app = Product("community_api", static_folder=None)
    services = make_services(settings, clock or Clock(settings.clock_offset))
    app.extensions["community"] = services
    app.extensions[openapi.READING_HEADERS] = policy.reading_headers
    app.extensions[me.LIST_VERSION] = indicator_lists.active_version
    tokens.install(app, services.uow.keys)
    _watch_health(app, services)
    http.install(app, authenticate=_authenticator(services), junk=_junk_counter(services))
    _mount(app)
    app.wsgi_app = anonymity.Nameless(  # type: ignore[method-assign]
        app.wsgi_app, http.PUBLIC, services.uow.clock, settings.proxies
    )
    refusals.install(app, deny=lambda actor, denial: trail.record_denial(services.uow, actor, denial))
    return app


def make_services(settings: Settings, clock: Clock) -> http.Services:
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
        procedure=_shipped(settings.procedure),
    )
    return http.Services(settings, uow, Words(playful=settings.playful), load_problems(PROBLEMS), _gate)


def _shipped(name: str) -> str:
    """The name of a shipped procedure. Raises SettingError for any other."""
    names = sorted({known for known, _ in shelf.files()})
    if name not in names:
        raise SettingError("COMMUNITY_PROCEDURE", f"is one of {', '.join(names)}")
    return name


def make_worker(settings: Settings, services: http.Services | None = None) -> Worker:
    """The worker of this installation; ``services`` those of the application whose process it shares."""
    services = services or make_services(settings, Clock(settings.clock_offset))
    return Worker(services.uow, HANDLERS, PERIODICS, sole=settings.is_sqlite)


def _watch_health(app: Flask, services: http.Services) -> None:
    settings, uow = services.settings, services.uow
    watched = health.Health(
        uow.database,
        worker=lambda: presence.state(app.extensions.get("worker_thread"), uow),
        measures=lambda: presence.measures(uow),
        token=settings.metrics_token,
        folder=settings.metrics_folder,
    )
    health.install(app, watched)


def _junk_counter(services: http.Services) -> Callable[[str, int], None]:
    counter = JunkCounter(services.uow, services.uow.clock)

    def count(endpoint: str, status: int) -> None:
        metrics.junk()
        counter.count(endpoint, status)

    return count


def _alarm(owner_id: uuid.UUID) -> None:
    """A sealed text was swapped or changed: operators hear of it at once and in their figures."""
    metrics.seal_broken()
    logs.alarm_broken_seal(owner_id)


def _gate(tx: Work, actor: Actor, permission: str) -> None:
    access.require(tx, actor, Permission(permission), None)


def _authenticator(services: http.Services) -> Callable[[Any], Any]:
    return authentication.authenticator(services.uow)


def _mount(app: Flask) -> None:
    app.config.update(API)
    # An address is there or it is not: no redirects, which would repeat what was asked for.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    api = openapi.Api(app)
    api.register_field(Id, "string", "uuid")
    api.register_field(Moment, "string", "date-time")
    api.register_field(Day, "string", "date")
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
