"""What is too large to be proved is refused, and what is merely large is proved."""

from __future__ import annotations

import pytest

from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.repository import SHIPPED

NEWEST = (SHIPPED / "osce-baseline.v4.yaml").read_text(encoding="utf-8")
FIRST_FORM = "    fields:\n"


def problems_of(text: str) -> set[str]:
    with pytest.raises(PackError) as refused:
        parse(text.encode(), "large.yaml")
    return {one.message for one in refused.value.problems}


def with_marks(number: int) -> str:
    """The baseline with so many marks that one form may set and that moves ask about."""
    codes = [f"m{index}" for index in range(number)]
    marks = [f"  - {{code: {code}, title: A mark}}\n" for code in codes]
    fields = [
        f"      - {{code: {code}, title: A mark, type: boolean, sets_mark: {code}, required: false}}\n"
        for code in codes
    ]
    moves = [
        f"  - {{code: move_{code}, title: A move, from: sent, to: to_decide,\n"
        f"     guards: [{{predicate: mark_is_set, mark: {code}}}]}}\n"
        for code in codes
    ]
    text = NEWEST.replace("\nmarks:\n", "\nmarks:\n" + "".join(marks), 1)
    text = text.replace("\nmoves:\n", "\nmoves:\n" + "".join(moves), 1)
    before, forms = text.split("\nforms:\n", 1)
    return before + "\nforms:\n" + forms.replace(FIRST_FORM, FIRST_FORM + "".join(fields), 1)


@pytest.mark.parametrize("number", [6, 60])
def test_what_has_more_states_than_can_be_proved_is_refused(number: int) -> None:
    (said,) = problems_of(with_marks(number))
    assert said.startswith("more states are possible than can be proved: ask about fewer marks and acts")


def test_three_more_marks_are_proved() -> None:
    assert len(parse(with_marks(3).encode(), "large.yaml").marks) == 7


def test_a_unit_of_many_people_is_proved() -> None:
    many = NEWEST.replace("{role: analyst, people: 2}", "{role: analyst, people: 40}").replace(
        "{role: intelligence_manager, people: 1}", "{role: intelligence_manager, people: 6}"
    )
    assert {one.people for one in parse(many.encode(), "large.yaml").staffing} == {40, 6}


def test_a_name_without_end_is_told_by_its_beginning() -> None:
    told = problems_of(NEWEST.replace("\nmarks:\n", "\n" + "x" * 1_000 + ":\n", 1))
    assert f"there is no key `{'x' * 37}...` here" in told


def test_a_list_without_end_is_not_even_read() -> None:
    text = NEWEST.replace("\nstages:\n", "\nstages:\n" + "  - {code: a}\n" * 201)
    assert "too many entries: at most 200" in problems_of(text)
