"""The desk's part of what the walk meets, in memory and by the book."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import httpx

from tests.unit.clients.fake_server import problem

if TYPE_CHECKING:
    from tests.unit.clients.fake_product import FakeProduct

Row = dict[str, Any]
DESK = "supervisor.lin-a"


def triage_queue(product: FakeProduct, who: str) -> httpx.Response:
    """Every report of lamps, with every concern as its likely duplicate."""
    reasons = [{"sign": "place", "points": 50, "amount": 0}]
    likely = [
        {"kind": "concern", "id": known, "score": 95, "reasons": reasons}
        for known in product.rows["concerns"]
    ]
    waiting = [
        known for known, row in product.rows["observations"].items() if row["category"] == "lighting_litter"
    ]
    return product._listed({"id": known, "duplicates": likely} for known in waiting)


def link(product: FakeProduct, who: str, body: Row) -> httpx.Response:
    return httpx.Response(201, json={"id": body["id"]})


def triage(product: FakeProduct, who: str, kind: str, record_id: str, body: Row) -> httpx.Response:
    """An officer is owed a word of it; the public by its calendar."""
    row = product.rows[kind][record_id]
    row["status"] = "in_community_work"
    if kind == "observations":
        product.owe_for_report(DESK, record_id, "triage", body["route"], row["reference"])
    return httpx.Response(201, json={"report": {"status": row["status"]}})


def open_problem(product: FakeProduct, who: str, body: Row) -> httpx.Response:
    number = len(body["observations"]) + len(body["concerns"])
    row = {"id": body["id"], "reference": "LIN-A-P", "reports": number, "attached": None}
    product.rows["problems"][body["id"]] = row
    return httpx.Response(201, json=row)


def add_entry(product: FakeProduct, who: str, record_id: str, body: Row) -> httpx.Response:
    return httpx.Response(201, json={"stage": body["stage"]})


def close(product: FakeProduct, who: str, record_id: str, body: Row) -> httpx.Response:
    """Not while a word is owed; the text is the answer."""
    row = product.rows["observations"][record_id]
    owed = [one for one in product.rows["obligations"].values() if one["subject"]["id"] == record_id]
    if any(one["state"] == "open" for one in owed):
        return problem(409, "feedback_owed")
    told = {"id": body["id"], "outcome": body["reason"], "text": body["text_for_reporter"]}
    message = {**told, "report_reference": row["reference"]}
    product.rows["feedback"] = {body["id"]: message, **product.rows["feedback"]}
    return httpx.Response(201, json={"report": {"status": "closed"}})


def call_somebody(product: FakeProduct) -> None:
    """A report of danger opens an emergency."""
    known = str(uuid.uuid4())
    product.rows["emergencies"][known] = {"id": known, "state": "paging"}


def act(product: FakeProduct, who: str, record_id: str, act: str, body: Row) -> httpx.Response:
    row = product.rows["emergencies"][record_id]
    row["state"] = {"acknowledgement": "acknowledged", "stand-down": "stood_down"}.get(act, row["state"])
    return httpx.Response(201, json={"emergency": {"state": row["state"]}})
