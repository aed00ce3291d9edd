"""What is gathered, whom a round goes to, and that nobody in danger is silent and no call is endless.

A plain model plays a unit: emergencies come in any order and at any time, the rules say what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from community_api.community.emergencies import call_rules
from community_api.community.emergencies.call_rules import CallState, GatheredCall
from community_api.community.emergencies.terms import (
    CALLED_SINGLY,
    FLOOD_AFTER,
    GATHERED_WITHIN,
    NATION_AGAIN,
    ROUNDS,
    SHARED_AGAIN,
    Audience,
    CallKind,
)

START = datetime(2026, 3, 2, 22, tzinfo=UTC)
FIVE = timedelta(minutes=5)
# How long the model goes on after the last emergency.
AFTERWARDS = timedelta(hours=3)


@dataclass
class PlayedCall:
    kind: CallKind
    state: CallState
    opened_at: datetime
    members: list[int] = field(default_factory=list)
    unshown: list[int] = field(default_factory=list)
    sent: list[tuple[datetime, Audience]] = field(default_factory=list)


@dataclass
class Unit:
    """A unit in which nobody answers."""

    calls: list[PlayedCall] = field(default_factory=list)
    gathered: dict[str, tuple[datetime, int, PlayedCall | None]] = field(default_factory=dict)
    flood: PlayedCall | None = None
    flooded_at: datetime | None = None
    shown_at: dict[int, datetime] = field(default_factory=dict)

    def report(self, number: int, topic: str, now: datetime) -> None:
        first_at, singly, shared = self.gathered.get(topic, (now, 0, None))
        known = GatheredCall(first_at, singly) if topic in self.gathered else None
        flooded = self.flooded_at is not None and not call_rules.is_over(self.flooded_at, now)
        recent = [
            one
            for one in self.calls
            if one.kind is not CallKind.FLOOD and one.opened_at > now - GATHERED_WITHIN
        ]
        kind = call_rules.kind_of_call(known, flooded=flooded, calls=len(recent), now=now)
        call = self.flood if flooded else shared if kind is CallKind.SHARED else None
        if kind is CallKind.FLOOD:
            self.flooded_at = now
        if call is not None:
            call.members.append(number)
            call.unshown.append(number)
            return
        call = PlayedCall(kind, CallState(0, 0, now, now + FIVE), now, [number])
        call.sent.append((now, Audience.FIRST))
        self.shown_at[number] = now
        self.calls.append(call)
        if kind is CallKind.FLOOD:
            self.flood = call
        elif kind is CallKind.SHARED:
            self.gathered[topic] = (first_at, singly, call)
        elif known is None or call_rules.is_over(first_at, now):
            self.gathered[topic] = (now, 1, None)
        else:
            self.gathered[topic] = (first_at, singly + 1, shared)

    def look(self, now: datetime) -> None:
        """Do what the worker does, for every call."""
        for call in self.calls:
            waiting = len(call.members) > len(call.unshown)
            due = call_rules.next_round(
                call.state, new=bool(call.unshown), waiting=waiting, now=now, again_after=FIVE
            )
            if due is None:
                continue
            call.state = CallState(due.rounds, due.rounds_of_newest, now, due.again_at)
            call.sent.append((now, due.audience))
            for number in call.unshown:
                self.shown_at[number] = now
            call.unshown.clear()


# A step of up to twenty minutes, and one of three topics.
STEPS = st.lists(
    st.tuples(st.integers(0, 20 * 60), st.sampled_from(["fire", "knife", "gas"])), min_size=1, max_size=60
)
QUICK = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from([f"{name}{n}" for name in "abcdef" for n in range(4)])),
    min_size=30,
    max_size=120,
)


def played(steps: list[tuple[int, str]]) -> tuple[Unit, dict[int, datetime]]:
    """The unit after all of it and some hours more, and when each emergency came."""
    unit, now, came = Unit(), START, {}
    for number, (pause, topic) in enumerate(steps):
        until = now + timedelta(seconds=pause)
        now = _look_until(unit, now, until)
        unit.report(number, topic, now)
        came[number] = now
    _look_until(unit, now, now + AFTERWARDS)
    return unit, came


def _look_until(unit: Unit, now: datetime, until: datetime) -> datetime:
    """Look whenever something is planned, as the outbox does."""
    while True:
        planned = [call.state.again_at for call in unit.calls]
        planned += [call.state.paged_at + SHARED_AGAIN for call in unit.calls if call.unshown]
        now = max(now, min(planned, default=until))
        if now >= until:
            return until
        unit.look(now)


@given(st.one_of(STEPS, QUICK))
def test_every_emergency_is_in_one_call_and_shown_within_five_minutes(steps):
    unit, came = played(steps)
    members = sorted(number for call in unit.calls for number in call.members)
    assert members == sorted(came)
    late = [number for number, at in came.items() if unit.shown_at[number] - at > SHARED_AGAIN]
    assert late == []


@given(st.one_of(STEPS, QUICK))
def test_however_many_come_the_public_causes_ten_calls_of_a_unit_in_fifteen_minutes(steps):
    unit, _came = played(steps)
    opened = [one.opened_at for one in unit.calls if one.kind is not CallKind.FLOOD]
    assert all(sum(since <= at < since + GATHERED_WITHIN for at in opened) <= FLOOD_AFTER for since in opened)
    for call in unit.calls:
        pauses = [later - at for (at, _), (later, _) in pairwise(call.sent)]
        assert all(pause >= SHARED_AGAIN for pause in pauses)


@given(st.one_of(STEPS, QUICK))
def test_rounds_end_and_then_the_nation_alone_is_called_each_hour(steps):
    unit, came = played(steps)
    end = max(came.values())
    for call in unit.calls:
        quiet = max(came[number] for number in call.members) + SHARED_AGAIN + ROUNDS * FIVE
        after = [(at, audience) for at, audience in call.sent if at > quiet + timedelta(minutes=1)]
        assert {audience for _at, audience in after} <= {Audience.NATION}
        pauses = [later - at for (at, _), (later, _) in pairwise(after)]
        assert all(pause >= NATION_AGAIN for pause in pauses)
        # Nobody answers, so the nation is called still.
        assert call.sent[-1][0] > end


@given(STEPS)
def test_three_of_a_topic_call_singly_and_the_rest_share_one(steps):
    unit, came = played(steps)
    singles = [call for call in unit.calls if call.kind is CallKind.PUBLIC]
    assert all(len(call.members) == 1 for call in singles)
    for call in unit.calls:
        if call.kind is CallKind.SHARED:
            topic = {steps[number][1] for number in call.members}
            assert len(topic) == 1
            opened = [
                one.opened_at
                for one in singles
                if {steps[one.members[0]][1]} == topic and one.opened_at <= call.opened_at
            ]
            assert len(opened) >= CALLED_SINGLY
            assert max(came[number] for number in call.members) < opened[-CALLED_SINGLY] + GATHERED_WITHIN


def test_the_rounds_of_a_single_call_go_to_everybody_six_times():
    unit, _came = played([(0, "fire")])
    (call,) = unit.calls
    minutes = [int((at - START).total_seconds() // 60) for at, _ in call.sent]
    assert minutes[:9] == [0, 5, 10, 15, 20, 25, 30, 90, 150]
    audiences = [audience for _, audience in call.sent]
    assert audiences[:9] == [Audience.FIRST, *[Audience.EVERYBODY] * 6, Audience.NATION, Audience.NATION]


def test_what_is_near_is_one_topic_and_what_is_not_is_another():
    here = call_rules.topic("violence", 51.2417, 10.4533, "lin-a")
    assert here == call_rules.topic("violence", 51.2418, 10.4534, None)
    others = {
        call_rules.topic("weapons", 51.2417, 10.4533, None),
        call_rules.topic("violence", 51.30, 10.4533, None),
        call_rules.topic("violence", None, None, "lin-a"),
        call_rules.topic("violence", None, None, "lin-b"),
        call_rules.topic("violence", None, None, None),
    }
    assert len(others | {here}) == 6
