"""Journey 5: "converted, now wears a beard, prays a lot" is no ground for a flag, for anybody."""

import pytest

from tests.stories.vocabulary import BEHAVIOUR, FERTILISER, log_of, person
from tests.support.app import World

BEARD = "He converted last spring, now wears a beard and prays a lot, even in the yard."

PROTECTED = ["religion", "politics", "nationality", "union", "protest", "change_of_appearance"]


def codes_like(world: World, word: str) -> list[str]:
    """The codes of what is never a sign that speak of this."""
    listed = person(world, "officer1.lin-a").app.get("/indicators")["non_indicators"]
    return [one["code"] for one in listed if word.rstrip("s") in one["code"]]


@pytest.mark.parametrize("trait", PROTECTED)
def test_a_flag_that_rests_on_what_somebody_is_or_believes_is_refused(
    shared_world: World, trait: str
) -> None:
    officer = person(shared_world, "officer1.lin-a")
    report = officer.reports(BEARD, category="worried_about_someone")
    (code, *_) = codes_like(shared_world, trait)

    refusal = officer.flags(report, (code, BEARD), refused=422)

    # The officer is told why, and where to learn more.
    assert refusal.code == "protected_ground_only"
    assert refusal["errors"][0]["pointer"] == "/grounds/0/indicator"
    assert refusal["detail"]
    # The report is kept where it was, a community matter.
    assert officer.app.get(f"/observations/{report['id']}")["status"] == "received"
    # Nothing reached the intelligence side, and there is no flag.
    assert person(shared_world, "analyst1.lin").app.get("/referrals").items == []
    assert [one for one in officer.app.get("/flags").items if one["status"] != "refused"] == []


def test_the_refused_flag_leaves_no_words_of_itself_anywhere(world: World) -> None:
    officer = person(world, "officer1.lin-a")
    report = officer.reports(BEARD, category="worried_about_someone")
    officer.flags(report, (codes_like(world, "religion")[0], BEARD), refused=422)
    assert log_of(world, report["id"]) == ["collect"]
    # That somebody tried is counted, for whoever watches over the use of flags: which team, and no person.
    (figures,) = person(world, "dpo.nor").app.get("/oversight/figures")["units"]
    assert (figures["unit"], figures["turned_away"]) == ("lin-a", {"protected_ground_only": 1})


def test_behaviour_beside_a_protected_ground_is_let_pass_and_the_second_person_must_say_so(
    world: World,
) -> None:
    officer = person(world, "officer1.lin-a")
    report = officer.reports(FERTILISER)
    flag = officer.flags(report, (BEHAVIOUR, FERTILISER), (codes_like(world, "religion")[0], BEARD))
    assert flag["status"] == "awaiting_second_person"
    # The words about belief are pointed out, and never stop anybody by themselves.
    assert {warning["code"] for warning in flag["warnings"]} == {"protected_terms"}
    unsaid = {"decision": "confirmed", "reason": "The purchase and the words."}
    answer = person(world, "supervisor.lin-b").app.post(f"/flags/{flag['id']}/decision", unsaid, expect=422)
    assert answer["errors"][0]["pointer"] == "/stands_without_protected_ground"
    # Who says that it rests on the belief after all cannot pass it on.
    rests_on_belief = {**unsaid, "stands_without_protected_ground": "no"}
    answer = person(world, "supervisor.lin-b").app.post(
        f"/flags/{flag['id']}/decision", rests_on_belief, expect=422
    )
    assert answer["errors"][0]["code"] == "does_not_stand"
    assert person(world, "analyst1.lin").app.get("/referrals").items == []
