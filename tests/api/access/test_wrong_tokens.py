"""Every operation that is not public refuses every wrong token in the same way, and does nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import func, select

from community_api.access import tokens
from community_api.access.models import Account, Session
from community_api.access.tokens import Claims
from community_api.core.database.engine import Base
from community_api.core.http.views import BASE
from community_api.demo.loader import account_id
from tests.api.access.sign_in_steps import app
from tests.support.factories import key_ring
from tests.support.operations import Operation, operations

CODES = {"token_missing", "token_invalid", "token_expired", "token_revoked"}
COUNTED = {"audit_anonymous_refusal"}
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def closed(operation: Operation) -> bool:
    return not operation.public


@pytest.fixture(scope="module")
def wrong(shared_world):
    """Values of the Authorization header, none of which may open anything."""
    now = shared_world.clock.now()
    mine = app(shared_world, "supervisor.lin-a")
    ended = app(shared_world, "supervisor.lin-b")
    ended.send("POST", "/auth/logout", ended.access)
    shut = app(shared_world, "supervisor.bru-a")
    with shared_world.uow() as tx:
        tx.update_where(Account, {"id": account_id("supervisor.bru-a")}, {"disabled_at": tx.now})
        session = tx.first(select(Session).where(Session.account_id == account_id("supervisor.lin-a")))
    claims = jwt.decode(mine.access, options={"verify_signature": False})

    def signed(key: Any = None, algorithm: str = "HS256", **changed: object) -> str:
        return jwt.encode({**claims, **changed}, key_ring().token if key is None else key, algorithm)

    def minted(**changed: object) -> str:
        told = {
            "account_id": session.account_id,
            "session_id": session.id,
            "token_id": uuid4(),
            "expires_at": now + timedelta(minutes=5),
        }
        with shared_world.app.app_context():
            return tokens.write("access", Claims(**{**told, **changed}), now)

    return {
        "none at all": None,
        "empty": "",
        "another scheme": "Basic b2ZmaWNlcjE6cGFzc3dvcmQ=",
        "no token": "Bearer ",
        "garbage": "Bearer garbage",
        "expired": "Bearer " + minted(expires_at=now - timedelta(seconds=1)),
        "another key": "Bearer " + signed(b"k" * 32),
        "no algorithm": "Bearer " + signed("", "none"),
        "RS256": "Bearer " + signed(RSA, "RS256"),
        "other kind": "Bearer " + mine.refresh,
        "wrong audience": "Bearer " + signed(aud="somebody-else"),
        "ended session": "Bearer " + ended.access,
        "closed account": "Bearer " + shut.access,
        "unknown session": "Bearer " + minted(session_id=uuid4()),
        "session of another": "Bearer " + minted(account_id=account_id("supervisor.hav-a")),
    }


def counts(world):
    """How many rows each table has, but for that of the junk itself."""
    with world.uow() as tx:
        return {
            table.name: tx.first(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
            if table.name not in COUNTED
        }


def test_no_operation_opens_to_a_wrong_token_and_nothing_is_written(shared_world, wrong):
    before, let_in = counts(shared_world), []
    for operation in filter(closed, operations(shared_world.app)):
        for kind, header in wrong.items():
            if kind == "other kind" and operation.rule.endswith("/auth/refresh"):
                continue
            sent = {} if header is None else {"Authorization": header}
            answer = shared_world.http.open(operation.address(), method=operation.method, headers=sent)
            told = answer.get_json(silent=True) or {}
            right = (
                answer.status_code == 401
                and answer.mimetype == "application/problem+json"
                and answer.headers["WWW-Authenticate"].startswith("Bearer")
                and told["code"] in CODES
                and set(told) == {"type", "code", "title", "detail", "status", "instance"}
            )
            if not right:
                let_in.append((operation.name, kind, answer.status_code, told.get("code")))
    assert let_in == []
    assert counts(shared_world) == before


def test_a_good_token_opens_so_the_refusals_above_mean_something(shared_world, wrong):
    mine = app(shared_world, "supervisor.lin-a")
    assert mine.get("/observations").status == 200


def test_every_operation_says_who_may_call_it(shared_world):
    assert [one.name for one in operations(shared_world.app) if one.access[0] == "none"] == []


def test_only_what_is_meant_to_be_is_public(shared_world):
    ours = [one for one in operations(shared_world.app) if one.rule.startswith(BASE)]
    for_everybody = {one.name for one in ours if one.rule.startswith(f"{BASE}/public/")}
    signing_in = {f"POST {BASE}/auth/first-password", f"POST {BASE}/auth/login"}
    assert len(for_everybody) == 14
    assert {one.name for one in ours if one.public} == for_everybody | signing_in


def test_a_wrong_token_comes_before_a_wrong_body(shared_world):
    answer = shared_world.http.post(f"{BASE}/observations", data=b"\xff", content_type="text/plain")
    assert answer.status_code == 401
