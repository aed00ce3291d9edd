"""/health/live, /health/ready and /metrics: for the machines that keep the product running.

Codes and counts only: no version, path or address tells a stranger what runs here.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request
from marshmallow import fields
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from community_api.core.database import schema_version
from community_api.core.database.engine import Database
from community_api.core.database.errors import translated
from community_api.core.errors import DomainError
from community_api.core.http import views
from community_api.core.http.proxies import Proxies
from community_api.core.http.views import Blueprint
from community_api.core.monitoring import metrics
from community_api.core.monitoring.metrics import Measure
from community_api.core.schemas.fields import BaseSchema, Choice
from community_api.core.shared_call import SharedCall

blueprint = Blueprint("health", __name__, description="For the machines that keep the product running")
# Whether the process answers is told whatever else it does. Readiness and figures need no working place, and
# one connection of the database for all who ask at the same time.
UNCOUNTED = frozenset({"/health/live"})
UNGATED = frozenset({"/health/ready", "/metrics"})
# Figures that the database counts are counted anew after so many seconds, whoever asks how often.
MEASURED_EVERY = 15.0
LOOPBACK = ("127.", "::1", "::ffff:127.")
WORKER_STATES = ("ok", "absent", "dead", "stuck", "unknown")


@dataclass(frozen=True)
class Health:
    """What is looked at.

    ``worker`` tells one of WORKER_STATES: ``dead`` and ``stuck`` are said of a worker that lives in this
    very process and make it unready; ``absent`` is a worker elsewhere, which the process cannot mend.
    ``measures`` gives gauges that are read when somebody asks. ``token`` opens /metrics from elsewhere
    than loopback; None: nothing does. What one of ``proxies``, or any other proxy, passes on is not from
    loopback. ``folder`` is where processes share their counters; None: one process.
    """

    database: Database
    worker: Callable[[], str] = lambda: "unknown"
    measures: Callable[[], Iterable[Measure]] = list
    token: str | None = None
    folder: Path | None = None
    proxies: Proxies = field(default_factory=Proxies)
    head: str = field(default_factory=schema_version.head)

    @cached_property
    def looked(self) -> SharedCall[dict[str, str]]:
        """Looks at everything, once for all who ask at the same time."""
        return SharedCall(lambda: look(self))

    @cached_property
    def measured(self) -> SharedCall[list[Measure]]:
        """Reads the gauges, now and then."""
        return SharedCall(lambda: _measures(self), lasts=MEASURED_EVERY)


def install(app: Flask, health: Health) -> None:
    """Have the application answer for its health, and count its answers."""
    app.extensions["health"] = health

    @app.after_request
    def count(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        metrics.request_answered(views.endpoint(), request.method, response.status_code, seconds)
        return response


class LiveSchema(BaseSchema):
    """The process answers."""

    status = Choice(["live"], required=True)


class ChecksSchema(BaseSchema):
    """What was looked at; codes."""

    database = Choice(["ok", "unavailable"], required=True)
    schema = Choice(["ok", "not_at_head", "unknown"], required=True)
    worker = Choice(WORKER_STATES, required=True)


class ReadySchema(BaseSchema):
    """Whether requests should be sent here."""

    status = Choice(["ready", "not_ready"], required=True)
    checks = fields.Nested(ChecksSchema, required=True)


@blueprint.route("/health/live")
@blueprint.public
@blueprint.response(200, LiveSchema)
def live() -> dict[str, str]:
    """Whether the process answers at all; if not, it should be started anew."""
    return {"status": "live"}


@blueprint.route("/health/ready")
@blueprint.public
@blueprint.response(200, ReadySchema)
@blueprint.alt_response(503, schema=ReadySchema, success=True)  # type: ignore[untyped-decorator]
def ready() -> tuple[dict[str, Any], int]:
    """Whether requests should be sent here: the database answers, with the right schema, and work is done."""
    found = _health().looked()
    healthy = found["database"] == found["schema"] == "ok" and found["worker"] not in {"dead", "stuck"}
    return {"status": "ready" if healthy else "not_ready", "checks": found}, 200 if healthy else 503


@blueprint.route("/metrics")
@blueprint.public
@blueprint.error_statuses(401)
@blueprint.response(200, {"type": "string"}, content_type="text/plain")
def show_metrics() -> Response:
    """Counters and gauges for Prometheus, from this machine or with the operators' token."""
    health = _health()
    if not _is_operator(health):
        raise DomainError("token_missing")
    return Response(metrics.exposition(health.folder, health.measured()), content_type=metrics.CONTENT_TYPE)


def look(health: Health) -> dict[str, str]:
    """Look at everything; a part that cannot be asked is ``unknown``, never left out."""
    try:
        with translated(), health.database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
            at = schema_version.current(connection)
    except DomainError:
        return {"database": "unavailable", "schema": "unknown", "worker": _worker(health)}
    return {
        "database": "ok",
        "schema": "ok" if at == health.head else "not_at_head",
        "worker": _worker(health),
    }


def worker_state() -> str:
    """What is known of the worker: one of WORKER_STATES."""
    return _worker(_health())


def _worker(health: Health) -> str:
    try:
        return health.worker()
    except DomainError:
        return "unknown"


def _measures(health: Health) -> list[Measure]:
    try:
        health.database.ping()
        found = list(health.measures())
    except (DomainError, DBAPIError):
        return [_database_up(value=0.0)]
    return [_database_up(value=1.0), *found]


def _database_up(*, value: float) -> Measure:
    return Measure("community_database_up", "Whether the database answers.", value)


def _is_operator(health: Health) -> bool:
    token = health.token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is not None and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return (request.remote_addr or "").startswith(LOOPBACK) and not health.proxies.passed_on(request.environ)


def _health() -> Health:
    found: Health = current_app.extensions["health"]
    return found
