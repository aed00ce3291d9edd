"""What the OpenAPI document repeats: the problem, parameters and headers that many operations share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from community_api.core.code_lists import codes

MEDIA_TYPE: Final = "application/problem+json"
REQUEST_ID: Final = {"$ref": "#/components/headers/X-Request-Id"}
REFUSED: Final = {"$ref": "#/components/responses/Refused"}

PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "required": ["type", "code", "title", "detail", "status", "instance"],
    "properties": {
        "type": {"type": "string", "description": "/problems/ and the code"},
        "code": {"type": "string", "description": "Stable, for programs"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "status": {"type": "integer"},
        "instance": {"type": "string", "description": "urn:uuid: and the request id"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901 into the body"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
}
RESPONSES: Final[Mapping[str, Any]] = {
    "Refused": {
        "description": "Refused; the code says why",
        "headers": {
            "X-Request-Id": REQUEST_ID,
            "Content-Language": {"required": True, "schema": {"type": "string"}},
            "Retry-After": {"description": "Seconds; with 429 and 503", "schema": {"type": "integer"}},
            "WWW-Authenticate": {"description": "With 401", "schema": {"type": "string"}},
        },
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
HEADERS: Final[Mapping[str, Any]] = {
    "X-Request-Id": {
        "description": "Made by the server; in a problem also its instance",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    },
    "ETag": {
        "description": "Version and view of what is shown; give it back in If-Match",
        "required": True,
        "schema": {"type": "string", "pattern": r'^"[0-9]{1,9}\.[0-9a-z]{1,16}"$'},
    },
    "Link": {
        "description": "The next page, when there is one",
        "schema": {"type": "string", "pattern": '^<[^>]+>; rel="next"$'},
    },
    "Idempotent-Replay": {
        "description": "Nothing was done again",
        "required": True,
        "schema": {"type": "string", "enum": ["true"]},
    },
}
# What every operation may be told; a reference, for it stands in all of them.
ACCEPT_LANGUAGE: Final = {"$ref": "#/components/parameters/Accept-Language"}
PARAMETERS: Final[Mapping[str, Any]] = {
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "required": False,
        "description": "Language of titles, labels and problems; an account's own goes before it",
        "schema": {"type": "string", "examples": ["de, en;q=0.5"]},
    }
}
SECURITY: Final[Mapping[str, Any]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The access token of POST /api/v1/auth/login",
    },
    "refresh": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The refresh token, which is for POST /api/v1/auth/refresh alone",
    },
}
# What a request may or must say in a header, by the name of the header.
HEEDED: Final[Mapping[str, Mapping[str, Any]]] = {
    "If-Match": {
        "required": True,
        "description": "The entity tag that was last seen; without it 428, with another version 412",
        "schema": {"type": "string"},
    },
    "If-None-Match": {
        "required": False,
        "description": "The entity tag that is already held; when it is still right: 304",
        "schema": {"type": "string"},
    },
    "X-Device-Time": {
        "required": False,
        "description": "What time the device has, so that its skew is known; no part of the content",
        # No format: a header that is one makes a known generator of clients drop the whole operation.
        "schema": {"type": "string", "examples": ["2026-03-02T16:40:00+01:00"]},
    },
    "X-Purpose": {
        "required": False,
        "description": "Why other people's content is read; one of the role's, or 403 purpose_required",
        "schema": {"type": "string", "enum": [*codes("access_purposes")]},
    },
    "X-Case": {
        "required": False,
        "description": "The open case within which it is read, if the role needs one; or 403 case_required",
        "schema": {"type": "string", "format": "uuid"},
    },
}


def header_parameter(name: str) -> dict[str, Any]:
    """A parameter of an operation; a copy each, so that YAML shows it in full everywhere."""
    told = HEEDED[name]
    return {"name": name, "in": "header", **told, "schema": dict(told["schema"])}
