"""create_app: settings to engine, unit of work, Api, blueprints, the one error map and the handlers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import flask_smorest
from flask import Flask
from jinja2 import StrictUndefined

from community_api import audit as community_api_audit
from community_api.access import authentication, policy, tokens
from community_api.access.accounts import resources as accounts
from community_api.access.certificates import resources as certificates
from community_api.access.courses import resources as courses
from community_api.access.me import resources as me
from community_api.access.proposals import resources as proposals
from community_api.access.proposals import schemas as proposal_schemas
from community_api.access.purpose_cases import resources as cases
from community_api.access.sessions import resources as sessions
from community_api.admin.outbox import resources as operations
from community_api.audit.anonymous_refusals import JunkCounter
from community_api.community.concerns import resources as concerns
from community_api.community.emergencies import resources as emergencies
from community_api.community.observations import resources as observations
from community_api.community.priorities import resources as priorities
from community_api.community.problems import resources as problems
from community_api.community.public import resources as public
from community_api.community.triage import resources as triage
from community_api.community.wishes import resources as handovers
from community_api.composition import make_services
from community_api.core.clock import Clock
from community_api.core.code_lists import resources as code_lists
from community_api.core.config import Settings, read_settings
from community_api.core.http import (
    anonymizing_middleware,
    constant_time,
    cross_origin,
    docs_pages,
    error_handlers,
    hooks,
    json_parser,
    openapi,
    views,
)
from community_api.core.http.proxies import Proxies
from community_api.core.monitoring import health, logs, metrics
from community_api.core.places.admission import Admission
from community_api.core.places.callers import Callers
from community_api.core.schemas.fields import Day, Id, Moment
from community_api.core.services import Services
from community_api.demo.organisation import DemoAccount
from community_api.demo.sign_in_names import sign_in_names
from community_api.feedback import resources as feedback
from community_api.intelligence.chain.disseminations import resources as disseminations
from community_api.intelligence.chain.referrals import resources as referrals
from community_api.intelligence.chain.reports import resources as reports
from community_api.intelligence.flags import resources as flags
from community_api.intelligence.indicators import resources as indicators
from community_api.intelligence.indicators import service as indicator_lists
from community_api.intelligence.procedure_admin import resources as procedures
from community_api.intelligence.suspensions import resources as suspensions
from community_api.outbox import health as outbox_health
from community_api.oversight.audit import resources as audit
from community_api.oversight.bias import resources as bias_reviews
from community_api.oversight.figures import resources as oversight_figures
from community_api.oversight.transparency import resources as transparency
from community_api.safeguarding import resources as safeguarding
from community_api.units import resources as units
from community_api.web.site import resources as site

API = {
    "API_TITLE": "Community policing",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "security": [{"bearer": []}],
        "servers": [{"url": "/", "description": "Where this document was read"}],
        "info": {
            "description": "Community policing, to the national level and back. "
            "docs/ of the repository says how the parts work together.",
            "contact": {"name": "The owner of this installation"},
            # The identifier is one that says nothing yet; without one, generators refuse the document.
            "license": {"name": "To be chosen by the owner", "identifier": "LicenseRef-to-be-chosen"},
        },
    },
}
OPERATION_TEXTS = Path(__file__).with_name("operation_texts.yaml")
PROPERTY_TEXTS = Path(__file__).with_name("property_texts.yaml")
# A feature's routes; each feature adds its blueprint here.
BLUEPRINTS: tuple[flask_smorest.Blueprint, ...] = (
    sessions.blp,
    me.blp,
    accounts.blp,
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
    handovers.blp,
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
    docs_pages.blp,
    site.blp,
    health.blueprint,
)


# Under this name the application keeps its places.
PLACES = "places"


class Product(Flask):
    """The application. Nothing in it is a coroutine, so no function is looked at for being one."""

    # A page that names what it was not given breaks, rather than showing a gap.
    jinja_options = {"undefined": StrictUndefined}  # noqa: RUF012 - as Flask declares it

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(
    settings: Settings | None = None, *, clock: Clock | None = None, pause: constant_time.Pause = time.sleep
) -> Flask:
    """The application; ``settings`` None reads the environment, ``clock`` None is the wall clock.

    ``pause`` waits before a refusal is told (core/http/constant_time.py).

    Raises SettingError or StartupError when the product must not start like this.
    """
    settings = settings or read_settings()
    logs.configure()
    app = Product("community_api", static_folder=None)
    services = make_services(settings, clock or Clock(settings.clock_offset))
    app.extensions["community"] = services
    app.extensions[openapi.READING_HEADERS] = policy.reading_headers
    app.extensions[openapi.CALLERS] = policy.callers
    app.extensions[openapi.OPERATION_TEXTS] = OPERATION_TEXTS
    app.extensions[openapi.PROPERTY_TEXTS] = PROPERTY_TEXTS
    app.extensions[site.SIGN_IN_NAMES] = partial(_sign_in_names, services)
    app.extensions[openapi.VARIANTS] = (proposal_schemas.VARIANTS,)
    app.extensions[me.LIST_VERSION] = indicator_lists.active_version
    tokens.install(app, services.uow.keys)
    proxies = Proxies(services.settings.proxies)
    _watch_health(app, services, proxies)
    hooks.install(app, authenticate=_authenticator(services), junk=_junk_counter(services))
    _mount(app)
    _admit(app, services, proxies)
    error_handlers.install(
        app,
        deny=lambda actor, denial: community_api_audit.record_denial(services.uow, actor, denial),
        pause=pause,
    )
    return app


def _admit(app: Flask, services: Services, proxies: Proxies) -> None:
    """The layers around the application: places outside, then what leaves no name on a public request."""
    clock = services.uow.clock
    nameless = anonymizing_middleware.AnonymizingMiddleware(app.wsgi_app, views.PUBLIC, clock, proxies)
    callers = Callers(authentication.account_teller(app, clock), proxies.network_of)
    admission = Admission(
        nameless,
        callers,
        most=json_parser.MAX_BODY_BYTES + 1,
        ungated=health.UNGATED,
        uncounted=health.UNCOUNTED,
    )
    app.extensions[PLACES] = admission.places
    origins = services.settings.origins
    # Outermost, so that a page reads what is refused here as well.
    app.wsgi_app = (  # type: ignore[method-assign]
        cross_origin.CrossOrigin(admission, views.PUBLIC, origins) if origins else admission
    )


def _sign_in_names(services: Services) -> Sequence[DemoAccount]:
    """Who can sign in to the demonstration; nobody in a real installation."""
    return sign_in_names(services.uow) if services.settings.playful else ()


def _watch_health(app: Flask, services: Services, proxies: Proxies) -> None:
    settings, uow = services.settings, services.uow
    watched = health.Health(
        uow.database,
        worker=lambda: outbox_health.state(app.extensions.get("worker_thread"), uow),
        measures=lambda: outbox_health.measures(uow),
        token=settings.metrics_token,
        folder=settings.metrics_folder,
        proxies=proxies,
    )
    health.install(app, watched)


def _junk_counter(services: Services) -> Callable[[str, int], None]:
    counter = JunkCounter(services.uow, services.uow.clock)

    def count(endpoint: str, status: int) -> None:
        metrics.junk()
        counter.count(endpoint, status)

    return count


def _authenticator(services: Services) -> Callable[[Any], Any]:
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
