"""What is written on a view: who may call it, and what its schemas cannot tell the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Request

F = TypeVar("F", bound=Callable[..., Any])


def open_to(name: str, value: str) -> Callable[[F], F]:
    """Mark who may call a view, such as ("permission", "flag.read")."""

    def mark(view: F) -> F:
        view.access = (name, value)  # type: ignore[attr-defined]
        return documented({"x-access": value})(view)

    return mark


def documented(words: dict[str, Any]) -> Callable[[F], F]:
    """Say something of a view in the document, or to core/http/openapi.py, which completes it."""

    def mark(view: F) -> F:
        # flask-smorest keeps what it documents of a view here; its own decorator would wrap the view.
        known = getattr(view, "_apidoc", {})
        setattr(view, "_apidoc", {**known, "manual_doc": {**known.get("manual_doc", {}), **words}})  # noqa: B010
        return view

    return mark


def view_function(app: Flask, asked: Request) -> Any:
    """The function that will answer, or None when routing found none."""
    rule = asked.url_rule
    if rule is None:
        return None
    view = app.view_functions[rule.endpoint]
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return view
    method = "get" if asked.method == "HEAD" else asked.method.lower()
    return getattr(view_class, method, None)


def access_of(view: Any) -> tuple[str, str]:
    return cast("tuple[str, str]", getattr(view, "access", ("signed_in", "signed_in")))
