"""A dozen declared breaks are noticed by their tests; `make breaks` tries all."""

from tools import breaks

DOZEN = [one for one in breaks.declared() if one.quick]


def test_a_dozen_breaks_are_noticed():
    assert len(DOZEN) == 12
    survived = {one.name: result for one, result, _ in breaks.try_all(DOZEN, 2) if result != breaks.NOTICED}
    assert survived == {}


def test_a_change_that_breaks_nothing_survives():
    harmless = breaks.Break(
        name="a comment",
        rule="P20",
        file="community_api/access/sessions/rules.py",
        text='"""The end of a session that begins now, which no renewal moves."""',
        replacement='"""The end."""',
        tests=("tests/unit/access/test_session_rules.py::test_no_token_outlives_its_session",),
    )
    [(_, result, _)] = breaks.try_all([harmless], 1)
    assert result == breaks.SURVIVED
