"""Journey 1: three people tell of one leaflet. The desk sees that, and each of them hears back alone."""

import json

from tests.stories.vocabulary import (
    TOWN_HALL,
    Caller,
    Person,
    caller,
    log_of,
    newest_concern,
    person,
)
from tests.support.app import Answer, World

LEAFLET = (
    "At 18:10 a leaflet lay in front of the town hall: it gives the hour of Friday's council meeting and "
    "says that the councillors must burn."
)
SHOPKEEPER = "Somebody put leaflets under my door: on Friday the councillors shall burn."
COLLEAGUE = (
    "Found a second copy of a leaflet at the bus stop by the town hall; it calls for a fire on Friday."
)
CALL_TO_VIOLENCE = "incitement_to_violence"
SANITISED = "Leaflets call for violence against a public building on a named day; two sources say so."


def three_reports(world: World) -> tuple[Answer, Answer, Caller]:
    """Within three hours: an officer, a shopkeeper on the public page, and another officer."""
    first = person(world, "officer1.lin-a").reports(LEAFLET, category="threat_to_people", place=TOWN_HALL)
    world.later(hours=1)
    shopkeeper = caller(world)
    shopkeeper.tells(SHOPKEEPER, "threat_to_people", occurred_on=world.clock.now().date().isoformat())
    world.later(hours=2)
    second = person(world, "officer2.lin-a").reports(COLLEAGUE, category="threat_to_people", place=TOWN_HALL)
    return first, second, shopkeeper


def test_three_reports_of_one_leaflet_become_one_matter_and_three_answers(world: World) -> None:
    first, second, shopkeeper = three_reports(world)
    supervisor = person(world, "supervisor.lin-a")
    concern = newest_concern(supervisor)

    # The desk is offered the other two as likely duplicates, and says that they belong together.
    assert supervisor.likely_the_same_as(first) == {second["id"], concern}
    leaflet = ("observation", first["id"])
    supervisor.links(leaflet, ("observation", second["id"]), "The same words, the same paper.")
    link = supervisor.links(leaflet, ("concern", concern), "The same words, the same Friday.")
    assert supervisor.likely_the_same_as(first) == set()
    # Joining what people told is logged as what it is.
    assert "combine" in log_of(world, link["id"])

    # One flag for the whole matter, and one case.
    decision = person(world, "supervisor.lin-b").confirms(flagged(world, first))
    case = person(world, "analyst1.lin").case(decision["referral_reference"])
    one_report_is_written_corroborated(world, case)

    # Each of the three is owed an answer of their own, and gets it.
    each_is_answered(world, supervisor, first, second, concern)
    for officer, report in (("officer1.lin-a", first), ("officer2.lin-a", second)):
        inbox = person(world, officer).inbox()
        assert {message["report_reference"] for message in inbox} == {report["reference"]}
    assert shopkeeper.comes_back()["state"] == "answered"
    nobody_learns_of_the_others(world, first, second, shopkeeper)


def flagged(world: World, report: Answer) -> Answer:
    """The trained officer flags what was announced."""
    return person(world, "officer1.lin-a").flags(report, (CALL_TO_VIOLENCE, LEAFLET))


def one_report_is_written_corroborated(world: World, case: Answer) -> None:
    analyst = person(world, "analyst1.lin")
    analyst.assesses(case)
    # Not known to the source in person, and borne out by other information.
    analyst.grades(case, source="B", information="3")
    analyst.sanitises(case, SANITISED)
    person(world, "analyst2.lin").does("approve_sanitised", case, decision="approved", reason="No source.")
    (report,) = analyst.app.get("/intelligence-reports").items
    assert {(grade["scheme"], grade["code"]) for grade in report["grades"]} == {("4x4", "B"), ("4x4", "3")}
    person(world, "manager.lin").decides(case, "investigate")
    person(world, "manager.lin").answers("Your report is looked into.", "acted_on")


def each_is_answered(world: World, supervisor: Person, first: Answer, second: Answer, concern: str) -> None:
    for kind, report_id in (
        ("observation", first["id"]),
        ("observation", second["id"]),
        ("concern", concern),
    ):
        supervisor.triages(kind, report_id, "problem", "The council and the police look after Friday.")
    owed = [one for one in supervisor.owes() if one["decision"]["kind"] == "triage"]
    assert {one["report_reference"] for one in owed} == {first["reference"], second["reference"]}
    supervisor.answers("We have spoken with the council; patrols come by on Friday.", "acted_on")
    reply = supervisor.app.post(
        f"/concerns/{concern}/replies",
        {"text": "Thank you. We are looking after it.", "language": "en", "kind": "answer"},
    )
    second_reader = person(world, "supervisor2.lin-a")
    second_reader.app.post(f"/concerns/{concern}/replies/{reply['id']}/approval", {})


def nobody_learns_of_the_others(world: World, first: Answer, second: Answer, shopkeeper: Caller) -> None:
    """Not from the inbox, not from the own report, not by the code."""
    read = {
        "officer1.lin-a": (first, (second["reference"], second["id"], COLLEAGUE, SHOPKEEPER)),
        "officer2.lin-a": (second, (first["reference"], first["id"], LEAFLET, SHOPKEEPER)),
    }
    for officer, (own, others) in read.items():
        them = person(world, officer)
        seen = json.dumps(
            [them.app.get(f"/observations/{own['id']}").body, [message.body for message in them.inbox()]]
        )
        assert not [other for other in others if other in seen]
    seen = json.dumps(shopkeeper.comes_back().body)
    assert not [other for other in (first["reference"], second["reference"], "link") if other in seen]


def test_a_link_that_was_wrong_is_taken_back(world: World) -> None:
    first, second, _shopkeeper = three_reports(world)
    supervisor = person(world, "supervisor.lin-a")
    link = supervisor.links(("observation", first["id"]), ("observation", second["id"]), "The same words.")
    assert second["id"] not in supervisor.likely_the_same_as(first)
    supervisor.app.call("DELETE", f"/links/{link['id']}")
    # They are offered again, as if nobody had ever joined them; the log keeps both acts.
    assert second["id"] in supervisor.likely_the_same_as(first)
    assert log_of(world, link["id"]) == ["combine", "combine"]
