"""What every answer gets at its end: the link to the next page, the entity tag of a single resource."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from flask import Response, request

from community_api.core.http import preconditions


def finish(response: Response, here: Any) -> Response:
    """The answer with the headers that follow from what the view said of it in ``here``, the request's g."""
    _add_link(response, here)
    return _add_tag(response, here)


def _add_link(response: Response, here: Any) -> None:
    cursor = here.get("next_cursor")
    if cursor is None or response.status_code != 200:
        return
    query = "&".join(f"{k}={v}" for k, v in _quoted(cursor))
    response.headers["Link"] = f'<{request.script_root}{request.path}?{query}>; rel="next"'


def _quoted(cursor: str) -> list[tuple[str, str]]:
    told = {**request.args.to_dict(), "cursor": cursor}
    return [(quote(name, safe=""), quote(value, safe="")) for name, value in told.items()]


def _add_tag(response: Response, here: Any) -> Response:
    version = here.get("version")
    if version is None or not 200 <= response.status_code < 300:
        return response
    tag = preconditions.entity_tag(version, _without_receipt(response, here))
    response.headers["ETag"] = tag
    response.headers["Vary"] = "Authorization"
    reading = request.method in {"GET", "HEAD"}
    if reading and preconditions.none_match(request.headers.get("If-None-Match"), tag):
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"]
    return response


def _without_receipt(response: Response, here: Any) -> bytes:
    """The representation: what a GET would show, without the proof of this one write."""
    raw = response.get_data()
    if here.get("receipt") is None:
        return raw
    told = orjson.loads(raw)
    told.pop("audit_receipt", None)
    return orjson.dumps(told)
