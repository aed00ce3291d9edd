"""Leaving and coming back, many new people at once, and absences that act at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import Account, RoleGrant
from community_api.units.directory import tree
from tests.api.access.proposal_steps import (
    GOOD,
    NEW,
    decide,
    made,
    me,
    posts_of,
    propose,
    roles_of,
    set_password,
    sign_in,
)
from tests.support.workflow import Police

OFFICER = "officer1.lin-a"


def serves_too(world, username: str) -> None:
    """A certified officer of another team serves in lin-a as well."""
    with world.uow() as tx:
        team = tree(tx).named("lin-a")
        assert team is not None
        account_id = tx.first(select(Account.id).where(Account.username == username))
        tx.add(
            RoleGrant(
                id=uuid4(), account_id=account_id, role="officer", unit_id=team.id, since=tx.now, until=None,
                with_account=False,
            )
        )  # fmt: skip


def closed(world, who: str) -> None:
    decide(world, propose(world, "account_disable", {"account": who}))


def enabled(world, who: str) -> str:
    return str(decide(world, propose(world, "account_enable", {"account": who}))["first_password"]["token"])


def away(world, *, by: str = OFFICER, days: int = 7, **values):
    until = (world.clock.now() + timedelta(days=days)).isoformat()
    return propose(world, "absence", {"until": until, **values}, by=by)


def team_of(count: int, **changed) -> list[dict]:
    row = {"role": "officer", "unit": "lin-b"}
    return [{"username": f"n{i}.lin-b", "name": f"New Colleague {i}", **row, **changed} for i in range(count)]


def test_who_comes_back_has_the_same_name_roles_posts_and_records(world):
    set_password(world, made(world))
    before = me(world, sign_in(world))
    closed(world, NEW["username"])
    set_password(world, enabled(world, NEW["username"]))
    after = me(world, sign_in(world))
    assert (after["id"], after["roles"], after["posts"]) == (before["id"], before["roles"], before["posts"])


def test_the_reports_of_a_returner_are_their_own_again(world):
    report = Police(world).observes(OFFICER)
    closed(world, OFFICER)
    set_password(world, enabled(world, OFFICER))
    signed_in = world.anybody().post("/auth/login", {"username": OFFICER, "password": GOOD}, expect=200)
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    world.anybody().get(f"/observations/{report['id']}", headers=headers, expect=200)


def test_a_password_of_before_opens_nothing_after_the_return(world):
    set_password(world, made(world))
    closed(world, NEW["username"])
    enabled(world, NEW["username"])
    assert sign_in(world, expect=401).code == "login_refused"


def test_a_role_for_a_time_does_not_come_back(world):
    until = (world.clock.now() + timedelta(days=9)).isoformat()
    role = {"account": OFFICER, "role": "supervisor", "unit": "lin-a", "until": until}
    decide(world, propose(world, "grant", role))
    closed(world, OFFICER)
    set_password(world, enabled(world, OFFICER))
    signed_in = world.anybody().post("/auth/login", {"username": OFFICER, "password": GOOD}, expect=200)
    assert [one["role"] for one in me(world, signed_in)["roles"]] == ["officer"]


def test_only_a_closed_account_is_given_back(world):
    refused = propose(world, "account_enable", {"account": OFFICER}, expect=422)
    assert refused.body["errors"][0]["code"] == "already_so"
    propose(world, "account_enable", {"account": "nobody.lin-a"}, expect=422)


def test_the_name_of_a_closed_account_goes_to_nobody_else(world):
    made(world)
    closed(world, NEW["username"])
    propose(world, "account_create", {**NEW, "name": "Somebody Else"}, expect=409)
    rows = [{**team_of(1)[0], "username": NEW["username"]}]
    refused = propose(world, "accounts_import", {"accounts": rows}, expect=422)
    assert refused.body["errors"][0]["code"] == "username_taken"


def test_answers_owed_to_a_leaver_are_waived_and_named_in_the_figures(world):
    police = Police(world)
    flag = police.raises_flag(police.observes(OFFICER)["id"], OFFICER)
    police.decides_flag(flag["id"])
    owed = world.client("supervisor.lin-a").get("/feedback/obligations?state=open").items
    assert owed != []
    closed(world, OFFICER)
    world.clock.advance(timedelta(seconds=1))
    supervisor = world.client("supervisor.lin-a")
    assert supervisor.get("/feedback/obligations?state=open").items == []
    assert len(supervisor.get("/feedback/obligations?state=waived").items) == len(owed)
    assert [one for one in supervisor.get("/duties").items if one["kind"] == "feedback"] == []
    # A small team is in no figure, and a day counts when it is over.
    for username in ("officer1.lin-b", "officer1.bru-a", "officer1.hav-a"):
        serves_too(world, username)
    world.clock.advance(timedelta(days=1))
    figures = world.client("dpo.nor").get("/feedback/metrics").items
    assert sum(one["waived"] for one in figures) == len(owed)


def test_forty_accounts_are_made_by_one_decision_and_wait_for_passwords(world):
    proposal = propose(world, "accounts_import", {"accounts": team_of(40)})
    assert world.client("dpo.nor").get("/accounts?state=awaiting_password").items == []
    decided = decide(world, proposal)
    assert decided["first_password"] is None
    page = world.client("dpo.nor").get("/accounts?state=awaiting_password&unit=lin-b")
    assert len(page.items) == 40
    # Whose account it is gets a token when they are there: the same account proposed by itself.
    set_password(world, made(world, username="n3.lin-b", name="New Colleague 3", unit="lin-b"))
    assert me(world, sign_in(world, "n3.lin-b"))["posts"] == ["officer.lin-b"]


def test_one_bad_row_refuses_all_and_every_bad_row_is_named(world):
    rows = team_of(6)
    rows[1]["username"] = "n0.lin-b"
    rows[2]["username"] = "officer1.lin-b"
    rows[3]["unit"] = "nowhere"
    rows[4]["role"] = "partner"
    refused = propose(world, "accounts_import", {"accounts": rows}, expect=422)
    found = {(one["pointer"], one["code"]) for one in refused.body["errors"]}
    assert found == {
        ("/body/accounts/1/username", "given_twice"),
        ("/body/accounts/2/username", "username_taken"),
        ("/body/accounts/3/unit", "not_a_reference"),
        ("/body/accounts/4/role", "not_of_this_level"),
    }


def test_nobody_imports_oversight(world):
    rows = team_of(2, role="oversight", unit="oversight")
    propose(world, "accounts_import", {"accounts": rows}, expect=403)


def test_the_register_shows_name_roles_unit_and_state_and_not_oversight(world):
    closed(world, "officer2.lin-a")
    listed = {one["username"]: one for one in world.client("admin1.nor").get("/accounts?limit=200").items}
    one = listed[OFFICER]
    assert (one["roles"], one["unit"], one["state"]) == (
        [{"role": "officer", "unit": "lin-a"}],
        "lin-a",
        "active",
    )
    assert one["name"]
    assert (listed["officer2.lin-a"]["state"], listed["officer2.lin-a"]["roles"]) == ("closed", [])
    assert "overseer.oversight" not in listed
    world.client("supervisor.lin-a").get("/accounts", expect=403)


def test_an_absence_holds_when_it_is_proposed_and_ends_when_it_is_refused(world):
    asked = away(world)
    assert posts_of(world, OFFICER) == []
    decide(world, asked, "refused", by="commander.lin")
    assert posts_of(world, OFFICER) == ["officer.lin-a"]


def test_an_absence_to_come_that_is_refused_never_begins(world):
    begins = (world.clock.now() + timedelta(days=2)).isoformat()
    asked = away(world, **{"from": begins})
    decide(world, asked, "refused", by="commander.lin")
    for _day in range(9):
        assert posts_of(world, OFFICER) == ["officer.lin-a"]
        world.clock.advance(timedelta(days=1))


def test_an_absence_with_a_deputy_waits_for_the_decision(world):
    asked = away(world, deputy="officer2.lin-a", by="supervisor.lin-a")
    assert posts_of(world, "supervisor.lin-a") == ["supervisor.lin-a"]
    decide(world, asked, by="commander.lin")
    assert "supervisor.lin-a" in roles_of(world, "officer2.lin-a")


@pytest.mark.parametrize("who", ["supervisor.lin-a", "supervisor.lin-b", "commander.lin", "manager.lin"])
def test_an_absence_is_decided_near_the_person(world, who):
    asked = away(world)
    world.client(who).get(f"/proposals/{asked['id']}", expect=200)
    found = [one for one in world.client(who).get("/duties").items if one["kind"] == "proposal_decide"]
    assert [one["subject"]["id"] for one in found] == [asked["id"]]
    decide(world, asked, by=who)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (OFFICER, 403),
        ("officer2.lin-a", 404),
        ("supervisor.bru-a", 404),
        ("manager.ost", 404),
        ("supervisor.nor", 404),
        ("commander.nor", 404),
        ("analyst1.lin", 404),
        ("dpo.nor", 403),
    ],
)
def test_nobody_else_decides_it(world, who, status):
    decide(world, away(world), by=who, expect=status)


def test_a_supervisor_asks_for_their_people_and_another_confirms(world):
    asked = away(world, by="supervisor.lin-a", account=OFFICER)
    assert decide(world, asked, by="supervisor.lin-a", expect=403).code == "same_person"
    decide(world, asked, by="supervisor2.lin-a")
    until = (world.clock.now() + timedelta(days=2)).isoformat()
    told = {"account": "officer1.lin-b", "until": until}
    propose(world, "absence", told, by="supervisor.lin-a", expect=422)


def test_an_absence_outside_every_local_unit_is_decided_by_the_nation(world):
    asked = away(world, by="trainer.nor")
    decide(world, asked, by="commander.nor", expect=404)
    decide(world, asked, by="dpo.nor")


@pytest.mark.parametrize("language", ["en", "de", "fr", "lt", "ru"])
def test_every_step_says_what_remains_in_the_callers_language(world, language):
    admin = world.client("admin1.nor")
    tag = admin.get("/me").headers["ETag"]
    admin.call("PATCH", "/me", body={"language": language}, headers={"If-Match": tag})
    body = {"kind": "account_create", "body": {**NEW, "username": f"x.{uuid4().hex[:8]}"}}
    said = admin.post("/proposals", body)["next_step"]
    opening = {
        "en": "A data protection officer",
        "de": "Eine Datenschutz",
        "fr": "Un délégué",
        "lt": "Duomenų apsaugos",
        "ru": "Решение",
    }
    assert said.startswith(opening[language])
    assert "{" not in said


def test_an_answer_decided_on_in_the_moment_of_leaving_is_waived_instead_of_late(world):
    police = Police(world)
    report = police.observes(OFFICER)
    told = {"route": "problem", "reason": "For the team's next meeting"}
    world.client("supervisor.lin-a").post(f"/observations/{report['id']}/triage", told)
    # Neither of two commits at once sees the other: the account is closed, the answer is open.
    with world.uow() as tx:
        account = tx.first(select(Account).where(Account.username == OFFICER))
        tx.update_row(account, disabled_at=tx.now)
    world.later(days=30)
    supervisor = world.client("supervisor.lin-a")
    assert supervisor.get("/feedback/obligations?state=open").items == []
    assert len(supervisor.get("/feedback/obligations?state=waived").items) == 1
    assert world.client("manager.lin").get("/feedback/obligations?overdue=true").items == []
    assert [one for one in supervisor.get("/duties").items if one["kind"] == "feedback"] == []
