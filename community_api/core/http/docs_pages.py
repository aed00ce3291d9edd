"""Pages for people who build or run clients: the document, and what each problem means.

All of it is served from here; nothing is fetched from elsewhere.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, cast

import orjson
from flask import Response, render_template, request
from flask.views import MethodView

from community_api.core import yaml_files
from community_api.core.errors import not_found
from community_api.core.http import views
from community_api.core.http.views import Blueprint
from community_api.core.i18n.translations import direction

blp = Blueprint(
    "pages",
    __name__,
    template_folder="templates",
    description="The document, and problems in words",
)
STATIC_SECONDS = 300
DOCUMENT: Final = Path(__file__).resolve().parents[3] / "openapi.yaml"


@blp.route("/openapi.json")
class Document(MethodView):
    """The OpenAPI document."""

    @blp.public
    @blp.response(200, {"type": "object"})
    def get(self) -> Any:
        """The document that this page is made from."""
        return _static(Response(_document_json(request.script_root), mimetype="application/json"))


@blp.route("/problems")
class Problems(MethodView):
    """What can be refused."""

    @blp.public
    @blp.response(200, {"type": "string"}, content_type="text/html")
    def get(self) -> Any:
        """Every problem in the reader's language."""
        return _problem_page(sorted(views.services().problems.problems))


@blp.route("/problems/<string:code>")
class OneProblem(MethodView):
    """What one code means."""

    @blp.public
    @blp.response(200, {"type": "string"}, content_type="text/html")
    def get(self, code: str) -> Any:
        """One problem in the reader's language."""
        if code not in views.services().problems.problems:
            raise not_found()
        return _problem_page([code])


@cache
def document() -> dict[str, Any]:
    """The committed document: `make openapi` makes it from the code, and a test holds it to that.

    A server that runs could not make it: it has no docstrings (server/terms.py).
    """
    return cast("dict[str, Any]", yaml_files.read(DOCUMENT.read_bytes()))


@lru_cache(maxsize=8)
def _document_json(prefix: str) -> bytes:
    """The document as it is read under a prefix: its server is where it was read."""
    doc = document()
    servers = [{**server, "url": prefix or server["url"]} for server in doc["servers"]]
    return orjson.dumps({**doc, "servers": servers})


def _problem_page(codes: list[str]) -> Response:
    services = views.services()
    problems = [services.problems.problems[code] for code in codes]
    texts = [text for problem in problems for text in (problem.title, problem.detail)]
    language = services.words.said_in(texts, views.language())
    say = services.words.translate
    rows = [(one.code, one.status, say(one.title, language), say(one.detail, language)) for one in problems]
    title = rows[0][2] if len(rows) == 1 else "Problems"
    page = render_template(
        "problems.html", rows=rows, title=title, language=language, direction=direction(language)
    )
    response = _static(Response(page, mimetype="text/html"))
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    return response


def _static(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={STATIC_SECONDS}"
    response.vary.add("X-Forwarded-Prefix")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response
