"""Where a client finds its password and its server, from what the process was told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from community_api.clients.http_client import ClientStopped

# Where the server keeps it, unless it is told otherwise (contract section 1).
STATE = "var"
DEMO_PASSWORD_FILE = "demo-password"  # noqa: S105 - the name of the file


def default_url(environ: Mapping[str, str]) -> str:
    """The server that ``make run`` starts on this machine (contract section 1)."""
    return f"http://127.0.0.1:{environ.get('PORT') or '8000'}"


def demo_password(environ: Mapping[str, str], kept_in: Path | None = None) -> str:
    """The password of all demo accounts: COMMUNITY_DEMO_PASSWORD, else the file the server keeps it in."""
    told = environ.get("COMMUNITY_DEMO_PASSWORD")
    if told:
        return told
    kept_in = kept_in or Path(environ.get("COMMUNITY_STATE") or STATE) / DEMO_PASSWORD_FILE
    try:
        kept = kept_in.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    except OSError as unreadable:
        raise ClientStopped(f"{kept_in} cannot be read: {unreadable.strerror}.") from unreadable
    if not kept:
        raise ClientStopped(
            f"No demo password: {kept_in} is missing (`make run` in the project's folder makes it)"
            " and COMMUNITY_DEMO_PASSWORD is not set."
        )
    return kept


def feed_password(environ: Mapping[str, str], kept_in: Path | None = None) -> str:
    """The password of the feeding account: COMMUNITY_FEED_PASSWORD, in a demo the demo password."""
    told = environ.get("COMMUNITY_FEED_PASSWORD")
    if told:
        return told
    try:
        return demo_password(environ, kept_in)
    except ClientStopped as missing:
        raise ClientStopped(f"COMMUNITY_FEED_PASSWORD is not set. {missing}") from missing
