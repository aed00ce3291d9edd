"""HTTP grammar that all resources share (contract section 2).

A view names its permission, takes what the schema read, calls one use case and returns what it
gave. Everything else is here: one parser, commands and replays, entity tags, receipts, headers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial, wraps
from itertools import islice
from typing import Any, NoReturn, TypeVar, cast

import flask_smorest
from flask import Request, current_app, g, request
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser

from community_api.core.actor import Actor
from community_api.core.database import commands
from community_api.core.database.commands import Command
from community_api.core.database.tables import CommandRecord
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import MAX_ERRORS, DomainError, FieldError
from community_api.core.http import anonymizing_middleware, view_metadata
from community_api.core.http.preconditions import IfMatch
from community_api.core.i18n.problem_texts import ProblemMap
from community_api.core.pagination import Page
from community_api.core.schemas import advice, optional_details
from community_api.core.schemas.field_errors import flatten
from community_api.core.services import Services

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
BASE = "/api/v1"
# What is open to everybody; nothing that could name a caller reaches it (``anonymizing_middleware``).
PUBLIC = f"{BASE}/public"
ALWAYS = (("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"))


class ArgumentsParser(FlaskParser):
    """Hands over what the one parser read; unknown query parameters are the schema's to refuse."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {}  # noqa: RUF012 - webargs' own protocol

    def load_json(self, req: Request, schema: Any) -> Any:
        return body()

    def load_querystring(self, req: Request, schema: Any) -> Any:
        return {name: values[0] for name, values in req.args.lists()}

    def parse(self, argmap: Any, req: Any = None, *, location: str | None = None, **kwargs: Any) -> Any:
        """Read a body; optional details that cannot be read are left out with a warning."""
        try:
            return super().parse(argmap, req, location=location, **kwargs)
        except DomainError as refusal:
            schema = argmap if location == "json" and isinstance(argmap, Schema) else None
            if schema is None or not optional_details.has_details(schema):
                raise
            return _read_without_details(argmap, refusal)

    def handle_error(self, error: Any, req: Any, schema: Any, **_kwargs: Any) -> NoReturn:
        messages = error.messages
        faults = (fault for location in messages.values() for fault in flatten(location))
        inner = list(islice(faults, MAX_ERRORS))
        raise DomainError("validation_failed", errors=inner)


def _read_without_details(schema: Schema, refusal: DomainError) -> Any:
    """The body without its unreadable details; raises the refusal while anything else is wrong with it."""
    sent, warned = body(), list[FieldError]()
    while refusal.code == "validation_failed" and isinstance(sent, dict):
        sent, left_out = optional_details.leave_out(schema, sent, refusal.errors)
        if not left_out:
            break
        warned += left_out
        try:
            values = schema.load(sent)
        except ValidationError as error:
            refusal = DomainError("validation_failed", errors=flatten(error.messages))
        else:
            warn(warned)
            return values
    raise refusal


def warn(faults: Sequence[FieldError]) -> None:
    """Name something in the warnings of the answer; it was accepted all the same."""
    if faults:
        here = behind(g)
        here.warnings = [*here.get("warnings", ()), *warnings_view(faults)]


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A feature's routes. Every view says who may call it: a permission, anyone signed in, anyone."""

    ARGUMENTS_PARSER = ArgumentsParser()
    # Statuses with which every operation of the feature may refuse, beside what follows from what it is.
    refused_everywhere: frozenset[int] = frozenset()

    def permission(self, permission: str) -> Callable[[F], F]:
        """The permission that the use case asks for; named here for the document and the guard."""
        return view_metadata.open_to("permission", str(permission))

    def reads_headers(self, *headers: str) -> Callable[[F], F]:
        """Headers that this operation reads, as core/http/openapi_components.py describes them."""
        return view_metadata.documented({"x-heeds": list(headers)})

    def error_statuses(self, *statuses: int) -> Callable[[F], F]:
        """Statuses of refusals that do not follow from what the operation is."""
        return view_metadata.documented({"x-refuses": list(statuses)})

    def etagged(self, view: F) -> F:
        """The answer has an entity tag: the view says ``versioned``."""
        return view_metadata.documented({"x-tagged": True})(view)

    def streams(self, view: F) -> F:
        """The answer goes out in pieces, on a place for downloads; the pieces ask nothing of the database."""
        view.streams = True  # type: ignore[attr-defined]
        return view

    def signed_in(self, view: F) -> F:
        """Open to every account, about itself."""
        return view_metadata.open_to("signed_in", "signed_in")(view)

    def by_browser(self, view: F) -> F:
        """A browser, which asks for HTML, is answered with a page."""
        return view_metadata.documented({"x-by-browser": True})(view)

    def renews(self, view: F) -> F:
        """The bearer is the refresh token."""
        return view_metadata.documented({"security": [{"refresh": []}]})(view)

    def public(self, view: F) -> F:
        """Open to everybody."""
        return view_metadata.open_to("public", "public")(view)

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        return cast("Callable[[F], F]", super().route(rule, **options))

    def response(self, status_code: int, schema: Any = None, **kwargs: Any) -> Callable[[F], F]:
        return cast("Callable[[F], F]", super().response(status_code, _made(schema), **kwargs))

    def creates(self, schema: Any) -> Callable[[F], F]:
        """201 for what was made, 200 for the same command sent again."""
        again = super().alt_response(200, schema=_made(schema), description="The same command again")
        made = super().response(201, _made(schema))

        def document(view: F) -> F:
            return cast("F", made(again(view)))

        return document

    def arguments(self, schema: Any, *, location: str = "json", **kwargs: Any) -> Callable[[F], F]:
        decorate = super().arguments(_made(schema), location=location, **kwargs)

        def mark(view: F) -> F:
            setattr(view, "takes_query" if location == "query" else "takes_body", True)
            return cast("F", decorate(_advised(view, _made(schema))))

        return mark


def _advised(view: F, schema: Any) -> F:
    """The view, with the warnings of what it was sent kept for its answer (core/schemas/advice.py)."""
    if not isinstance(schema, Schema) or not advice.advises(schema):
        return view

    @wraps(view)
    def read(resource: Any, values: dict[str, Any], **address: Any) -> Any:
        here = behind(g)
        here.warnings = [*here.get("warnings", ()), *warnings_view(advice.advice(schema, values))]
        return view(resource, values, **address)

    return cast("F", read)


def warnings_view(faults: Sequence[FieldError]) -> list[dict[str, str]]:
    """Warnings in the caller's language."""
    known = services()
    return [
        {
            "pointer": one.pointer,
            "code": one.code,
            "message": known.words.translate(_words_of(known.problems, one.code), language(), **one.params),
        }
        for one in faults
    ]


def _words_of(problems: ProblemMap, code: str) -> str:
    return problems.warnings.get(code) or problems.fields.get(code) or problems.fields["invalid"]


def _made(schema: Any) -> Any:
    """One instance of a schema serves every operation and request: making it costs more than using it."""
    return _instance(schema) if isinstance(schema, type) else schema


@cache
def _instance(schema: type[Schema]) -> Schema:
    return schema()


# --- what a view asks for -------------------------------------------------------------------------


def services() -> Services:
    return cast("Services", behind(current_app).extensions["community"])


def uow() -> UnitOfWork:
    return services().uow


def actor() -> Actor:
    """The signed-in caller; views that are public do not ask."""
    return cast("Actor", g.actor)


def language() -> str:
    """The caller's language: of the account, else of Accept-Language."""
    known = cast("Actor | None", behind(g).get("actor"))
    if known is not None:
        return known.language
    return services().words.negotiate(request.headers.get("Accept-Language"))


def translator() -> Callable[[str], str]:
    """Says a marked text in the caller's language."""
    words, spoken = services().words, language()
    return lambda text: words.translate(text, spoken)


def public_path(path: str) -> str:
    """A path as the public finds it: under the prefix of the proxy in front, if there is one."""
    return f"{behind(request).script_root}{path}"


def body() -> Any:
    """What the one parser read; an empty body is an empty object."""
    return g.get("body", {})


def endpoint() -> str:
    """What was asked for, to count it: which of the public ones is nobody's business."""
    asked = behind(request)
    if anonymizing_middleware.is_under(asked.path, PUBLIC):
        return "public"
    return asked.endpoint or "none"


def if_match() -> IfMatch:
    return IfMatch(request.headers.get("If-Match"))


@dataclass(frozen=True)
class AnonymousCaller:
    """A caller without an account, as far as a command must know them: the holder of a code.

    ``maker`` is a keyed digest of the code; ``content`` the values read, ``sent`` the fields as sent,
    both with the code spelled one way.
    """

    maker: uuid.UUID
    content: Mapping[str, Any]
    sent: Mapping[str, Any]


def new_command(
    content: dict[str, Any] | None = None, *, makes_record: bool = True, nobody: AnonymousCaller | None = None
) -> Command:
    """The command that this request is; takes the client's id out of ``content``."""
    client_id = content.pop("id", None) if content is not None else None
    asked = behind(request)
    kind = f"{asked.method} {asked.url_rule}"[:60]
    maker = nobody.maker if nobody else actor().account_id
    sent: Any = nobody.sent if nobody else body()
    values = nobody.content if nobody else sent if content is None else content
    path, keys = asked.view_args or {}, uow().keys
    record_id = (client_id or uuid.uuid4()) if makes_record else None
    return Command(
        record_id,
        kind,
        maker,
        commands.digest_of(keys, kind, path, values),
        day_only=nobody is not None,
        earlier_digest=partial(commands.earlier_digest_of, keys, kind, path, sent),
    )


def perform(
    content: dict[str, Any] | None,
    act: Callable[[Command], T],
    show: Callable[[CommandRecord], T],
    *,
    nobody: AnonymousCaller | None = None,
) -> T | tuple[T, int, dict[str, str]]:
    """A write that makes a record: act once, or show what the same command led to (200, replay)."""
    command = new_command(content, nobody=nobody)
    done = commands.perform(uow(), command, lambda: act(command), show)
    g.receipt = done.receipt
    if done.replayed:
        return done.result, 200, {"Idempotent-Replay": "true"}
    return done.result


def modify(act: Callable[[Command], T]) -> T:
    """A write that makes no record (PATCH, DELETE): tried again while others win the race."""
    command = new_command(makes_record=False)
    result = commands.again(lambda: act(command))
    g.receipt = command.receipt
    return result


def with_etag(view: T, version: int) -> T:
    """Say which version of a single resource is shown: the answer gets its entity tag."""
    g.version = version
    return view


def page_response(page: Page, present: Callable[[Any], Any] = lambda item: item) -> dict[str, Any]:
    """The body of a list, and its Link header."""
    g.next_cursor = page.next_cursor
    return {"items": [present(item) for item in page.items], "next_cursor": page.next_cursor}


def behind(proxy: T) -> T:
    """What a proxy stands for at this moment: each look through it costs as much as a small function."""
    return cast("T", proxy._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug documents it
