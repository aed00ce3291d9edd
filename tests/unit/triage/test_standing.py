"""The table of what may be done with a report, drawn: no pair of status and act is left open."""

from __future__ import annotations

import pytest

from community_api.community.observations import rules
from community_api.community.observations.terms import AFTER, Act, Status
from community_api.community.shared.terms import Route
from community_api.community.triage.terms import ACT_OF
from community_api.core.errors import DomainError

# For each status what follows: take up, hand on, return; supplement, withdraw; close, reopen.
DRAWN = """
received: in_community_work passed_on returned
          received withdrawn
          not_triaged not_closed

returned: in_community_work passed_on already_decided
          received withdrawn
          closed not_closed

withdrawn: already_withdrawn already_withdrawn already_withdrawn
           already_withdrawn already_withdrawn
           already_withdrawn already_withdrawn

in_community_work: already_decided already_decided already_decided
                   in_community_work already_taken_up
                   closed not_closed

passed_on: already_decided already_decided already_decided
           passed_on already_taken_up
           closed received

closed: already_decided already_decided already_decided
        closed already_taken_up
        already_closed received
"""


def test_every_pair_of_status_and_act_is_handled():
    assert {(status, act) for status in AFTER for act in AFTER[status]} == {
        (status, act) for status in Status for act in Act
    }


@pytest.mark.parametrize("drawn", DRAWN.strip().split("\n\n"))
def test_the_table_is_as_drawn(drawn):
    status, cells = drawn.split(":")
    assert [str(AFTER[Status(status)][act]) for act in Act] == cells.split()


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("act", Act)
def test_what_follows_is_a_status_or_a_refusal_with_its_reason(status, act):
    wanted = AFTER[status][act]
    if isinstance(wanted, Status):
        assert rules.follow(status.value, act) is wanted
    else:
        with pytest.raises(DomainError) as refused:
            rules.follow(status.value, act)
        assert refused.value.code == wanted


def test_every_route_is_an_act():
    assert ACT_OF.keys() == set(Route)


def test_what_was_withdrawn_stays_withdrawn_and_all_else_can_end():
    reached = {status: {to for to in AFTER[status].values() if isinstance(to, Status)} for status in Status}
    assert reached[Status.WITHDRAWN] == set()
    for status in set(Status) - {Status.WITHDRAWN}:
        ways = {status}
        while more := {to for one in ways for to in reached[one]} - ways:
            ways |= more
        assert Status.CLOSED in ways
