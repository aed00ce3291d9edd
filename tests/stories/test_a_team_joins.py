"""A whole team joins on one day: one proposal, one decision, and a token for each face.

What an overseer may look for here: nobody makes twelve accounts alone, and a list with one wrong line makes
none; an account that nobody has entered yet is seen as such; no token is ever shown to whoever asked for it.
"""

from __future__ import annotations

from tests.api.access.proposal_steps import GOOD, decide, propose, set_password
from tests.api.access.sign_in_steps import App
from tests.stories.vocabulary import FERTILISER
from tests.support.app import World

NAMES = ("Aja Lind", "Bo Moe", "Cyr Nes", "Dag Ness", "Eli Ode", "Fia Rød")
LEAD = "aja.lind"


def username(name: str) -> str:
    return name.casefold().replace(" ", ".").replace("ø", "o")


def rows() -> list[dict]:
    roles = ["supervisor", *["officer"] * (len(NAMES) - 1)]
    return [
        {"username": username(name), "name": name, "role": role, "unit": "lin-b", "language": "de"}
        for name, role in zip(NAMES, roles, strict=True)
    ]


def waiting(world: World) -> set[str]:
    """Whose account nobody has entered yet, as the data protection officer sees it."""
    found = world.client("dpo.nor").get("/accounts?state=awaiting_password&unit=lin-b")
    return {one["username"] for one in found.items}


def comes_in(world: World, name: str) -> App:
    """On their first day: an administrator asks, one near them decides and hands the token over."""
    asked = propose(world, "password_reset", {"account": name, "reason": "First day"})
    assert "first_password" not in asked
    decided = decide(world, asked, by="commander.lin")
    assert decided["first_password"]["next_step"]
    set_password(world, decided["first_password"]["token"])
    app = App(world, name)
    assert app.sign_in(GOOD).status == 200
    return app


def test_a_team_is_proposed_as_one_decided_as_one_and_enters_one_by_one(world: World) -> None:
    # One line of the list is wrong: its line and field are named, and nothing waits for a decision.
    wrong = rows()
    wrong[2]["unit"] = "lin-z"
    refused = propose(world, "accounts_import", {"accounts": wrong}, expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [
        ("/body/accounts/2/unit", "not_a_reference")
    ]
    assert world.client("admin1.nor").get("/proposals").items == []

    # Mended, it waits for another person; until then nobody is there.
    asked = propose(world, "accounts_import", {"accounts": rows(), "reason": "The new team of the harbour"})
    decide(world, asked, by="admin1.nor", expect=403)
    assert waiting(world) == set()

    # The officer wants a word first, and refuses: nothing was made, and it may be asked again.
    decide(world, asked, "refused")
    assert waiting(world) == set()
    decided = decide(world, propose(world, "accounts_import", {"accounts": rows()}))
    assert decided["first_password"] is None
    assert waiting(world) == {one["username"] for one in rows()}

    # Nobody enters such an account by guessing: it has no password.
    assert App(world, LEAD).sign_in("").status in {401, 422}
    assert App(world, LEAD).sign_in(GOOD).code == "login_refused"

    # The new supervisor comes first, and lets her own people in.
    lead = comes_in(world, LEAD)
    for name in (username(one) for one in NAMES[1:]):
        asked = lead.send(
            "POST", "/proposals", lead.access, {"kind": "password_reset", "body": {"account": name}}
        )
        assert asked.status == 201, asked.body
        decided = decide(world, asked, by="commander.lin")
        set_password(world, decided["first_password"]["token"])
    assert waiting(world) == set()

    # Each of them signs in as themselves, holds the post and works.
    for name, line in zip(NAMES, rows(), strict=True):
        app = App(world, line["username"])
        assert app.sign_in(GOOD).status == 200
        me = app.get("/me")
        assert (me["name"], me["language"]) == (name, "de")
        assert me["posts"] == [f"{line['role']}.lin-b"]
        told = {
            "occurred_at": world.clock.now().isoformat(),
            "purpose": "crime_prevention",
            "category": "weapons",
            "facts": FERTILISER,
            "source_relation": "witnessed",
        }
        assert app.send("POST", "/observations", app.access, told).status == 201
    assert len(lead.get("/triage").items) == len(NAMES)

    # Each account stands in the trail by itself, under the name of whoever decided.
    trail = world.client("overseer.oversight").get("/audit/events", query={"kind": "account", "limit": 200})
    decider = str(world.actor("dpo.nor").account_id)
    made = [one for one in trail.items if (one["action"], one["actor"]) == ("config", decider)]
    assert len(made) == len(NAMES)
