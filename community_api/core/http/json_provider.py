"""JSON as Flask writes and reads it, by orjson."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider

# Given whole: werkzeug would look at a media type word by word.
_JSON = (("Content-Type", "application/json"),)


class OrjsonProvider(JSONProvider):
    """JSON out by orjson: RFC 8259, UTF-8, keys in the declared order."""

    def dumps(self, obj: Any, **_kwargs: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        obj = self._prepare_response_obj(args, kwargs)
        return Response(orjson.dumps(obj), headers=_JSON)
