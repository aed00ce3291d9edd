"""The main job: what an officer saw reaches the national level and comes back as feedback."""

import json

from tests.stories.vocabulary import BEHAVIOUR, FERTILISER, OPEN, log_of, person
from tests.support.app import Answer, World

SANITISED = "A person acquired a fertiliser that can serve as an explosive and spoke of a public building."


def test_what_an_officer_saw_reaches_the_national_level_and_comes_back_as_feedback(world: World) -> None:
    officer = person(world, "officer1.lin-a")
    supervisor_next_door = person(world, "supervisor.lin-b")
    analyst = person(world, "analyst1.lin")
    local, regional, national = (person(world, f"manager.{unit}") for unit in ("lin", "ost", "nor"))

    # An officer reports what was seen. It is an ordinary community report, and it stays one.
    report = officer.reports(FERTILISER)
    assert report["status"] == "received"

    # The trained officer flags it for behaviour; nobody passes anything on alone.
    flag = officer.flags(report)
    assert flag["status"] == "awaiting_second_person"
    assert analyst.app.get("/referrals").items == []

    # A supervisor of another team confirms. Only the reference of a new case comes back.
    decision = supervisor_next_door.confirms(flag)
    assert decision["flag"]["status"] == "confirmed"
    case = analyst.case(decision["referral_reference"])
    assert (case["state"], case["owner"]["post"]) == ("to_assess", "analyst.lin")
    assert officer.app.get(f"/observations/{report['id']}")["status"] == "received"

    # The local unit writes a sanitised report, the region and the national level decide on it in turn.
    the_local_unit_sends_a_report_to_the_region(world, case)
    received = the_region_passes_it_on(world)
    arrived = the_national_level_decides(world)

    # It cannot be closed while the officer waits for an answer; whom it is for stays unknown.
    assert national.does("close", arrived, reason="Done", refused=409).code == "feedback_owed"
    (owed,) = national.owes()
    assert owed["decision"] == {"kind": "decision", "outcome": "investigate"}
    assert "report_reference" not in owed
    assert report["reference"] not in json.dumps(owed)

    # Every level answers for its own decision and closes; each case ends when those below have ended.
    for manager, one in ((national, arrived), (regional, received), (local, case)):
        manager.answers(f"{manager.username} thanks you.")
        manager.does("close", one, reason="Answered")
    person(world, "supervisor.lin-a").answers("Your flag was confirmed.")
    assert {local.app.get(f"/referrals/{case['id']}", purpose="assessment")["state"]} == {"closed"}

    # The officer has heard back four times, about the own report and nothing else.
    inbox = officer.inbox()
    assert [message["report_reference"] for message in inbox] == [report["reference"]] * 4
    assert "B2" not in json.dumps([message.body for message in inbox])
    officer.app.post(f"/feedback/{inbox[0]['id']}/acknowledgement", {"rating": 5})

    # Oversight can follow every act by ids and codes alone.
    assert "collect" in log_of(world, report["id"])
    assert "approve" in log_of(world, flag["id"])
    assert "disclose" in log_of(world, case["id"])


def the_local_unit_sends_a_report_to_the_region(world: World, case: Answer) -> None:
    analyst, other_analyst = person(world, "analyst1.lin"), person(world, "analyst2.lin")
    analyst.assesses(case)
    analyst.grades(case, source="B", information="2")
    analyst.sanitises(case, SANITISED)
    # Who wrote the text is no judge of what it gives away.
    assert "approve_sanitised" not in analyst.may(case)
    analyst.does("approve_sanitised", case, decision="approved", reason="Mine is good", refused=403)
    other_analyst.does("approve_sanitised", case, decision="approved", reason="Nothing leads to the source.")
    person(world, "manager.lin").decides(case, "escalate")
    person(world, "manager.lin").sends(case, "ost")


def the_region_passes_it_on(world: World) -> Answer:
    received = person(world, "analyst1.ost").case()
    # It shows the sanitised report and nothing of where it came from.
    assert received["report"]["text"] == SANITISED
    assert received["content"] is None
    person(world, "analyst1.ost").does("acknowledge", received)
    person(world, "manager.ost").decides(received, "escalate")
    person(world, "manager.ost").sends(received, "nor")
    return received


def the_national_level_decides(world: World) -> Answer:
    arrived = person(world, "analyst1.nor").case()
    person(world, "analyst1.nor").does("acknowledge", arrived)
    person(world, "manager.nor").decides(arrived, "investigate")
    return arrived


def test_nobody_above_or_beside_sees_what_a_community_report_says(world: World) -> None:
    officer = person(world, "officer1.lin-a")
    report = officer.reports(FERTILISER)
    person(world, "supervisor.lin-b").confirms(officer.flags(report))
    for stranger in ("analyst1.lin", "manager.lin", "analyst1.ost", "manager.nor", "registrar.lin"):
        answer = person(world, stranger).app.call(
            "GET", f"/observations/{report['id']}", purpose="assessment"
        )
        assert answer.status in {403, 404}, stranger
        assert FERTILISER not in json.dumps(answer.body)
    neighbour = person(world, "officer2.lin-a").app.call("GET", f"/observations/{report['id']}")
    assert neighbour.status == 404


def test_the_flag_names_behaviour_that_is_on_the_list_of_the_day(world: World) -> None:
    listed = person(world, "officer1.lin-a").app.get("/indicators")
    codes = {one["code"]: one for one in listed["indicators"]}
    assert codes[BEHAVIOUR]["innocent_when"]
    assert not {one["code"] for one in listed["non_indicators"]} & set(codes)


def test_what_the_story_leaves_open_is_said() -> None:
    assert all(OPEN[story] for story in ("main job", "journey 2", "journey 3"))
