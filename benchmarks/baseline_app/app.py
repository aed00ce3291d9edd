"""The bare Flask views that the product is measured against."""

from __future__ import annotations

import os
from typing import Any

import jwt
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue

from benchmarks.baseline_app import store
from benchmarks.baseline_app.tables import SHOWN_COLUMNS

TARGET = "BENCH_TARGET"
# Of tokens that are good for nothing but these views.
SECRET = "the bare views of the benchmarks, and nothing else"  # noqa: S105
ALGORITHM = "HS256"


def token() -> str:
    """A token that the bare views take."""
    return jwt.encode({"sub": str(store.REPORTER)}, SECRET, algorithm=ALGORITHM)


def _check_token() -> None:
    """Raises jwt.PyJWTError unless the caller has a good token."""
    jwt.decode(request.headers["Authorization"].removeprefix("Bearer "), SECRET, algorithms=[ALGORITHM])


def make_app() -> Flask:
    """The application over the database that BENCH_TARGET names."""
    app = Flask(__name__)
    database = store.open_store(os.environ[TARGET])

    @app.get("/")
    def alive() -> ResponseReturnValue:
        return jsonify(alive=True)

    @app.post("/observations")
    def create() -> ResponseReturnValue:
        _check_token()
        told: dict[str, Any] = request.get_json()
        database.write(store.rows_of(told))
        return jsonify(id=told["id"], status="received"), 201

    @app.get("/observations")
    def listing() -> ResponseReturnValue:
        _check_token()
        found = database.read(store.reading_leaf())
        return jsonify(items=[dict(zip(SHOWN_COLUMNS, store.plain(row), strict=True)) for row in found])

    return app
