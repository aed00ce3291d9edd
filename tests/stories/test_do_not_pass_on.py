"""Journey: a woman tells what she sees from her window, and says: do not pass it on.

It stays with the team of her street, whoever would like to have it. She changes her mind once, and back.
When a boy next door is in danger, he is protected all the same, and nobody who protects him learns who told.
"""

from tests.stories.vocabulary import Caller, caller, newest_concern, person
from tests.support.app import Answer, World

GARAGE = "From my kitchen window, third floor left, I see two men carry heavy bags into garage 14 at night."
BOY = "The boy next door cries every night, and yesterday I heard blows."


def test_what_a_teller_forbids_to_pass_on_stays_with_the_team(world: World) -> None:
    # Before she tells anything, she reads what becomes of it, and when her word cannot be kept.
    notice = world.anybody().get("/public/notice")
    assert "three exceptions" in notice["exceptions"]
    assert "kept by other rules" in notice["once_passed_on"]
    assert notice["duty_to_pursue"] == []

    woman = caller(world)
    woman.tells(GARAGE, "weapons", do_not_pass_on=True)
    supervisor = person(world, "supervisor.lin-a")
    concern = newest_concern(supervisor)

    # The detectives would like to have it, the supervisor would flag it: neither goes.
    for attempt in (handed_to_detectives, flagged):
        assert attempt(world, concern, refused=True).code == "not_to_be_passed_on"
    # The team may work on it with the neighbourhood, as always.
    supervisor.triages("concern", concern, "problem", "Somebody should look after these garages.")

    # Later she allows it, and it is flagged; then she thinks better of it. Her page says the same each time.
    allowed = changes_her_mind(woman, pass_on=True)
    flag = flagged(world, concern)
    forbidden = changes_her_mind(woman, pass_on=False)
    assert {**allowed.body, "id": ""} == {**forbidden.body, "id": ""}
    seen = supervisor.app.get(f"/flags/{flag['id']}", purpose="supervision")
    assert seen["status"] == "withdrawn"
    assert "asked us not to pass it on" in seen["withdrawal"]["reason"]
    assert person(world, "analyst1.lin").app.get("/referrals").items == []
    assert woman.comes_back()["concern"]["pass_on"] is False


def test_a_boy_in_danger_is_protected_and_nobody_learns_who_told(world: World) -> None:
    woman = caller(world)
    woman.tells(BOY, "child_at_risk", do_not_pass_on=True)
    supervisor = person(world, "supervisor.lin-a")
    concern = newest_concern(supervisor)

    # The supervisor says why it cannot wait, and in which words it goes: hers, not the woman's.
    supervisor.triages(
        "concern",
        concern,
        "safeguarding",
        "A boy of about ten at Tannery Lane 4 may be beaten at home.",
        exception="serious_harm",
        exception_reason="Blows were heard, and a child cannot ask for help.",
    )
    lead = person(world, "safeguarding.lin")
    (record,) = lead.app.get("/safeguarding-records").items
    seen = lead.app.get(f"/safeguarding-records/{record['id']}", purpose="safeguarding")
    assert seen["need"] == "A boy of about ten at Tannery Lane 4 may be beaten at home."
    assert seen["exception"]["code"] == "serious_harm"
    assert seen["subject"] is None, "neither the report nor its teller"
    assert BOY not in str(seen.body)

    # The school is told by the same exception, and no other way.
    told = {
        "partner_unit": "school",
        "consent": "not_possible",
        "statutory_basis": "Child protection act, section 4",
        "minimum_dataset": {"need": "Somebody the boy can talk to."},
    }
    path = f"/safeguarding-records/{record['id']}/handovers"
    assert lead.app.post(path, told, expect=409).code == "not_to_be_passed_on"
    why = {"exception": "serious_harm", "exception_reason": "The class teacher sees him every day."}
    lead.app.post(path, {**told, **why})

    # No case was opened about anybody, and what the woman reads is what everybody reads.
    assert person(world, "analyst1.lin").app.get("/referrals").items == []
    assert woman.comes_back()["state"] == "in_progress"


def handed_to_detectives(world: World, concern: str, *, refused: bool = False) -> Answer:
    """The supervisor passes it on to the criminal investigators."""
    body = {"route": "crime", "reason": "Weapons are theirs.", "hand_over": "Criminal investigation"}
    desk = person(world, "supervisor.lin-a").app
    return desk.post(f"/concerns/{concern}/triage", body, expect=409 if refused else None)


def flagged(world: World, concern: str, *, refused: bool = False) -> Answer:
    """The supervisor asks that it enter the chain."""
    body = {
        "kind": "verlt",
        "indicator_list_version": 1,
        "grounds": [
            {
                "indicator": "acquiring_materials",
                "fact": "At night two men carried twelve heavy bags into garage 14.",
            }
        ],
        "alternative_explanation": "They may move house.",
        "necessity": "Nobody can ask them without warning them.",
        "proportionality": "Only what can be seen from the street.",
    }
    desk = person(world, "supervisor.lin-a").app
    return desk.post(f"/concerns/{concern}/flags", body, expect=409 if refused else None)


def changes_her_mind(woman: Caller, *, pass_on: bool) -> Answer:
    """She says by her code whether it may be passed on from now on."""
    return woman.world.anybody().post("/public/permissions", {"code": woman.code, "pass_on": pass_on})
