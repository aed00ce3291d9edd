"""What happens before and after every request: authentication, the one parser, headers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

from flask import Flask, Request, Response, g, request

from community_api.core import finishing, marks, parser, reading, request_places
from community_api.core.actor import Actor
from community_api.core.errors import Refused
from community_api.core.http import ALWAYS, OrjsonProvider, behind, endpoint


def install(
    app: Flask, *, authenticate: Callable[[Request], Actor], junk: Callable[[str, int], None]
) -> None:
    """Hook the grammar into the application: authenticate (401), then the parser (400, 413, 415)."""
    app.json = OrjsonProvider(app)
    # One more than the parser takes: a body without a length is cut off here without a word.
    app.config["MAX_CONTENT_LENGTH"] = parser.MAX_BODY_BYTES + 1
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False

    @app.before_request
    def _before() -> None:
        here = behind(g)
        here.request_id = uuid.uuid4()
        here.started = time.perf_counter()
        asked = behind(request)
        request_places.refuse_turned_away()
        view = marks.view_function(app, asked)
        if view is None:
            here.actor = _recognised(authenticate)
            return
        if marks.access_of(view)[0] != "public":
            here.actor = authenticate(asked)
        if getattr(view, "streams", False):
            request_places.take_download_place()
        reading.read_query(view, asked)
        reading.read_body(view, asked)

    @app.after_request
    def _after(response: Response) -> Response:
        here = behind(g)
        headers = response.headers
        headers["X-Request-Id"] = str(here.get("request_id", ""))
        headers.setdefault("Cache-Control", "no-store")
        headers.extend(ALWAYS)
        if response.status_code >= 400 and here.get("actor") is None and not request_places.is_turned_away():
            junk(endpoint(), response.status_code)
        return finishing.finish(response, here)


def _recognised(authenticate: Callable[[Request], Actor]) -> Actor | None:
    """Who asks for what there is not, so that they are answered in their language; None: nobody known."""
    if "Authorization" not in request.headers:
        return None
    try:
        return authenticate(request)
    except Refused:
        return None
