"""Levels compare by height, and posts have one public spelling."""

import pytest

from community_api.units.terms import Level, PostName, Role, is_timezone, is_unit_name

CHAIN = (Level.COMMUNITY, Level.LOCAL, Level.REGIONAL, Level.NATIONAL)


@pytest.mark.parametrize("low", range(4))
@pytest.mark.parametrize("high", range(4))
def test_levels_compare_by_height(low: int, high: int) -> None:
    assert (CHAIN[low] < CHAIN[high]) is (low < high)
    assert (CHAIN[low] <= CHAIN[high]) is (low <= high)
    assert (CHAIN[low] > CHAIN[high]) is (low > high)
    assert (CHAIN[low] >= CHAIN[high]) is (low >= high)


@pytest.mark.parametrize("level", CHAIN)
def test_external_is_neither_above_nor_below(level: Level) -> None:
    assert not level < Level.EXTERNAL
    assert not level > Level.EXTERNAL
    assert not level <= Level.EXTERNAL


def test_level_compares_with_its_spelling_too() -> None:
    assert Level.LOCAL < "national"
    with pytest.raises(ValueError, match="borough"):
        _ = Level.LOCAL < "borough"


def test_post_is_named_by_role_and_unit() -> None:
    assert str(PostName(Role.SAFEGUARDING_LEAD, "lin")) == "safeguarding_lead.lin"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("lin-a", True),
        ("nor", True),
        ("l2", True),
        ("a" * 40, True),
        ("a" * 41, False),
        ("", False),
        ("-a", False),
        ("2lin", False),
        ("Lin", False),
        ("lin--a", False),
        ("lin_a", False),
        ("lin\n", False),
    ],
)
def test_short_name_of_a_unit(text: str, good: bool) -> None:
    assert is_unit_name(text) is good


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Europe/Berlin", True),
        ("UTC", True),
        ("Europe", False),
        ("Mars/Olympus", False),
        ("", False),
        ("../../etc/passwd", False),
        ("/etc/passwd", False),
        ("Europe/Berlin\0", False),
        ("Factory", False),
        ("localtime", False),
        ("posixrules", False),
        ("right/UTC", False),
        ("posix/UTC", False),
    ],
)
def test_name_of_a_time_zone(text: str, good: bool) -> None:
    assert is_timezone(text) is good
