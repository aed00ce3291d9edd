"""The pages: what this is and where to go, and the reference of the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final

import orjson
from flask import Response, current_app, render_template, request
from flask.views import MethodView

from community_api.community.emergencies.call_advice import if_in_danger
from community_api.core.code_lists import code_lists
from community_api.core.errors import not_found
from community_api.core.http import docs_pages, openapi, views
from community_api.core.http.views import Blueprint
from community_api.core.i18n.translations import direction
from community_api.web.site import terms
from community_api.web.site.schemas import LINKS, FrontOut
from community_api.web.site.static_files import compressed, static_files

blp = Blueprint(
    "site", __name__, template_folder="templates", description="Pages for people who come by browser"
)
# The factory hands over who can sign in to the demonstration: the demo is beside this layer.
SIGN_IN_NAMES: Final = "community_sign_in_names"
FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
STATIC_SECONDS: Final = 300
# Nothing comes from elsewhere, nothing goes elsewhere, and no page may show this one in itself.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@blp.route("/")
class Front(MethodView):
    """What answers here."""

    @blp.public
    @blp.by_browser
    @blp.response(200, FrontOut)
    def get(self) -> Any:
        """Read what this is and where to go: a page for browsers, JSON for programs."""
        front = _front()
        if request.accept_mimetypes.best_match(("application/json", "text/html")) == "text/html":
            response = _front_page(front)
        else:
            response = Response(orjson.dumps(FrontOut().dump(front)), mimetype="application/json")
        response.headers["Content-Language"] = front["language"]
        response.vary.update(("Accept", "Accept-Language", "X-Forwarded-Prefix"))
        return response


@blp.route("/docs")
class Reference(MethodView):
    """The reference."""

    @blp.public
    @blp.response(200, {"type": "string"}, content_type="text/html")
    def get(self) -> Any:
        """Read every operation, and try it out."""
        response = _page(_reference(views.public_path("")))
        response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}"
        response.vary.add("X-Forwarded-Prefix")
        return response


@blp.route("/docs/assets/<string:digest>/<string:name>")
class Asset(MethodView):
    """What the pages load."""

    @blp.public
    @blp.response(200, {"type": "string"}, content_type="*/*")
    def get(self, digest: str, name: str) -> Any:
        """Load a file of the pages; under its digest it never changes."""
        file = static_files().get(name)
        if file is None or file.digest != digest:
            raise not_found()
        is_compressed = request.accept_encodings.quality("gzip") > 0
        response = Response(compressed(name) if is_compressed else file.content(), mimetype=file.media_type)
        if is_compressed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = FOR_A_YEAR
        response.vary.add("Accept-Encoding")
        return response


def _front() -> dict[str, Any]:
    """What the page and the program are both told, in the language of the caller."""
    services = views.services()
    language = services.words.said_in(terms.EVERY_TEXT, views.language())
    say = services.words.translate
    return {
        "name": say(terms.NAME, language),
        "description": say(terms.PURPOSE, language),
        "language": language,
        "emergency_number": services.settings.emergency_number,
        "links": {name: views.public_path(path) for name, path in LINKS.items()},
        "demo": _demo(say(terms.PASSWORD, language)),
    }


def _demo(password: str) -> dict[str, Any] | None:
    """Who can sign in; None where there is no demonstration."""
    names: Callable[[], Sequence[Any]] = current_app.extensions[SIGN_IN_NAMES]
    accounts = [{"username": one.username, "role": one.role.value} for one in names()]
    return {"accounts": accounts, "password": password} if accounts else None


def _front_page(front: dict[str, Any]) -> Response:
    services, language = views.services(), front["language"]
    danger = if_in_danger(services.words, front["emergency_number"], language)
    page = render_template(
        "front.html",
        front=front,
        danger=danger,
        direction=direction(language),
        first_of_role=_first_of_role(front["demo"], language),
        say=lambda text: services.words.translate(text, language),
        terms=terms,
        asset=_asset,
    )
    return _page(page)


def _first_of_role(demo: dict[str, Any] | None, language: str) -> list[tuple[str, str]]:
    """A name for each role, as people call it; in a language of the public alone the code must do."""
    words, roles = views.services().words, code_lists()["roles"]
    is_offered = language in words.offered
    accounts = demo["accounts"] if demo else ()
    first: dict[str, str] = {}
    # One town first: its people meet each other in the main job.
    for account in sorted(accounts, key=lambda account: ".lin" not in account["username"]):
        first.setdefault(account["role"], account["username"])
    return [
        (words.translate(roles.codes[role].label, language, roles.context) if is_offered else role, name)
        for role, name in first.items()
    ]


@lru_cache(maxsize=8)
def _reference(prefix: str) -> str:
    """The page under a prefix; without JavaScript it is a list of the operations."""
    document = docs_pages.document()
    groups: dict[str, list[dict[str, str]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method in sorted(openapi.METHODS & operations.keys()):
            operation = operations[method]
            shown = {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
            }
            groups[operation["tags"][0]].append(shown)
    descriptions = {tag["name"]: tag["description"] for tag in document["tags"]}
    return render_template(
        "reference.html",
        title=document["info"]["title"],
        prefix=prefix,
        groups=[(name, descriptions[name], listed) for name, listed in groups.items() if listed],
        asset=_asset,
    )


def _asset(name: str) -> str:
    """Where a browser finds a file."""
    return views.public_path(f"/docs/assets/{static_files()[name].digest}/{name}")


def _page(html: str) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = POLICY
    return response
