"""What is read of a request before any schema sees it: the query and the body (contract section 2)."""

from __future__ import annotations

from itertools import islice
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Request, g
from werkzeug.exceptions import ClientDisconnected

from community_api.core.errors import MAX_ERRORS, DomainError, FieldError
from community_api.core.http import json_parser

JSON_TYPES = frozenset({"application/json"})
CHARSETS = frozenset({"utf-8", "utf8"})
WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def read_query(view: Any, request: Request) -> None:
    """Refuse what no schema would notice: repeated parameters, any where none are taken, no UTF-8, NUL."""
    if not request.query_string:
        return
    json_parser.inspect_text(_utf8(unquote_to_bytes(request.query_string)))
    told = list(request.args.lists())
    errors = [_about(name, "repeated_parameter") for name, values in told if len(values) > 1]
    if not getattr(view, "takes_query", False):
        errors += [_about(name, "unknown_parameter") for name, _ in told]
    if errors:
        raise DomainError("validation_failed", errors=errors[:MAX_ERRORS])


def read_body(view: Any, request: Request) -> None:
    """Read the body by the one parser into ``g.body``; an operation that takes none refuses any content."""
    if request.method not in WITH_BODY:
        return
    raw = _content(request)
    content_type = request.environ.get("CONTENT_TYPE") or ""
    if content_type not in JSON_TYPES and (content_type or raw):
        _must_be_json(request)
    if request.environ.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() != "identity":
        raise DomainError("unsupported_media_type")
    if not raw:
        return
    g.body = json_parser.parse(raw)
    if not getattr(view, "takes_body", False):
        _must_be_empty(g.body)


def _content(request: Request) -> bytes:
    """The body, as long as was told; werkzeug reads, or refuses, what is told otherwise or too long."""
    told = request.environ.get("CONTENT_LENGTH") or ""
    if not (told.isascii() and told.isdigit()) or int(told) > json_parser.MAX_BODY_BYTES:
        return request.get_data(cache=True)
    read: bytes = request.environ["wsgi.input"].read(int(told))
    if len(read) != int(told):
        raise ClientDisconnected
    return read


def _must_be_json(request: Request) -> None:
    """The type told in more words: letters of both cases, a charset."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in JSON_TYPES or charset not in CHARSETS:
        raise DomainError("unsupported_media_type")


def _must_be_empty(body: Any) -> None:
    if not isinstance(body, dict):
        raise DomainError("validation_failed", errors=[FieldError("", "wrong_type")])
    if body:
        raise DomainError(
            "validation_failed", errors=[_about(name, "unknown_field") for name in islice(body, MAX_ERRORS)]
        )


def _about(name: str, code: str) -> FieldError:
    return FieldError(f"/{name.replace('~', '~0').replace('/', '~1')}", code)


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise DomainError("not_utf8") from None
