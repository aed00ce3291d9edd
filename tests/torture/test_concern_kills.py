"""The public tells while everything is killed and a fifth of all answers is lost: no code opens nothing,
or another's, and whoever is in danger is heard by somebody who can act."""

import itertools
import random
import time
from collections import Counter

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.audit.terms import Action
from community_api.community.concerns import receipts
from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import ANSWER_DUE, KIND, SEALED_LABEL
from community_api.community.emergencies.models import Emergency, EmergencyPage
from community_api.community.shared.terms import DutyKind
from community_api.composition import make_services
from community_api.core.clock import Clock
from community_api.core.config import read_settings
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import CLAIM
from community_api.units.models import Duty
from tests.torture.public_load import Memory, telling
from tests.torture.test_kills import BETWEEN_KILLS, LONG_SECONDS, MORE_SECONDS, kill_everything

SHORT_SECONDS = 5
PAGED_WITHIN = 60
OPENED = 30


@pytest.mark.parametrize("seconds", [SHORT_SECONDS, pytest.param(LONG_SECONDS, marks=pytest.mark.torture)])
def test_each_code_opens_its_own_concern_and_danger_is_always_paged(server, durable_database, seconds):
    kills = itertools.count(1)
    until = time.monotonic() + seconds
    with telling(server) as memory:
        while time.monotonic() < until or (
            len(memory.acknowledged) <= seconds and time.monotonic() < until + MORE_SECONDS
        ):
            time.sleep(random.uniform(0.5, 1.5) * BETWEEN_KILLS)
            kill_everything(server)
            if next(kills) % 2 == 0:
                durable_database.crash()
            server.start()
            server.wait_until_ready()
    acknowledged = memory.acknowledged
    print(f"{next(kills) - 1} kills, {len(acknowledged)} told, {memory.lost} of {memory.sends} answers lost")  # noqa: T201
    assert memory.wrong == []
    assert len(acknowledged) > seconds, "they hardly told anything: this proves nothing"
    assert memory.sends / 10 < memory.lost < memory.sends / 3
    # All are compared in the database; whoever opens many in a short time is asked to wait.
    for code in random.sample(sorted(acknowledged), min(len(acknowledged), OPENED)):
        followed = server.post("/api/v1/public/follow-ups", {"code": code})
        assert followed.status_code == 200, followed.text
        assert followed.json()["state"] == "received"
    start_when_claims_are_over(server)
    wait_until_paged(server)
    assert errors(server, memory) == []


def uow_of(server):
    return make_services(read_settings(dict(server.environ)), Clock()).uow


def start_when_claims_are_over(server):
    """Start it as much later as a killed worker keeps what it had in hand, rather than wait so long."""
    kill_everything(server)
    server.environ = {
        **server.environ,
        "COMMUNITY_CLOCK_OFFSET": str(int(2 * CLAIM.total_seconds())),
    }
    server.start()
    server.wait_until_ready()


def wait_until_paged(server):
    """Every call has left."""
    uow, until = uow_of(server), time.monotonic() + PAGED_WITHIN
    while time.monotonic() < until:
        with uow() as tx:
            if (
                tx.first(select(EmergencyPage.id).where(EmergencyPage.handed_over_at.is_(None)).limit(1))
                is None
            ):
                break
        time.sleep(0.2)
    uow.database.close()


def errors(server, memory: Memory):
    """What is lost, double, or another's; empty: nothing."""
    uow = uow_of(server)
    with uow() as tx:
        by_lookup = {row.lookup: row for row in tx.all(select(Concern))}
        leaves = Counter(tx.all(select(AuditEvent.object_id).where(AuditEvent.action == Action.COLLECT)))
        waiting = Counter(tx.all(select(Duty.subject_id).where(Duty.kind == DutyKind.NEW)))
        promised = Counter(tx.all(select(OutboxItem.ref_id).where(OutboxItem.kind == ANSWER_DUE)))
        emergencies = {row.subject_id: row.call_id for row in tx.all(select(Emergency))}
        pages = tx.all(select(EmergencyPage))
        found = []
        known = set()
        for code, told in memory.told.items():
            row = by_lookup.get(receipts.lookup_of(uow.keys, receipts.normalised(code)))
            if row is None:
                if told.acknowledged:
                    found.append(f"{told.words} was acknowledged and is lost")
                continue
            known.add(row.id)
            kept = tx.sealer.open(tx, row.id, SEALED_LABEL, row.text_version, row.sealed)
            if kept["text"] != told.words:
                found.append(f"the code of {told.words} opens another concern")
            if (leaves[row.id], waiting[row.id], promised[row.id]) != (1, 1, 1):
                found.append(f"{told.words} has not one leaf, one place in the queue and one promise")
            if told.danger != (row.id in emergencies):
                found.append(f"{told.words} is an emergency where it is none, or is none where it is one")
        found += [f"{row.id} was never sent" for row in by_lookup.values() if row.id not in known]
    uow.database.close()
    called = {page.call_id for page in pages if page.handed_over_at is not None}
    first = Counter(page.call_id for page in pages if page.round == 0)
    found += [
        f"nobody was called for {KIND} {about}" for about, one in emergencies.items() if one not in called
    ]
    return found + [f"{KIND} {about} began twice" for about, one in emergencies.items() if first[one] != 1]
