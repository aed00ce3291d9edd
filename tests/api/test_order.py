"""In which order a request is judged (contract section 2), as a table on real operations.

Every request of a row is wrong in all ways that come later as well, and only in those: what is answered
shows which question was asked first.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from community_api.core.http.views import BASE
from tests.api.forced_errors import JSON, check, send
from tests.support.app import World
from tests.support.workflow import (
    ANALYST,
    MANAGER,
    OFFICER,
    SAFEGUARDING,
    SECOND_PERSON,
    Police,
    fields,
    flag,
    observation,
)

STALE_TAG = '"999999.abc"'
# Roles to which the whole operation is closed, and who see nothing of a team in lin.
CLOSED, STRANGER = "trainer.nor", "supervisor.hav-a"


@dataclass
class Attempt:
    """One operation of which everything can be wrong at once.

    ``right`` is a body that would do; ``stranger`` knows nothing of the thing; ``state`` makes of the body
    one that the state forbids, ``content`` one that only rules on content forbid.
    """

    path: str
    who: str
    right: dict[str, Any]
    stranger: str
    closed: str = CLOSED
    foreign_path: str | None = None
    tagged: bool = False
    tag: str | None = None
    state: dict[str, Any] | None = None
    state_code: str = ""
    content: dict[str, Any] | None = None
    content_code: str = "validation_failed"


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def a_step(police: Police) -> Attempt:
    referral = police.confirmed()
    right = {"action": "assess", "fields": fields(police.world, "assess")}
    return Attempt(
        path=f"/referrals/{referral}/steps",
        who=ANALYST,
        right=right,
        stranger="analyst1.hav",
        tagged=True,
        tag=police.tag_of(referral, ANALYST),
        state={"action": "acknowledge", "fields": {"colour": "red"}},
        state_code="action_not_allowed",
        content={"fields": {"colour": "red"}},
    )


def a_flag(police: Police) -> Attempt:
    flagged = police.observes()["id"]
    police.raises_flag(flagged)
    free = police.observes()["id"]
    return Attempt(
        path=f"/observations/{free}/flags",
        foreign_path=f"/observations/{flagged}/flags",
        who=OFFICER,
        right=flag(),
        stranger="officer1.hav-a",
        state={"grounds": [{"indicator": "religion", "fact": "x"}]},
        state_code="flag_open",
        content={"grounds": [{"indicator": "religion", "fact": "Prays at work at noon, in the yard."}]},
        content_code="protected_ground_only",
    )


def a_decision(police: Police) -> Attempt:
    raised = police.raises_flag(police.observes()["id"])["id"]
    decided = police.raises_flag(police.observes()["id"])["id"]
    police.decides_flag(decided)
    right = {"decision": "confirmed", "reason": "Seen.", "stands_without_protected_ground": "yes"}
    return Attempt(
        path=f"/flags/{raised}/decision",
        foreign_path=f"/flags/{decided}/decision",
        who=SECOND_PERSON,
        right=right,
        stranger=STRANGER,
        state={},
        state_code="already_decided",
    )


def a_supplement(police: Police) -> Attempt:
    report = police.observes()["id"]
    taken_back = police.observes()["id"]
    police.of(OFFICER).post(f"/observations/{taken_back}/withdrawal", {"reason": "Told twice."})
    return Attempt(
        path=f"/observations/{report}/supplements",
        foreign_path=f"/observations/{taken_back}/supplements",
        who=OFFICER,
        right={"facts": "The van came back."},
        stranger="officer1.hav-a",
        state={},
        state_code="already_withdrawn",
    )


def an_answer(police: Police) -> Attempt:
    raised = police.raises_flag(police.observes()["id"])
    police.decides_flag(raised["id"])
    (owed,) = police.owes("supervisor.lin-a")
    return Attempt(
        path="/feedback",
        who="supervisor.lin-a",
        right={"obligation_id": owed["id"], "outcome": "acted_on", "text": "Thank you."},
        stranger=STRANGER,
        closed=CLOSED,
    )


def a_report(police: Police) -> Attempt:
    return Attempt(
        path="/observations",
        who=OFFICER,
        right=observation(police.world),
        stranger="",
        content={"occurred_at": "2026-03-03T12:00:00+00:00"},
    )


ATTEMPTS = [a_step, a_flag, a_decision, a_supplement, an_answer, a_report]
Make = Callable[[Police], Attempt]


class Judge:
    """Sends a request to one attempt's operation and looks what it was refused for."""

    def __init__(self, police: Police, attempt: Attempt) -> None:
        self.police = police
        self.attempt = attempt
        # A command of somebody else, and of the same person with other content, under this id.
        self.used = str(uuid4())
        police.of(OFFICER).post("/observations", observation(police.world, id=self.used))

    def refuses(
        self, who: str | None, status: int, code: str, *, path: str | None = None, **values: Any
    ) -> None:
        """The request is refused like this."""
        answer = send(self.police.world, "POST", BASE + (path or self.attempt.path), who=who, **values)
        check(self.police.world, answer, status, code)

    def body(self, **changes: Any) -> dict[str, Any]:
        """The right body under a new id, but for these changes."""
        return {"id": str(uuid4()), **self.attempt.right, **changes}


@pytest.mark.parametrize("make", ATTEMPTS)
def test_each_question_is_asked_before_all_that_follow(police: Police, make: Make) -> None:
    attempt = make(police)
    judge = Judge(police, attempt)
    stale: dict[str, Any] = {"headers": {"If-Match": STALE_TAG}} if attempt.tagged else {}
    unreadable: dict[str, Any] = {"data": "{", "content_type": "text/plain"}
    judge.refuses(None, 401, "token_missing", **unreadable)
    judge.refuses(attempt.closed, 415, "unsupported_media_type", **unreadable, **stale)
    judge.refuses(attempt.closed, 400, "malformed_json", data="{", content_type=JSON, **stale)
    judge.refuses(attempt.closed, 422, "validation_failed", json={"id": judge.used, "colour": 1}, **stale)
    judge.refuses(attempt.closed, 409, "id_reused", json=judge.body(id=judge.used), **stale)
    judge.refuses(attempt.closed, 403, "role_not_allowed", json=judge.body(), **stale)
    if attempt.stranger:
        judge.refuses(attempt.stranger, 404, "not_found", json=judge.body(), **stale)
    if attempt.tagged:
        judge.refuses(attempt.who, 428, "precondition_required", json=judge.body(**(attempt.state or {})))
        judge.refuses(
            attempt.who, 412, "precondition_failed", json=judge.body(**(attempt.state or {})), **stale
        )
    right: dict[str, Any] = {"headers": {"If-Match": attempt.tag}} if attempt.tag else {}
    if attempt.state is not None:
        told = judge.body(**attempt.state)
        judge.refuses(attempt.who, 409, attempt.state_code, path=attempt.foreign_path, json=told, **right)
    if attempt.content is not None:
        judge.refuses(attempt.who, 422, attempt.content_code, json=judge.body(**attempt.content), **right)
    answer = send(police.world, "POST", BASE + attempt.path, who=attempt.who, json=judge.body(), **right)
    assert answer.status_code == 201, answer.data


@pytest.mark.parametrize("make", ATTEMPTS)
def test_a_replay_is_answered_before_permission_version_and_state(police: Police, make: Make) -> None:
    """As it is now: whatever would refuse the same act today."""
    attempt = make(police)
    body = {"id": str(uuid4()), **attempt.right}
    tag = {"headers": {"If-Match": attempt.tag}} if attempt.tag else {}
    path = BASE + attempt.path
    first = send(police.world, "POST", path, who=attempt.who, json=body, **tag)
    assert first.status_code == 201, first.data
    for headers in ({}, {"If-Match": STALE_TAG}, {"If-Match": "*"}):
        again = send(police.world, "POST", path, who=attempt.who, json=body, headers=headers)
        assert (again.status_code, again.headers["Idempotent-Replay"]) == (200, "true"), again.data
        shown, before = json.loads(again.data), json.loads(first.data)
        assert (shown["audit_receipt"], shown["id"]) == (before["audit_receipt"], body["id"])
    changed = {
        **body,
        **{name: f"{value}." for name, value in body.items() if name in {"facts", "reason", "text"}},
    }
    if changed == body:
        return
    other_content = send(police.world, "POST", path, who=attempt.who, json=changed, **tag)
    other_caller = send(police.world, "POST", path, who=CLOSED, json=body, **tag)
    check(police.world, other_content, 409, "id_reused")
    check(police.world, other_caller, 409, "id_reused")


def test_a_refused_command_leaves_no_trace_of_its_id(police: Police) -> None:
    attempt = a_step(police)
    body, path = {"id": str(uuid4()), **attempt.right}, BASE + attempt.path
    for who, headers, status in (
        ("analyst1.hav", {}, 404),
        (ANALYST, {}, 428),
        (ANALYST, {"If-Match": STALE_TAG}, 412),
        (MANAGER, {"If-Match": attempt.tag or ""}, 403),
        (ANALYST, {"If-Match": attempt.tag or ""}, 201),
    ):
        answer = send(police.world, "POST", path, who=who, json=body, headers=headers)
        assert answer.status_code == status, (who, answer.data)


def test_a_change_of_settings_asks_in_the_same_order(world: World) -> None:
    path = f"{BASE}/me"

    def patched(who: str | None, status: int, code: str, **values: Any) -> None:
        check(world, send(world, "PATCH", path, who=who, **values), status, code)

    patched(None, 401, "token_missing", data="{", content_type="text/plain")
    patched(SAFEGUARDING, 415, "unsupported_media_type", data="{", content_type="text/plain")
    patched(SAFEGUARDING, 400, "malformed_json", data="{", content_type=JSON)
    patched(SAFEGUARDING, 422, "validation_failed", json={"language": "tlh"})
    patched(SAFEGUARDING, 428, "precondition_required", json={"language": "de"})
    patched(
        SAFEGUARDING, 412, "precondition_failed", json={"language": "de"}, headers={"If-Match": STALE_TAG}
    )
