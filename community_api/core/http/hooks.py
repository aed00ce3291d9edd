"""What happens before and after every request: authentication, the one parser, headers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from flask import Flask, Request, Response, g, request

from community_api.core.actor import Actor
from community_api.core.errors import DomainError
from community_api.core.http import json_parser, request_body, request_places, response_headers, view_metadata
from community_api.core.http.json_provider import OrjsonProvider
from community_api.core.http.views import ALWAYS, behind, endpoint


def install(
    app: Flask, *, authenticate: Callable[[Request], Actor], junk: Callable[[str, int], None]
) -> None:
    """Hook the grammar into the application: authenticate (401), then the parser (400, 413, 415)."""
    app.json = OrjsonProvider(app)
    # One more than the parser takes: a body without a length is cut off here without a word.
    app.config["MAX_CONTENT_LENGTH"] = json_parser.MAX_BODY_BYTES + 1
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False

    @app.before_request
    def _before() -> None:
        here = behind(g)
        here.request_id = uuid.uuid4()
        here.started = time.perf_counter()
        asked = behind(request)
        request_places.refuse_turned_away()
        view = view_metadata.view_function(app, asked)
        if view is None:
            here.actor = _recognised(authenticate)
            return
        if view_metadata.access_of(view)[0] != "public":
            here.actor = authenticate(asked)
        if getattr(view, "streams", False):
            request_places.take_download_place()
        request_body.read_query(view, asked)
        request_body.read_body(view, asked)

    @app.after_request
    def _after(response: Response) -> Response:
        here = behind(g)
        headers = response.headers
        headers["X-Request-Id"] = str(here.get("request_id", ""))
        headers.setdefault("Cache-Control", "no-store")
        headers.extend(ALWAYS)
        if response.status_code >= 400 and here.get("actor") is None and not request_places.is_turned_away():
            junk(endpoint(), response.status_code)
        return response_headers.finish(response, here)


def _recognised(authenticate: Callable[[Request], Actor]) -> Actor | None:
    """Who asks for what there is not, so that they are answered in their language; None: nobody known."""
    if "Authorization" not in request.headers:
        return None
    try:
        return authenticate(request)
    except DomainError:
        return None
