"""The places of the request at hand, as views and the error map reach them."""

from __future__ import annotations

from typing import cast

from flask import request

from community_api.core.errors import DomainError
from community_api.core.places.terms import REFUSAL, RETRY_SECONDS, VISIT, Full, Kind
from community_api.core.places.visit import Visit


def visit() -> Visit | None:
    """The places that this request holds; None where no layer admits requests."""
    return cast("Visit | None", request.environ.get(VISIT))


def rest() -> None:
    """Give the working place back: what follows only waits."""
    if (held := visit()) is not None:
        held.rest()


def take_download_place() -> None:
    """Go on as a download, whose answer goes out in pieces; raises DomainError (503)."""
    held = visit()
    try:
        if held is not None:
            held.change(Kind.DOWNLOAD)
    except Full:
        raise DomainError("service_unavailable", retry_after=RETRY_SECONDS) from None


def refuse_turned_away() -> None:
    """Raise what the layer outside refused the request for, if it did."""
    if is_turned_away():
        raise request.environ[REFUSAL]


def is_turned_away() -> bool:
    """Whether nobody looked at the request: it says nothing of whom it came from."""
    return REFUSAL in request.environ
