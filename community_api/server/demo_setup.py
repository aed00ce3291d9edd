"""The demo: its organisation is loaded when the database is empty, and the terminal says how to sign in."""

from __future__ import annotations

from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.crypto.keys import load_keys
from community_api.core.crypto.sealing import Sealer
from community_api.core.database.engine import Database
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import StartupError
from community_api.demo.loader import Loaded, load_demo
from community_api.demo.password import FILE_NAME, demo_password

ACCOUNTS = "officer1.lin-a, supervisor.lin-a, analyst1.lin, manager.lin, …"


def load(settings: Settings) -> Loaded:
    """Load the demo, or give its accounts the password; StartupError where another organisation is."""
    database = Database(settings.database_url, pool_size=1)
    keys = load_keys(settings.keys, make_missing=settings.playful)
    uow = UnitOfWork(database, Clock(settings.clock_offset), Sealer(keys), keys)
    try:
        return load_demo(uow, password=demo_password(settings.demo_password, settings.var))
    finally:
        database.close()


def greeting(settings: Settings) -> str:
    """Where to look and how to sign in; in demo mode the organisation is made ready first."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"http://{host}:{settings.port}"
    lines = [f"The API is at {url}/api/v1, its reference at {url}/docs"]
    if settings.mode == "demo":
        lines += _demo_lines(settings)
    lines += ["Stop it       Ctrl-C"]
    return "\n" + "\n".join(lines) + "\n\n"


def _demo_lines(settings: Settings) -> list[str]:
    try:
        load(settings)
    except StartupError:
        return ["The database holds an organisation of its own: sign in with its accounts."]
    return [
        f"Sign in as    {ACCOUNTS}   (POST /api/v1/auth/login)",
        f"Password      {_password_line(settings)}",
        "See it work   make walk   (in a second terminal)",
    ]


def _password_line(settings: Settings) -> str:
    if settings.demo_password is not None:
        return "that of COMMUNITY_DEMO_PASSWORD"
    return f"{demo_password(None, settings.var)}   (kept in {settings.var / FILE_NAME})"
