"""The public reports invented danger as fast as it can, through the real server: nothing is refused or lost,
each is in one call, and the calls of a unit stay few. Counts and orders are judged, no time."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from sqlalchemy import select

from community_api.community.concerns import receipts
from community_api.community.concerns.models import Concern
from community_api.community.emergencies.models import Emergency, EmergencyCall, EmergencyPage
from community_api.community.emergencies.terms import CALLED_SINGLY, FLOOD_AFTER, CallKind
from community_api.composition import make_services
from community_api.core.clock import Clock
from community_api.core.config import read_settings
from community_api.units.models import Duty
from tests.support.public import PLACE

SENDERS = 8
SHORT, LONG = 5, 250
CATEGORIES = ("violence", "weapons", "threat_to_people", "domestic_abuse", "hate_incident")


@pytest.mark.parametrize("each", [SHORT, pytest.param(LONG, marks=pytest.mark.torture)])
def test_a_flood_of_danger_is_taken_whole_and_called_in_a_few(server, each):
    statuses: Counter[int] = Counter()
    shapes: set[tuple[str, ...]] = set()
    services = make_services(read_settings(dict(server.environ)), Clock())
    # Made here: one address gets only so many codes.
    codes = [[receipts.issue(services.uow.keys) for _ in range(each)] for _ in range(SENDERS)]
    senders = [
        threading.Thread(target=_send, args=(server, number, codes[number], statuses, shapes))
        for number in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert statuses == {201: SENDERS * each}
    assert len(shapes) == 1, "somebody could see whether they were gathered"
    with services.uow() as tx:
        emergencies = tx.all(select(Emergency))
        calls = {call.id: call for call in tx.all(select(EmergencyCall))}
        pages = tx.all(select(EmergencyPage))
        owed = Counter(tx.all(select(Duty.kind).where(Duty.kind.like("emergency%"))))
        concerns = set(tx.all(select(Concern.id)))
    services.uow.database.close()
    assert {row.subject_id for row in emergencies} == concerns
    assert len(emergencies) == SENDERS * each
    kinds = Counter(call.kind for call in calls.values())
    windows = 1 + each // LONG
    assert kinds[CallKind.PUBLIC] + kinds[CallKind.SHARED] <= FLOOD_AFTER * windows
    assert kinds[CallKind.PUBLIC] <= CALLED_SINGLY * len(CATEGORIES) * windows
    assert kinds[CallKind.FLOOD] == 1
    of_call = Counter(row.call_id for row in emergencies)
    assert all(
        of_call[call.id] == 1 for call in calls.values() if call.kind in {CallKind.PUBLIC, CallKind.STAFF}
    )
    # At most one page of a call in five minutes, to each of a few posts.
    assert Counter((page.call_id, page.round, page.post_id) for page in pages).most_common(1)[0][1] == 1
    assert owed["emergency_justification"] == len(calls)


def _send(server, number, codes, statuses, shapes):
    for turn, code in enumerate(codes):
        answer = server.post(
            "/api/v1/public/concerns",
            {
                "code": code,
                "category": CATEGORIES[(number + turn) % len(CATEGORIES)],
                "text": f"Danger {turn} of {number}.",
                "place": PLACE,
                "immediate_danger": True,
            },
        )
        statuses[answer.status_code] += 1
        shapes.add(tuple(sorted(answer.json())))
