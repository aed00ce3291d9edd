"""Ready-made HTTP/1.1 requests, and the reports they carry."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

FACTS = (
    "At about ten past nine in the evening, walking up from the bus station, I saw two people I did not "
    "know carry six sacks marked as fertiliser from a grey van into the rented garage behind the bakery. "
    "They had no gloves on and did not speak. The van was parked across the pavement for a quarter of an "
    "hour; its left rear light was broken. Nobody farms nearby and the garage was empty last week when "
    "I passed it on the same round. I did not stop and they did not notice me."
)
ASSESSMENT = "May be a delivery gone to the wrong address; the owner of the garage would know who rents it."


def request(
    method: str,
    path: str,
    *,
    token: str | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """One request as it goes over the wire; the connection is kept."""
    raw = b"" if body is None else json.dumps(body).encode()
    told = {"Host": "127.0.0.1", "Accept": "application/json", **(headers or {})}
    if token is not None:
        told["Authorization"] = f"Bearer {token}"
    if body is not None:
        told |= {"Content-Type": "application/json", "Content-Length": str(len(raw))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode() + raw


def report() -> dict[str, Any]:
    """An observation of about a kilobyte under an id of its own."""
    return {
        "id": str(uuid.uuid4()),
        "occurred_at": "2026-03-04T21:10:00+01:00",
        "recorded_at": "2026-03-04T21:25:00+01:00",
        "purpose": "community_problem",
        "category": "vandalism",
        "facts": FACTS,
        "assessment": ASSESSMENT,
        "source_relation": "witnessed",
        "place": {"lat": 51.127, "lon": 9.914, "accuracy_m": 25, "precision": "street"},
        "language": "en",
    }
