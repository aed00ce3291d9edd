"""Too little and too much are told apart."""

import pytest
from marshmallow import ValidationError

from community_api.core.schemas.validators import Bounded, Several


@pytest.mark.parametrize("values", ["x", "x" * 3])
def test_what_lies_within_is_taken_as_it_is(values):
    assert Bounded(3)(values) == values
    assert Several(1, 3)(list(values)) == list(values)


@pytest.mark.parametrize(
    ("bounds", "values", "code"),
    [
        (Bounded(3), "", "blank"),
        (Bounded(3), "xxxx", "too_long|max=3"),
        (Several(2, 3), [1], "too_few|min=2"),
        (Several(2, 3), [1, 2, 3, 4], "too_many|max=3"),
        (Several(0, 3), [1, 2, 3, 4], "too_many|max=3"),
    ],
)
def test_what_does_not_is_told_what_is_wrong_with_it(bounds, values, code):
    with pytest.raises(ValidationError) as raised:
        bounds(values)
    assert raised.value.messages == [code]


def test_what_may_be_empty_is_taken_when_it_is():
    assert Several(0, 3)([]) == []
    assert Bounded(3, empty=True)("") == ""
