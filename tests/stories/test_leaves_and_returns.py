"""Somebody leaves and comes back: their work waits for them, and no answer was sent into an empty room.

What an overseer may look for here: nothing of what a colleague once reported is lost or passes to another
name; an answer that can reach nobody is said to be waived, and counted as that; what is owed after the return
is owed again.
"""

from __future__ import annotations

from datetime import timedelta

from tests.api.access.proposal_steps import GOOD, decide, propose, set_password
from tests.api.access.sign_in_steps import App
from tests.stories.vocabulary import FERTILISER, person
from tests.support.app import World
from tests.support.workflow import Police

INGA = "officer1.lin-a"


def open_and_waived(world: World) -> tuple[int, int]:
    """How many answers the team owes, and how many it no longer does."""
    desk = world.client("supervisor.lin-a")
    states = ("open", "waived")
    owed, waived = (len(desk.get(f"/feedback/obligations?state={state}").items) for state in states)
    return owed, waived


def triaged(world: World, report_id: str) -> None:
    told = {"route": "problem", "reason": "For the team's next meeting"}
    world.client("supervisor.lin-a").post(f"/observations/{report_id}/triage", told)


def test_a_colleague_who_leaves_and_returns_finds_their_own_records_and_hears_back_again(
    world: World,
) -> None:
    # Inga reports twice, and her team decides on the first: an answer is owed to her.
    before = person(world, INGA).reports(FERTILISER)
    second = person(world, INGA).reports("A van without plates stood at the school from seven to eight.")
    triaged(world, before["id"])
    assert open_and_waived(world) == (1, 0)

    # She takes a post abroad. The administrator asks, another person decides, and it says what that means.
    left = decide(world, propose(world, "account_disable", {"account": INGA, "reason": "Goes abroad"}))
    assert "erlassen" in left["next_step"], "said in the language of whoever decides"
    assert App(world, INGA).sign_in().code == "login_refused"
    assert open_and_waived(world) == (0, 1)

    # Her second report is decided on while she is away. Nobody has to answer an empty chair, late or not.
    world.later(days=1)
    triaged(world, second["id"])
    assert open_and_waived(world) == (0, 2)
    assert [one["kind"] for one in world.client("supervisor.lin-a").get("/duties").items] == []
    world.later(days=30)
    assert world.client("manager.lin").get("/feedback/obligations?overdue=true").items == []

    # A year later she is back: her account, with its name, is given back to her by two people.
    world.later(days=365)
    back = decide(world, propose(world, "account_enable", {"account": INGA, "reason": "Is back"}))
    assert App(world, INGA).sign_in().code == "login_refused", "the password of before opens nothing"
    set_password(world, back["first_password"]["token"])
    inga = App(world, INGA)
    assert inga.sign_in(GOOD).status == 200

    # What she once reported is hers, and she adds to it.
    assert inga.get(f"/observations/{before['id']}")["facts"] == FERTILISER
    mine = {one["id"] for one in inga.get("/observations").items}
    assert {before["id"], second["id"]} <= mine
    more = {"facts": "I know the driver's name now: it stood on the door."}
    assert inga.send("POST", f"/observations/{second['id']}/supplements", inga.access, more).status == 201

    # What was waived stays so; what is decided now is owed to her, and answered.
    told = {
        "occurred_at": world.clock.now().isoformat(),
        "purpose": "crime_prevention",
        "category": "weapons",
        "facts": FERTILISER,
        "source_relation": "witnessed",
    }
    third = inga.send("POST", "/observations", inga.access, told)
    assert third.status == 201, third.body
    triaged(world, third["id"])
    assert open_and_waived(world) == (1, 2)
    person(world, "supervisor.lin-a").answers("The team spoke to the owner of the garage.")
    assert len(inga.get("/feedback").items) == 1

    # The figures of the year name what was waived, and count none of it as late or as answered.
    shown = world.client("overseer.oversight").get(
        "/oversight/figures", query={"from": (world.clock.now() - timedelta(days=500)).isoformat()}
    )
    (team,) = [one["answers"] for one in shown["units"] if one["unit"] == "lin-a"]
    assert team == {"owed": 3, "waived": 2}


def test_what_was_told_at_the_closing_is_kept_for_the_return(world: World) -> None:
    report = Police(world).observes(INGA)
    triaged(world, report["id"])
    decide(world, propose(world, "account_disable", {"account": INGA}))
    told = {"reason": "solved", "text_for_reporter": "The owner keeps the bags for the allotments."}
    world.client("supervisor.lin-a").post(f"/observations/{report['id']}/closing", told)
    assert open_and_waived(world) == (0, 2)
    back = decide(world, propose(world, "account_enable", {"account": INGA}))
    set_password(world, back["first_password"]["token"])
    inga = App(world, INGA)
    inga.sign_in(GOOD)
    (message,) = inga.get("/feedback").items
    assert inga.get(f"/feedback/{message['id']}")["text"] == told["text_for_reporter"]
