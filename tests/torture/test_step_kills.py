"""The server is killed while two analysts race for every case: one step each, and somebody owes the next."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.clients.demo_tour import forms, words
from community_api.core.clock import Clock
from community_api.intelligence.chain.referrals.models import Referral, ReferralStep
from community_api.intelligence.chain.referrals.terms import OVERDUE
from community_api.outbox.models import OutboxItem
from community_api.units.models import Duty
from tests.support.databases import DurableDatabase
from tests.support.factories import unit_of_work
from tests.support.servers import Server
from tests.torture.writers import AGAIN, a_flag, an_observation

OFFICER, SECOND_PERSON = "officer1.lin-a", "supervisor.lin-b"
RACERS = {"analyst1.lin": "continue", "analyst2.lin": "no_further_action"}
CASES = [
    6,
    pytest.param(int(os.environ.get("COMMUNITY_TEST_TORTURE_CASES", "300")), marks=pytest.mark.torture),
]
# Of a tag only the version counts, and nobody has touched these cases yet.
UNTOUCHED = '"1.0"'


class Racer(threading.Thread):
    """An analyst who assesses every case, sending again under the same id what got no answer."""

    def __init__(self, server: Server, username: str, cases: list[str], fields: dict[str, Any]) -> None:
        super().__init__(name=username, daemon=True)
        self._server, self._cases = server, cases
        self._fields = {**fields, "outcome": RACERS[username]}
        with server.signed_in(username) as client:
            self._headers = {"Authorization": client.headers["Authorization"], "If-Match": UNTOUCHED}
        self.won: set[uuid.UUID] = set()
        self.refused: Counter[str] = Counter()
        self.tries = 0

    def run(self) -> None:
        with httpx.Client(base_url=f"{self._server.url}/api/v1", headers=self._headers, timeout=15) as client:
            for case in self._cases:
                # At a pace that outlives a few kills, however fast the machine is.
                time.sleep(random.uniform(0.05, 0.3))
                self._assess(client, case)

    def _assess(self, client: httpx.Client, case: str) -> None:
        step_id = uuid.uuid4()
        body = {"id": str(step_id), "action": "assess", "fields": self._fields}
        while True:
            self.tries += 1
            try:
                answer = client.post(f"/referrals/{case}/steps", json=body)
            except httpx.TransportError:
                time.sleep(0.05)
                continue
            if answer.status_code in {200, 201}:
                self.won.add(step_id)
                return
            if answer.status_code not in AGAIN:
                self.refused[answer.json()["code"]] += 1
                return
            time.sleep(0.05)


def confirmed(server: Server, number: int) -> tuple[list[str], dict[str, Any]]:
    """So many cases that nobody has touched, and the form of their first step, filled in."""
    with server.signed_in(OFFICER) as officer, server.signed_in(SECOND_PERSON) as second:
        indicators = officer.get("/indicators").json()["version"]
        for _ in range(number):
            report = officer.post("/observations", json=an_observation(datetime.now(UTC))).json()
            flag = officer.post(f"/observations/{report['id']}/flags", json=a_flag(indicators)).json()
            told = {"id": str(uuid.uuid4()), **words.CONFIRMATION}
            assert second.post(f"/flags/{flag['id']}/decision", json=told).status_code == 201
    with server.signed_in("analyst1.lin") as analyst:
        page = analyst.get("/referrals", params={"limit": 200}).json()
        cases = [str(item["id"]) for item in page["items"]]
        while page["next_cursor"] is not None:
            page = analyst.get("/referrals", params={"limit": 200, "cursor": page["next_cursor"]}).json()
            cases += [str(item["id"]) for item in page["items"]]
        (offer,) = (
            one
            for one in analyst.get(f"/referrals/{cases[0]}/actions").json()["items"]
            if one["action"] == "assess"
        )
    assert len(cases) == number
    return cases, forms.fill(offer, {**words.ANSWERS["assess"], "factors": forms.factors})


@pytest.mark.parametrize("number", CASES)
def test_whenever_the_server_is_killed_every_case_has_one_first_step(
    server: Server, durable_database: DurableDatabase, number: int
) -> None:
    cases, fields = confirmed(server, number)
    racers = [Racer(server, who, random.sample(cases, number), fields) for who in RACERS]
    for racer in racers:
        racer.start()
    kills = 0
    while any(racer.is_alive() for racer in racers):
        time.sleep(random.uniform(0.1, 0.5))
        if kills >= number // 3:
            continue
        server.send_to_all(signal.SIGKILL)
        server.wait_until_gone()
        kills += 1
        server.start()
        server.wait_until_ready()
    assert kills > 1, "they were done before anything happened"
    assert sum(racer.tries for racer in racers) > 2 * number, "nobody was kept waiting: no kill met them"
    refused = set().union(*(racer.refused for racer in racers))
    assert refused <= {"precondition_failed", "action_not_allowed"}
    check(durable_database.addresses.database_url, cases, set().union(*(racer.won for racer in racers)))


def check(address: str, cases: list[str], won: set[uuid.UUID]) -> None:
    """One step, one leaf, one post that owes the next step, one look at its deadline."""
    once = dict.fromkeys(map(uuid.UUID, cases), 1)
    uow = unit_of_work(address, Clock())
    with uow() as tx:
        steps = tx.all(select(ReferralStep))
        leaves = tx.all(
            select(AuditEvent.object_id).where(AuditEvent.object_id.in_(once), AuditEvent.action == "alter")
        )
        owed = tx.all(select(Duty.subject_id).where(Duty.subject_id.in_(once), Duty.discharged_at.is_(None)))
        looks = tx.all(
            select(OutboxItem.ref_id).where(
                OutboxItem.kind == OVERDUE, OutboxItem.done_at.is_(None), OutboxItem.cancelled_at.is_(None)
            )
        )
        rows = tx.all(select(Referral))
    uow.database.close()
    assert Counter(step.referral_id for step in steps) == once
    assert {step.id for step in steps} == won, "a step that was acknowledged is not there, or one of nobody"
    assert Counter(leaves) == once
    assert Counter(owed) == once
    assert Counter(looks) == once
    assert {(row.stage, row.version) for row in rows} <= {("to_evaluate", 2), ("to_feed_back", 2)}
