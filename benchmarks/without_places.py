"""The product's application without its layer of places: only to measure what that costs."""

from __future__ import annotations

from flask import Flask

from community_api import factory
from community_api.core.places.admission import Admission


def create_app() -> Flask:
    """The application as it was before anybody counted places."""
    app = factory.create_app()
    admission = app.wsgi_app
    if not isinstance(admission, Admission):
        raise TypeError("something stands around the places")
    app.wsgi_app = admission.application  # type: ignore[method-assign,assignment]
    return app
