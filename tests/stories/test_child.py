"""Journey 3: a pupil of thirteen quotes a video that praises an attack. Help comes first.

Open here: ``OPEN["journey 3"]``.
"""

import json

from tests.stories.vocabulary import person
from tests.support.app import Answer, World

VIDEO = (
    "In the break at 10:20 the pupil quoted a video that praises a mass attack and said that somebody should "
    "do that here; he drew the school hall with its doors."
)
MINIMUM = {
    "person": "The class teacher knows who it is.",
    "need": "He sleeps badly and has nobody to talk to since he moved here.",
    "safety": "He should not be alone at home this week.",
}
PUPIL = {"label": "The pupil", "category": "not_yet_categorised", "age": "child"}


def test_a_child_is_helped_the_same_day_and_flagged_only_with_the_leads_word(world: World) -> None:
    officer = person(world, "officer1.lin-a")
    supervisor, lead = person(world, "supervisor.lin-a"), person(world, "safeguarding.lin")
    report = officer.reports(VIDEO, category="child_at_risk")

    # The desk sends it to safeguarding, and somebody has to look the same day.
    supervisor.triages("observation", report["id"], "safeguarding", "A child that needs help.")
    (record,) = lead.app.get("/safeguarding-records").items
    assert record["child"] is True
    (duty,) = [one for one in lead.app.get("/duties").items if one["subject"]["id"] == record["id"]]
    assert duty["due_at"][:10] == world.clock.now().date().isoformat()
    help_is_on_its_way(world, record["id"])

    # The officer also asks whether there is more to it. Nobody decides that before the lead has spoken.
    flag = officer.flags(report, ("urging_imitation", VIDEO), subjects=[PUPIL])
    assert flag["status"] == "awaiting_cosign"
    decision = {
        "decision": "confirmed",
        "reason": "Words and a plan of the hall.",
        "stands_without_protected_ground": "yes",
    }
    second = person(world, "supervisor.lin-b").app
    assert second.post(f"/flags/{flag['id']}/decision", decision, expect=409).code == "cosign_required"
    lead.app.post(
        f"/flags/{flag['id']}/cosign",
        {
            "decision": "agreed",
            "best_interests": "Help goes on as agreed; nobody questions him at school.",
            "guardian_told": "yes",
        },
    )
    decided = second.post(f"/flags/{flag['id']}/decision", decision)
    case = person(world, "analyst1.lin").case(decided["referral_reference"])

    the_two_sides_do_not_mix(world, case, record["id"])
    # What concerns a child is kept for less time than what concerns an adult.
    assert case["retention"]["class"].endswith("child")
    assert (
        "child"
        in lead.app.get(f"/safeguarding-records/{record['id']}", purpose="safeguarding")["retention"]["class"]
    )


def help_is_on_its_way(world: World, record: str) -> None:
    """The school gets what it needs in order to help, and says what it did."""
    lead, school = person(world, "safeguarding.lin"), person(world, "partner.school")
    lead.app.post(
        f"/safeguarding-records/{record}/handovers",
        {"partner_unit": "school", "consent": "given", "minimum_dataset": MINIMUM},
    )
    (given,) = school.app.get("/handovers").items
    read = school.app.get(f"/safeguarding-records/{record}")
    assert MINIMUM["need"] in json.dumps(read.body)
    assert VIDEO not in json.dumps(read.body)
    school.app.post(
        f"/handovers/{given['id']}/answer",
        {"answer": "accepted", "text": "The school's counsellor meets him today."},
    )


def the_two_sides_do_not_mix(world: World, case: Answer, record: str) -> None:
    """Those who help read no flag and no grade; those who assess read nothing of the help."""
    seen = json.dumps(case.body)
    assert record not in seen
    assert MINIMUM["need"] not in seen
    path = f"/safeguarding-records/{record}"
    assert person(world, "analyst1.lin").app.call("GET", path, purpose="assessment").status in {403, 404}
    # The manager sees that there is a record, and no more of it.
    stub = person(world, "manager.lin").app.get(path, purpose="assessment")
    assert {"need", "safety"} & set(stub.body) == set()
    assert MINIMUM["need"] not in json.dumps(stub.body)
    school = person(world, "partner.school").app
    for path in ("/flags", "/referrals", f"/referrals/{case['id']}"):
        assert school.call("GET", path).status in {403, 404}, path
