"""A username is found however it was typed."""

from __future__ import annotations

import pytest

from community_api.access.usernames import is_username, normal_username


@pytest.mark.parametrize(
    "typed",
    [
        "officer1.lin-a",
        "Officer1.LIN-A",
        " officer1.lin-a ",
        "\N{FULLWIDTH LATIN SMALL LETTER O}fficer1.lin-a",
    ],
)
def test_what_looks_the_same_is_the_same(typed):
    assert normal_username(typed) == "officer1.lin-a"


@pytest.mark.parametrize("name", ["a", "officer1.lin-a", "j.albrecht@police.example", "0815", "a_b"])
def test_usernames(name):
    assert is_username(name)


@pytest.mark.parametrize("name", ["", ".a", "a.", "A", "a b", "a/b", "ä", "a\n", "a" * 101])
def test_no_usernames(name):
    assert not is_username(name)
