"""Journey 7: a man with a knife leaves for a community centre. Somebody acts at once, and accounts for it.

Open here, and to join when they are built: the call that a member of the public makes (the receipt tells them
whom to call), and handing the danger over to other nations' police.
"""

from tests.stories.vocabulary import person
from tests.support.app import World

KNIFE = (
    "A caller says that a man with a knife has left for the community centre in Mill Lane and will be there "
    "in ten minutes; he named the caretaker."
)


def test_danger_to_life_is_acted_upon_first_and_accounted_for_afterwards(world: World) -> None:
    # An officer without a valid certificate is told of it: an emergency needs neither course nor grade.
    officer = person(world, "officer2.lin-a")
    commander = person(world, "commander.lin")

    report = officer.reports(KNIFE, category="threat_to_people", danger=True)

    # The caller is answered at once: whom to call, and since when somebody is called.
    assert report["if_in_danger"]["number"] == "112"
    assert report["emergency"]["paged_at"] == report["received_at"]

    # The commander is called, and reads what was told.
    (call,) = [one for one in commander.app.get("/duties").items if one["kind"] == "emergency"]
    assert call["subject"]["id"] == report["emergency"]["id"]
    emergency = f"/emergencies/{report['emergency']['id']}"
    told = commander.app.get(f"/observations/{report['id']}", purpose="emergency")
    assert "caretaker" in told["facts"]

    # She acts: the person named is warned, and those who can help are told, police or not.
    commander.app.post(
        f"{emergency}/actions",
        {
            "threat_target": "The caretaker of the community centre",
            "imminence": "Ten minutes",
            "action_taken": "Centre locked, two patrols sent.",
            "told": [
                {"who": "The caretaker", "when": world.clock.now().isoformat()},
                {"who": "Ambulance control", "when": world.clock.now().isoformat()},
            ],
        },
    )
    world.later(minutes=20)
    # Nobody else was woken.
    assert person(world, "commander.nor").app.get("/duties").items == []

    commander.app.post(f"{emergency}/stand-down", {"reason": "The man was stopped without injury."})
    # What was done is accounted for within a day, with grades after the fact.
    (owed,) = [one for one in commander.app.get("/duties").items if one["kind"] == "emergency_justification"]
    assert owed["overdue"] is False
    commander.app.post(
        f"{emergency}/justification",
        {"text": "A named person, minutes away.", "source_grade": "B", "information_grade": "2"},
    )
    world.later(days=2)
    assert person(world, "manager.lin").app.get("/duties").items == []

    # The report has kept its place on the community side, and no case was opened about anybody.
    assert officer.app.get(f"/observations/{report['id']}")["status"] == "received"
    assert person(world, "analyst1.lin").app.get("/referrals").items == []
