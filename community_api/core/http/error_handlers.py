"""The one error map: whatever is raised becomes RFC 9457 in the caller's language."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from itertools import takewhile
from typing import Any

import orjson
from flask import Flask, Response, g
from marshmallow import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from community_api.core.actor import Actor
from community_api.core.errors import (
    MAX_ERRORS,
    NOT_FOUND,
    AlreadyCommitted,
    DomainError,
    FieldError,
    SealBroken,
    Stale,
)
from community_api.core.http import constant_time, request_places, views
from community_api.core.http.constant_time import Pause
from community_api.core.http.openapi_components import MEDIA_TYPE
from community_api.core.schemas.field_errors import flatten

log = logging.getLogger("community.refusals")
# The names that fields have, and places in a list.
_STEP = re.compile(r"[a-z][a-z0-9_]{0,39}|[0-9]{1,3}", re.ASCII)
# Further in, a pointer names what lies there as a whole.
MAX_STEPS = 12
# What the framework raises by itself, by status; every other 4xx is an unreadable request.
FRAMEWORK: Mapping[int, str] = {
    400: "bad_request",
    404: NOT_FOUND,
    405: "method_not_allowed",
    406: "not_acceptable",
    408: "request_timeout",
    411: "length_required",
    413: "body_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    416: "bad_request",
    429: "too_many_requests",
    431: "headers_too_large",
    503: "service_unavailable",
}
RETRY_AFTER: Mapping[int | None, int] = {429: 60, 503: 5}


def install(app: Flask, deny: Callable[[Actor, Any], None], pause: Pause) -> None:
    """Register every handler. ``deny`` writes the leaf of an act refused to a signed-in caller.

    ``pause`` waits until such a refusal may be told (core/http/constant_time.py).
    """
    app.register_error_handler(DomainError, _telling(deny, pause))

    @app.errorhandler(ValidationError)
    def unfit(error: ValidationError) -> Response:
        return problem_response(DomainError("validation_failed", errors=flatten(error.messages)))

    @app.errorhandler(HTTPException)
    def framework(error: HTTPException) -> Response:
        code = FRAMEWORK.get(
            error.code or 500, "bad_request" if (error.code or 500) < 500 else "internal_error"
        )
        response = problem_response(DomainError(code, retry_after=RETRY_AFTER.get(error.code)))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        return response

    @app.errorhandler(Stale)
    @app.errorhandler(AlreadyCommitted)
    def raced(_error: Exception) -> Response:
        return problem_response(DomainError("conflict", retry_after=1))

    @app.errorhandler(SealBroken)
    def broken(error: SealBroken) -> Response:
        log.critical(
            "seal broken", extra={"object_id": str(error.owner_id), "request_id": str(g.get("request_id"))}
        )
        return problem_response(DomainError("record_damaged"))

    @app.errorhandler(SQLAlchemyError)
    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.error(
            "unforeseen error",
            extra={"error": type(error).__name__, "request_id": str(g.get("request_id"))},
            exc_info=error,
        )
        return problem_response(DomainError("internal_error"))


def _telling(deny: Callable[[Actor, Any], None], pause: Pause) -> Callable[[DomainError], Response]:
    def refused(error: DomainError) -> Response:
        actor = g.get("actor")
        if actor is None or (error.denial is None and error.code != NOT_FOUND):
            return problem_response(error)
        if error.denial is not None:
            try:
                deny(actor, error.denial)
            except DomainError as unwritten:
                # No refusal without its leaf: the caller is told to come again.
                return problem_response(unwritten)
        # Who only waits holds no working place; the database was left before.
        request_places.rest()
        constant_time.keep(g.started, pause)
        return problem_response(error)

    return refused


def problem_response(error: DomainError) -> Response:
    """The answer to a refusal, as it leaves the house."""
    language = _language_of(error)
    told = describe(error, language)
    response = Response(orjson.dumps(told), status=told["status"], mimetype=MEDIA_TYPE)
    response.headers["Content-Language"] = language
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    if told["status"] == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _language_of(error: DomainError) -> str:
    """The caller's language, when it has the words of this refusal."""
    services = views.services()
    problem = services.problems.problems.get(error.code)
    faults = [services.problems.fields.get(fault.code, "") for fault in error.errors[:MAX_ERRORS]]
    texts = [problem.title, problem.detail] if problem else []
    return services.words.said_in([*texts, *filter(None, faults)], views.language())


def describe(error: DomainError, language: str) -> dict[str, Any]:
    """The problem document of a refusal; also what a batch shows for one of its items."""
    services = views.services()
    problem = services.problems.problems.get(error.code)
    if problem is None:
        log.error("undeclared problem", extra={"code": error.code})
        problem = services.problems.problems["internal_error"]
    say = services.words.translate
    told: dict[str, Any] = {
        "type": views.public_path(f"/problems/{problem.code}"),
        "code": problem.code,
        "title": say(problem.title, language),
        "detail": say(problem.detail, language, **error.params),
        "status": problem.status,
        "instance": f"urn:uuid:{g.get('request_id')}",
    }
    if error.errors:
        told["errors"] = [_described(found, language) for found in error.errors[:MAX_ERRORS]]
    if "named" in error.params:
        told.update(error.params["named"])
    return told


def _described(error: FieldError, language: str) -> dict[str, str]:
    """What is wrong with one field; what a library said in words of its own is merely ``invalid``."""
    services = views.services()
    code = error.code if error.code in services.problems.fields else "invalid"
    message = services.words.translate(services.problems.fields[code], language, **error.params)
    return {"pointer": _public_pointer(error.pointer), "code": code, "message": message}


def _public_pointer(pointer: str) -> str:
    """The pointer as far as it looks like fields and places of ours; what follows may be anybody's words."""
    known = list(takewhile(_STEP.fullmatch, pointer.split("/")[1:]))
    return "".join(f"/{step}" for step in known[:MAX_STEPS])
