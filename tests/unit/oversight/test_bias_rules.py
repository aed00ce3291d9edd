"""When a share of flags is unusual: about places, never persons, and only in figures that may be told."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from community_api.oversight.bias.rules import unusual
from community_api.procedure_engine.pack.pack_national import Statistics

TEAM_A, TEAM_B, LOCAL = (uuid4() for _ in range(3))
PLACES = [(TEAM_A, [TEAM_A]), (TEAM_B, [TEAM_B]), (LOCAL, [TEAM_A, TEAM_B, LOCAL])]
FIFTH = Statistics(shown_from=10, reviewed_above_percent=20)


def unusual_share(
    reports: dict[UUID, int], flags: dict[UUID, int], rule: Statistics = FIFTH
) -> list[tuple[UUID, int]]:
    return [(one.unit_id, one.percent) for one in unusual(PLACES, reports, flags, rule)]


def test_a_place_is_unusual_above_the_share_that_the_procedure_names():
    assert unusual_share({TEAM_A: 100}, {TEAM_A: 20}) == []
    assert unusual_share({TEAM_A: 100}, {TEAM_A: 21}) == [(TEAM_A, 20)]
    assert unusual_share({TEAM_A: 100}, {TEAM_A: 21}, Statistics(10, 30)) == []


def test_what_is_too_small_to_be_told_is_nobodys_business():
    assert unusual_share({TEAM_A: 12}, {TEAM_A: 9}) == []
    assert unusual_share({TEAM_A: 9}, {TEAM_A: 9}) == []
    assert unusual_share({TEAM_A: 40}, {TEAM_A: 15}, Statistics(20, 20)) == []


def test_several_small_teams_are_seen_together_and_an_unusual_one_is_told_once():
    assert unusual_share({TEAM_A: 20, TEAM_B: 20}, {TEAM_A: 6, TEAM_B: 6}) == [(LOCAL, 30)]
    assert unusual_share({TEAM_A: 50, TEAM_B: 50}, {TEAM_A: 30, TEAM_B: 1}) == [(TEAM_A, 60)]


@given(
    st.dictionaries(st.sampled_from([TEAM_A, TEAM_B, LOCAL]), st.integers(0, 500)),
    st.dictionaries(st.sampled_from([TEAM_A, TEAM_B, LOCAL]), st.integers(0, 500)),
)
def test_no_figure_is_exact_or_small(reports: dict[UUID, int], flags: dict[UUID, int]) -> None:
    for one in unusual(PLACES, reports, flags, FIFTH):
        assert one.reports % 5 == one.flags % 5 == one.percent % 5 == 0
        assert one.reports >= 10
        assert one.flags >= 10
        assert 20 <= one.percent <= 100
