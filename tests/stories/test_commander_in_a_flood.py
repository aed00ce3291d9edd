"""A commander in a flood: somebody invents danger by the hundred, and among it people are really in danger.

Nothing that was told is lost or answered otherwise, nobody is woken a hundred times, and the officer on the
street is heard at once.
"""

from tests.stories.vocabulary import person
from tests.support import public
from tests.support.app import Answer, Client, World
from tests.support.workflow import observation

INVENTED = ("violence", "weapons", "threat_to_people", "domestic_abuse", "hate_incident")
FIRE = "My neighbour's flat burns."


def invented(world: World, number: int) -> Answer:
    """One of many reports that are made up."""
    told = public.concern_body(
        category=INVENTED[number % 5], text=f"Invented danger {number}.", immediate_danger=True
    )
    return public.reporter(world).post("concerns", **told)


def test_a_commander_in_a_flood(world: World) -> None:
    commander = person(world, "commander.lin").app
    neighbour_commander = person(world, "commander.bru").app
    officer = person(world, "officer1.lin-a").app

    # Within a minute forty reports of danger come in that somebody has made up.
    answers = [invented(world, number) for number in range(40)]
    # Each is taken and answered as every report is: nobody learns whether it was believed.
    assert all(answer["if_in_danger"]["number"] == "112" for answer in answers)
    assert len({str(sorted(answer.body)) for answer in answers}) == 1

    # The commander owes eleven answers, not forty: ten calls, and one that gathers all the rest.
    calls = [one for one in commander.get("/duties").items if one["kind"] == "emergency"]
    assert len(calls) == 11
    listed = list(commander.pages("/emergencies"))
    assert len(listed) == 40

    # In the middle of it a neighbour tells of a fire. It is in the page that goes out five minutes later.
    burning = public.concern_body(category="violence", text=f"{FIRE}\nQuick!", immediate_danger=True)
    public.reporter(world).post("concerns", **burning)
    # An officer who is in danger is never gathered: that call is out in the same moment.
    told = officer.post("/observations", observation(world, immediate_danger=True))
    assert told["emergency"]["paged_at"] == told["received_at"]

    world.later(minutes=5)
    (flood,) = [one for one in commander.pages("/emergencies") if one["call"]["kind"] == "flood"][:1]
    shown = commander.get(f"/emergencies/{flood['call']['id']}", purpose="emergency")
    lines = {one["first_line"]: one["id"] for one in shown["gathered"]}
    assert FIRE in lines
    # Nobody answered, so the next commander is woken too: as often as there are calls, not reports.
    assert len([one for one in neighbour_commander.get("/duties").items if one["kind"] == "emergency"]) == 12

    # She sends a patrol to the fire, and takes all the others on in one act.
    fire = f"/emergencies/{lines[FIRE]}"
    commander.post(
        f"{fire}/actions",
        {
            "threat_target": "A neighbour",
            "imminence": "Now",
            "action_taken": "Fire brigade sent.",
            "told": [],
        },
    )
    waiting = [one["id"] for one in commander.pages("/emergencies", state="paging")]
    taken = commander.post(
        "/emergencies/acknowledgements", {"emergencies": waiting, "reason": "Looked at one by one from here."}
    )
    assert taken["left_alone"] == []
    pages_before = len(shown["pages"])
    world.later(hours=2)
    shown = commander.get(f"/emergencies/{flood['call']['id']}", purpose="emergency")
    assert len(shown["pages"]) == pages_before

    ends_what_nobody_read(world, commander, waiting)
    commander.post(f"{fire}/stand-down", {"reason": "The fire is out, nobody was hurt."})
    accounts_for_all(world, commander)


def ends_what_nobody_read(world: World, commander: Client, waiting: list[str]) -> None:
    """What she has not opened she cannot end alone: the national commander looks at the first lines."""
    over = commander.post(
        "/emergencies/stand-downs",
        {"emergencies": waiting, "reason": "Made up: all from one hour, all alike."},
    )
    assert over["state"] == "awaiting_second_person"
    nation = person(world, "commander.nor").app
    (asked,) = [one for one in nation.get("/duties").items if one["kind"] == "emergency_stand_down"]
    path = asked["subject"]["href"].removeprefix("/api/v1")
    assert len(nation.get(path, purpose="emergency")["gathered"]) == len(waiting)
    nation.post(f"{path}/approval", {})


def accounts_for_all(world: World, commander: Client) -> None:
    """One account within the day; then nobody owes anything, and no manager hears of a breach."""
    everything = [one["id"] for one in commander.pages("/emergencies")]
    commander.post(
        "/emergencies/justifications",
        {
            "emergencies": everything,
            "reason": "Each was looked at; one was real and the fire brigade was sent.",
            "source_grade": "B",
            "information_grade": "2",
        },
    )
    world.later(days=2)
    assert {one["state"] for one in commander.pages("/emergencies")} == {"stood_down"}
    for who in ("commander.lin", "commander.bru", "commander.nor", "manager.lin"):
        owed = person(world, who).app.get("/duties").items
        assert [one for one in owed if one["kind"].startswith("emergency")] == []
