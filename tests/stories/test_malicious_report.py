"""Journey 2: a tenant in a quarrel about rent says four times that a neighbour makes bombs.

Nothing is found. It is graded for what it is, nothing is held against the neighbour, and whoever told it
reads the same neutral words as anybody. Open here: ``OPEN["journey 2"]``.
"""

import json

from tests.stories.vocabulary import TOWN_HALL, Caller, caller, person
from tests.support.app import Answer, World

BOMBS = [
    "My neighbour makes bombs. I saw him carry bottles and wires to the cellar on Monday at nine.",
    "The man on the second floor makes bombs in the cellar of our house.",
    "He makes bombs, I tell you, and he has friends who come at night.",
    "Why does nobody come? He makes bombs in the cellar.",
]
NOTHING_FOUND = (
    "Checks of the cellar, the shop and the register found home-made wine and a quarrel about rent."
)


def four_concerns(world: World) -> list[Caller]:
    """Four visits of the public page, each with a code of its own; the words differ, the story does not."""
    told = []
    for text in BOMBS:
        who = caller(world)
        who.tells(text, "weapons", occurred_on=world.clock.now().date().isoformat())
        told.append(who)
    return told


def test_a_malicious_report_is_graded_as_one_and_harms_nobody(world: World) -> None:
    callers = four_concerns(world)
    supervisor = person(world, "supervisor.lin-a")

    # The desk sees four concerns that tell of one matter, and joins them.
    waiting = [one for one in supervisor.app.get("/triage").items if one["kind"] == "concern"]
    first, *others = waiting
    assert {one["id"] for one in first["duplicates"]} == {one["id"] for one in others}
    for other in others:
        supervisor.links(("concern", first["id"]), ("concern", other["id"]), "The same cellar, the same man.")

    # The supervisor asks the question once; a supervisor of another team agrees that it must be asked.
    flag = flagged_once(world, first["id"])
    decision = person(world, "supervisor.lin-b").confirms(flag)
    case = person(world, "analyst1.lin").case(decision["referral_reference"])

    checks_find_nothing(world, case)

    # The source cannot be judged, nothing bears it out, and malice is suspected beside the grade.
    seen = person(world, "manager.lin").app.get(f"/referrals/{case['id']}", purpose="assessment")
    assert {grade["code"] for grade in seen["grades"]} == {"X", "4"}
    (graded,) = [one["fields"] for one in seen["written"] if one["action"] == "evaluate"]
    assert graded["malicious_suspected"] is True
    # The neighbour is suspected of nothing.
    assert [one["category"] for one in seen["content"]["subjects"]] == ["not_yet_categorised"]
    # The matter ends here: no other unit ever had it.
    assert seen["phase"] == "ended"
    assert person(world, "analyst1.ost").app.get("/referrals").items == []

    the_callers_read_neutral_words(world, callers, [one["id"] for one in waiting])


def flagged_once(world: World, concern: str) -> Answer:
    app = person(world, "supervisor.lin-a").app
    body = {
        "kind": "verlt",
        "indicator_list_version": app.get("/indicators")["version"],
        "grounds": [{"indicator": "acquiring_materials", "fact": BOMBS[0]}],
        "alternative_explanation": "He may make wine; the house is in a quarrel about rent.",
        "necessity": "If it were true, the house is in danger.",
        "proportionality": "One look at the cellar, nobody else is asked.",
        "subjects": [{"label": "The neighbour", "category": "not_yet_categorised", "age": "adult"}],
    }
    return app.post(f"/concerns/{concern}/flags", body)


def checks_find_nothing(world: World, case: Answer) -> None:
    analyst, other_analyst = person(world, "analyst1.lin"), person(world, "analyst2.lin")
    manager = person(world, "manager.lin")
    analyst.assesses(case)
    analyst.does(
        "evaluate",
        case,
        scheme="4x4",
        source_grade="X",
        source_reason="Nobody knows who told it.",
        information_grade="4",
        information_reason=NOTHING_FOUND,
        malicious_suspected=True,
    )
    analyst.sanitises(case, "A report of explosives in a cellar was checked and nothing was found.")
    other_analyst.does("approve_sanitised", case, decision="approved", reason="It names nobody.")
    manager.decides(case, "no_further_action")
    # What came by the public page is answered by its calendar: the chain owes its reporter nothing.
    assert [one for one in manager.owes() if one["audience"] == "public"] == []
    manager.answers("Nothing was found.", "no_further_action")
    manager.does("close", case, reason="Checked, nothing found.")


def the_callers_read_neutral_words(world: World, callers: list[Caller], concerns: list[str]) -> None:
    """The desk answers as it answers everybody; nothing tells that anything was suspected of anybody."""
    supervisor, second = person(world, "supervisor.lin-a"), person(world, "supervisor2.lin-a")
    for concern in concerns:
        supervisor.triages("concern", concern, "problem", "A quarrel in the house: the mediator is asked.")
        done = supervisor.closes(
            "concern", concern, "cannot_act", "Thank you. We have looked at what you told us."
        )
        second.app.post(f"/concerns/{concern}/replies/{done['reply_id']}/approval", {})
    for who in callers:
        read = who.comes_back()
        assert read["state"] == "closed"
        said = json.dumps(read.body)
        assert not [word for word in ("malicious", "flag", "intelligence", "referral") if word in said]


def test_one_hand_that_tells_again_and_again_is_slowed_down_but_danger_is_heard(world: World) -> None:
    def tells(danger: bool) -> int:
        body = {
            "code": caller(world).code,
            "category": "weapons",
            "text": BOMBS[1],
            "place": TOWN_HALL,
            "immediate_danger": danger,
        }
        told = {"REMOTE_ADDR": "198.51.100.7"}
        return world.http.post("/api/v1/public/concerns", json=body, environ_overrides=told).status_code

    # Twenty in ten minutes are taken from one address, then it has to wait.
    assert [tells(danger=False) for _ in range(21)] == [201] * 20 + [429]
    # Whoever is in danger is heard all the same, and somebody is called.
    assert tells(danger=True) == 201
    assert len(person(world, "commander.lin").app.get("/emergencies").items) == 1
