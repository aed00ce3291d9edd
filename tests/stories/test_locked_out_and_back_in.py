"""Locked out at night, and back in: a colleague forgets the password, and gets their own records back.

What an overseer may look for here: nobody gets into somebody's account alone. One person asks, another one
decides and hands over a token face to face, and only the colleague knows the new password. A stranger who
guesses at the same time neither gets in nor keeps anybody out.
"""

from __future__ import annotations

from tests.api.access.sign_in_steps import App
from tests.stories.vocabulary import FERTILISER
from tests.support.app import World

INGA = "officer1.lin-a"
NEW = "Seven grey herons, by the weir"


def test_a_colleague_who_forgot_the_password_is_back_among_their_own_records_within_the_night(
    world: World,
) -> None:
    # In the afternoon Inga reports what she saw.
    told = {
        "occurred_at": world.clock.now().isoformat(),
        "purpose": "crime_prevention",
        "category": "weapons",
        "facts": FERTILISER,
        "source_relation": "witnessed",
    }
    report = world.client(INGA).post("/observations", told)
    desk_before = App(world, INGA)
    desk_before.sign_in()

    # At night she does not remember her password. Nobody could tell her: it is stored nowhere.
    assert App(world, INGA).sign_in("Six grey herons, was it?").code == "login_refused"

    # Her supervisor asks for a reset, and cannot decide on it alone.
    supervisor, commander = world.client("supervisor.lin-a"), world.client("commander.lin")
    asked = supervisor.post("/proposals", {"kind": "password_reset", "body": {"account": INGA}})
    word = {"decision": "approved", "reason": "She stands before me"}
    path = f"/proposals/{asked['id']}/decision"
    assert supervisor.post(path, word, expect=403).code == "same_person"

    # The duty commander, who is there at night, finds it among their duties.
    assert asked["id"] in {duty["subject"]["id"] for duty in commander.get("/duties").items}
    assert world.client("dpo.nor").get("/proposals").items, "the data protection officer sees it all the same"
    decided = commander.post(path, word)
    assert "30 minutes" in commander_step(world, decided)

    # Nothing has changed until she uses the token: where she was signed in, she still is.
    assert desk_before.get().status == 200

    # She sets a password that nobody else knows. A weak one is refused, and the token stays good.
    token = decided["first_password"]["token"]
    weak = {"token": token, "password": "officer1 officer1"}
    assert world.anybody().post("/auth/first-password", weak, expect=422).code == "password_weak"
    done = world.anybody().post("/auth/first-password", {"token": token, "password": NEW})

    # Whoever sat at her desk is out, and the token is good for nobody else.
    assert desk_before.get().code == "token_revoked"
    again = {"token": token, "password": "Nine brown otters, in the reed"}
    assert world.anybody().post("/auth/first-password", again, expect=401).code == "first_password_refused"

    # Meanwhile a stranger guesses at her name until no guess counts any more. She gets in all the same.
    stranger = [App(world, INGA).sign_in(f"guess number {number}").status for number in range(21)]
    assert stranger[-1] == 429
    assert App(world, INGA).sign_in(NEW).status == 429
    inga = App(world, INGA, done["device_id"])
    assert inga.sign_in(NEW).status == 200

    # She is the same person as before: her report is hers, and she adds to it.
    assert inga.get(f"/observations/{report['id']}")["facts"] == FERTILISER
    more = {"facts": "The van came back at nine."}
    assert inga.send("POST", f"/observations/{report['id']}/supplements", inga.access, more).status == 201

    # Every step stands in the trail that the independent authority reads.
    events = world.client("overseer.oversight").get("/audit/events", query={"object": asked["id"]}).items
    assert {event["action"] for event in events} >= {"collect", "approve", "denied"}


def commander_step(world: World, decided) -> str:
    """What the commander is told to do next, in a language that this test reads."""
    return str(decided["first_password"]["next_step"]).replace("30 Minuten", "30 minutes")
