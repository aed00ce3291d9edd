"""Two who decide at once, two who use one token at once: one does, the others hear so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from community_api.access.models import Account, RoleGrant
from tests.api.access.proposal_steps import GOOD, NEW, decide, propose
from tests.support.app import World

AT_ONCE = 8


def post(world: World, who: str | None, path: str, body: dict) -> tuple[int, str | None]:
    headers = {} if who is None else {"Authorization": f"Bearer {world.client(who).token()}"}
    answer = world.app.test_client().post(f"/api/v1{path}", json=body, headers=headers)
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code")


def test_of_two_deciders_at_once_one_decides_and_the_effect_is_that_of_the_one(world):
    proposal = propose(world, "account_create", NEW)
    path = f"/proposals/{proposal['id']}/decision"
    for who in ("dpo.nor", "manager.nor"):
        world.client(who).token()

    def attempt(number: int) -> tuple[str, tuple[int, str | None]]:
        who, said = (("dpo.nor", "approved"), ("manager.nor", "refused"))[number % 2]
        return said, post(world, who, path, {"decision": said, "reason": "At once"})

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(attempt, range(AT_ONCE)))
    won = [said for said, (status, _code) in answers if status == 201]
    assert len(won) == 1
    assert [code for _said, (status, code) in answers if status != 201] == ["already_decided"] * (AT_ONCE - 1)
    assert world.client("admin1.nor").get(f"/proposals/{proposal['id']}")["state"] == won[0]
    with world.uow() as tx:
        made = tx.all(select(Account).where(Account.username == NEW["username"]))
    assert len(made) == (1 if won == ["approved"] else 0)


def test_of_two_proposals_of_one_name_approved_at_once_one_makes_the_account(world):
    proposals = [propose(world, "account_create", NEW) for _ in range(2)]
    who = ("dpo.nor", "manager.nor")
    for name in who:
        world.client(name).token()

    def attempt(number: int) -> tuple[int, str | None]:
        path = f"/proposals/{proposals[number]['id']}/decision"
        return post(world, who[number], path, {"decision": "approved", "reason": "At once"})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(attempt, range(2)))
    # The second one finds an account without a password: it gives the token anew, and makes no other.
    assert {status for status, _code in answers} == {201}
    with world.uow() as tx:
        assert len(tx.all(select(Account).where(Account.username == NEW["username"]))) == 1


def test_of_two_grants_of_one_role_approved_at_once_one_is_given(world):
    body = {"account": "officer2.lin-a", "role": "trainer", "unit": "lin"}
    proposals = [propose(world, "grant", body) for _ in range(2)]
    who = ("dpo.nor", "manager.nor")
    for name in who:
        world.client(name).token()

    def attempt(number: int) -> tuple[int, str | None]:
        path = f"/proposals/{proposals[number]['id']}/decision"
        return post(world, who[number], path, {"decision": "approved", "reason": "At once"})

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, range(2)))
    assert answers == [(201, None), (409, "proposal_lapsed")]
    with world.uow() as tx:
        trainers = tx.all(select(RoleGrant.unit_id).where(RoleGrant.role == "trainer"))
    assert sorted(trainers) == sorted([world.unit_id("lin"), world.unit_id("nor")])


def test_of_many_who_use_one_token_at_once_one_sets_the_password(world):
    token = decide(world, propose(world, "account_create", NEW))["first_password"]["token"]
    passwords = [f"{GOOD} {number}" for number in range(4)]

    def attempt(password: str) -> tuple[int, str | None]:
        return post(world, None, "/auth/first-password", {"token": token, "password": password})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(attempt, passwords))
    assert sorted(status for status, _code in answers) == [200, 401, 401, 401]
    won = passwords[[status for status, _code in answers].index(200)]
    signed = [
        post(world, None, "/auth/login", {"username": NEW["username"], "password": password})[0]
        for password in passwords
    ]
    assert [one for one, status in zip(passwords, signed, strict=True) if status == 200] == [won]
