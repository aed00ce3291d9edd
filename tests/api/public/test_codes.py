"""Codes: tested by clients, known to their holder only; one answer to whatever is no code of a concern."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.community.concerns.models import Concern
from community_api.core.ids import ALPHABET
from tests.support import public
from tests.support.app import World
from tests.support.workflow import Police

BY_CODE: dict[str, dict[str, Any]] = {
    "follow-ups": {},
    "messages": {"text": "More."},
    "disputes": {"text": "No."},
    "permissions": {"pass_on": False},
    "withdrawals": {},
    "questionnaires": {"answers": {"clear": 4}},
}


def check_character(characters: str) -> str:
    """Luhn mod 32 as its textbook has it, written anew."""
    factor, total = 2, 0
    for character in reversed(characters):
        addend = factor * ALPHABET.index(character)
        factor = 1 if factor == 2 else 2
        total += addend // 32 + addend % 32
    return ALPHABET[(32 - total % 32) % 32]


def other(character: str) -> str:
    return "7" if character != "7" else "8"


def test_a_code_has_eight_groups_and_a_check_that_clients_can_test(shared_world: World):
    receipt = shared_world.anybody().post("/public/receipts").body
    assert receipt["challenge"] is None
    assert "".join(receipt["groups"]) == receipt["code"]
    assert [len(group) for group in receipt["groups"]] == [4] * 8
    assert re.fullmatch(f"[{ALPHABET}]{{32}}", receipt["code"])
    assert check_character(receipt["code"][:31]) == receipt["code"][31]


def test_getting_a_code_keeps_nothing(world: World):
    before = public.everything_kept(world)
    world.anybody().post("/public/receipts")
    assert public.everything_kept(world) == before


def test_a_code_may_be_written_in_other_ways(world: World):
    who, _ = public.concern(world)
    spelled = "-".join(who.code[start : start + 4] for start in range(0, 32, 4)).lower()
    written = f" {spelled.replace('0', 'o').replace('1', 'l')} "
    assert public.Reporter(world, written).follow_up()["state"] == "received"


@pytest.mark.parametrize("path", BY_CODE)
def test_whatever_is_no_code_of_a_concern_is_answered_by_the_same_bytes(world: World, path: str):
    erased, concern_id = public.concern(world)
    with world.uow() as tx:
        row = tx.all(select(Concern))[0]
        tx.update_row(row, erased_at=tx.now, sealed=None, category=None)
    assert str(row.id) == concern_id
    unused = public.reporter(world).code
    codes = {
        "never used": unused,
        "mistyped": unused[:5] + other(unused[5]) + unused[6:],
        "wrong check": unused[:31] + other(unused[31]),
        "made up": "7" * 32,
        "too short": "7K3M",
        "empty": "",
        "very long": "7K3M" * 5_000,
        "letters that are none": "U" * 32,
        "erased": erased.code,
    }
    answers = set()
    for code in codes.values():
        body = {"code": code, **BY_CODE[path]}
        raw = world.http.post(f"/api/v1/public/{path}", json=body)
        assert raw.status_code == 404
        request_id = raw.headers.pop("X-Request-Id")
        answers.add((raw.get_data().replace(request_id.encode(), b""), str(raw.headers)))
    assert len(answers) == 1
    assert b'"receipt_unknown"' in answers.pop()[0]


def test_nothing_can_be_told_by_a_code_that_was_not_made_here(shared_world: World):
    code = public.reporter(shared_world).code
    for wrong in (code[:8] + other(code[8]) + code[9:], "7" * 32, "", "ABC"):
        refused = public.Reporter(shared_world, wrong).post("concerns", expect=404, **public.concern_body())
        assert refused.code == "receipt_unknown"


def test_the_code_of_an_erased_concern_never_opens_another(world: World):
    who, _ = public.concern(world)
    with world.uow() as tx:
        tx.update_row(tx.all(select(Concern))[0], erased_at=tx.now, sealed=None, category=None)
    assert who.post("concerns", expect=404, **public.concern_body()).code == "receipt_unknown"


def test_the_same_telling_again_is_answered_as_it_is_now(world: World):
    who = public.reporter(world)
    first = who.post("concerns", expect=201, **public.concern_body())
    who.code = who.code.lower()
    again = who.post("concerns", expect=200, proof="another", **public.concern_body())
    assert again.body == first.body
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(public.listed(world)) == 1


def test_another_telling_by_the_same_code_is_refused(world: World):
    who, _ = public.concern(world)
    assert who.post("concerns", expect=409, **public.concern_body(text="Something else.")).code == "code_used"
    assert len(public.listed(world)) == 1


def test_a_code_sent_many_times_at_once_opens_one_concern(world: World):
    who = public.reporter(world)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: who.post("concerns", **public.concern_body()), range(24)))
    assert sorted({one.status for one in answers}) == [200, 201]
    assert [one.status for one in answers].count(201) == 1
    assert len(public.listed(world)) == 1


def test_what_is_added_happens_once_and_under_its_id(world: World):
    who, _ = public.concern(world)
    told = {"id": str(uuid4()), "text": "It was a red one."}
    first = who.post("messages", expect=201, **told)
    again = who.post("messages", expect=200, **told)
    assert (again.body, again.headers["Idempotent-Replay"]) == (first.body, "true")
    assert first["id"] == told["id"]
    assert who.post("messages", expect=409, **{**told, "text": "Blue."}).code == "id_reused"
    somebody, _ = public.concern(world)
    assert somebody.post("messages", expect=201, **told)["id"] == told["id"]
    for one in (who, somebody):
        assert [(said["id"], said["text"]) for said in one.follow_up()["messages"]] == [
            (told["id"], "It was a red one.")
        ]


@pytest.mark.parametrize("path", ["messages", "disputes", "withdrawals"])
def test_no_answer_tells_that_an_id_is_somebody_elses_record(world: World, path: str):
    police = Police(world)
    theirs = [police.observes()["id"], public.concern(world)[1], str(uuid4())]
    stranger = {"code": "0" * 32, "text": "More."}
    told = [world.http.post(f"/api/v1/public/{path}", json={**stranger, "id": one}) for one in theirs]
    assert {one.status_code for one in told} == {404}
    assert len({one.get_json()["code"] for one in told}) == 1
    for one in theirs:
        who, _ = public.concern(world)
        assert who.post(path, expect=201, id=one, text="More.")["id"] == one


@pytest.mark.parametrize("version", [1, 6, 7])
def test_an_id_that_tells_the_time_is_refused(world: World, version: int):
    who, _ = public.concern(world)
    made = f"0190163d-8694-{version}39b-aea5-966c26f8ad91"
    refused = who.post("messages", expect=422, id=made, text="More.")
    assert refused["errors"][0]["code"] == "tells_time"


def test_public_answers_set_no_cookie_and_have_no_tag(world: World):
    who, _ = public.concern(world)
    for answer in (who.follow_up(), who.post("messages", text="More."), who.post("withdrawals")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert not {"Set-Cookie", "ETag", "Last-Modified"} & set(answer.headers.keys())
        assert "audit_receipt" not in answer
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_answers_are_of_few_lengths(world: World):
    who, _ = public.concern(world)
    unknown = world.http.post("/api/v1/public/follow-ups", json={"code": "7" * 32})
    known = world.http.post("/api/v1/public/follow-ups", json={"code": who.code})
    assert {len(one.get_data()) % 1024 for one in (unknown, known)} == {0}
