"""The words in which tests propose and decide."""

from __future__ import annotations

from tests.support.app import Answer, World

GOOD = "Seven grey herons, by the weir"
NEW = {"username": "k.solheim", "name": "Kari Solheim", "role": "officer", "unit": "lin-a", "language": "de"}


def propose(world: World, kind: str, body: dict, *, by: str = "admin1.nor", expect: int = 201) -> Answer:
    return world.client(by).post("/proposals", {"kind": kind, "body": body}, expect=expect)


def decide(
    world: World, proposal: Answer, decision: str = "approved", *, by: str = "dpo.nor", expect: int = 201
) -> Answer:
    told = {"decision": decision, "reason": "As agreed with the unit"}
    return world.client(by).post(f"/proposals/{proposal['id']}/decision", told, expect=expect)


def made(world: World, **changed) -> str:
    """The token of a new account."""
    decided = decide(world, propose(world, "account_create", {**NEW, **changed}))
    return str(decided["first_password"]["token"])


def set_password(world: World, token: str, password: str = GOOD, *, expect: int = 200) -> Answer:
    told = {"token": token, "password": password}
    return world.anybody().post("/auth/first-password", told, expect=expect)


def sign_in(world: World, username: str = NEW["username"], *, expect: int = 200) -> Answer:
    return world.anybody().post("/auth/login", {"username": username, "password": GOOD}, expect=expect)


def me(world: World, signed_in: Answer, *, expect: int = 200) -> Answer:
    headers = {"Authorization": f"Bearer {signed_in['access_token']}"}
    return world.anybody().get("/me", headers=headers, expect=expect)


def posts_of(world: World, username: str) -> list[str]:
    return list(world.client(username).get("/me")["posts"])


def roles_of(world: World, username: str) -> list[str]:
    return [f"{one['role']}.{one['unit']}" for one in world.client(username).get("/me")["roles"]]
