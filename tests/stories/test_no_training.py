"""Journey 8: the certificate expired yesterday. What was seen is not lost: somebody trained looks at it."""

from datetime import timedelta

from tests.stories.vocabulary import FERTILISER, person
from tests.support.app import World


def test_an_officer_without_a_valid_certificate_reports_and_a_trained_supervisor_flags(world: World) -> None:
    untrained = person(world, "officer2.lin-a")
    supervisor = person(world, "supervisor.lin-a")
    assert [one["valid"] for one in untrained.app.get("/me")["certificates"]] == [False]

    # The report is taken like any other.
    report = untrained.reports(FERTILISER)

    # The flag is not: the officer is told so, and who has been asked to look.
    refusal = untrained.flags(report, refused=403)
    assert refusal.code == "training_required"
    assert refusal["asked"] == "supervisor.lin-a"

    # The report is kept, and waits on the desk of the supervisors.
    assert untrained.app.get(f"/observations/{report['id']}")["status"] == "received"
    (duty,) = [one for one in supervisor.app.get("/duties").items if one["kind"] == "training_required"]
    assert duty["subject"]["id"] == report["id"]

    # Asking again does not pile up work.
    untrained.flags(report, refused=403)
    assert (
        len([one for one in supervisor.app.get("/duties").items if one["kind"] == "training_required"]) == 1
    )

    # A certified supervisor may raise the flag; another team's supervisor is the second person.
    flag = supervisor.flags(report)
    person(world, "supervisor.lin-b").confirms(flag)

    # Whoever reported hears back about what was decided on it, certificate or not.
    case = person(world, "analyst1.lin").case()
    person(world, "analyst1.lin").does(
        "assess",
        case,
        outcome="no_further_action",
        summary="The seller confirms a market garden.",
        factors=[{"code": "status", "not_known": True}],
        protective_factors="Runs a business",
        plan="None needed",
        ideology="none_identified",
    )
    person(world, "manager.lin").answers(
        "We looked into it; there is an ordinary explanation.", "no_further_action"
    )
    assert [message["outcome"] for message in untrained.inbox()] == ["no_further_action"]


def test_a_renewed_certificate_does_not_date_back(world: World) -> None:
    untrained = person(world, "officer2.lin-a")
    report = untrained.reports(FERTILISER)
    assert untrained.flags(report, refused=403).code == "training_required"

    # The officer passes the course again two days later; the trainer issues the certificate from that day.
    world.later(days=2)
    passed = world.clock.now()
    renewal = {
        "account": "officer2.lin-a",
        "course": "verlt",
        "passed_at": passed.isoformat(),
        "expires_at": (passed + timedelta(days=365)).isoformat(),
    }
    world.client("trainer.nor").post("/certificates", renewal, expect=201)

    # What counts is the day on which the flag arrives: the report of before may be flagged from now on, and
    # nobody else need look at it.
    flag = untrained.flags(report)
    assert flag["raised_at"] >= passed.isoformat()[:19]
    waiting = person(world, "supervisor.lin-a").app.get("/duties").items
    assert "training_required" not in {one["kind"] for one in waiting}


def test_danger_asks_for_no_certificate(world: World) -> None:
    report = person(world, "officer2.lin-a").reports(FERTILISER, danger=True)
    (call,) = [
        one for one in person(world, "commander.lin").app.get("/duties").items if one["kind"] == "emergency"
    ]
    assert call["subject"]["id"] == report["emergency"]["id"]
