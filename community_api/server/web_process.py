"""A process that answers requests: the application, and on SQLite the worker's thread in it."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

from flask import Flask

from community_api.composition import make_worker
from community_api.core.config import read_settings
from community_api.factory import create_app
from community_api.server import signals
from community_api.server.banner import without_banner
from community_api.server.stalled_connections import StalledConnections


def load(parent: int, announcement: Path, *, worker_inside: bool) -> Flask:
    """The application of this process, which ends with ``parent``; the first one loaded announces it."""
    signals.leave_signals_to_parent()
    signals.end_with_parent(parent)
    settings = read_settings()
    app = create_app(settings)
    app.wsgi_app = without_banner(app.wsgi_app)  # type: ignore[assignment,method-assign]
    # What is there now stays as long as the process: no use to look through it for what may go.
    gc.collect()
    gc.freeze()
    if worker_inside:
        thread = signals.WorkerThread(make_worker(settings, app.extensions["community"]))
        app.extensions["worker_thread"] = thread
        thread.start()
    StalledConnections(settings.port).keep_sweeping()
    announce(announcement)
    return app


def announce(announcement: Path) -> None:
    """Say once, however many processes there are and are started again, that the product is there."""
    mine = announcement.with_suffix(".told")
    try:
        announcement.rename(mine)
    except FileNotFoundError:
        return
    sys.stdout.write(mine.read_text(encoding="utf-8"))
    sys.stdout.flush()
