"""What is spelled oddly: times in other forms, texts that show nothing, ids that other records have."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tests.support.workflow import ANALYST, MANAGER, OFFICER, Police, fields, flag, observation


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def codes(answer):
    return {one["pointer"]: one["code"] for one in answer["errors"]}


@pytest.mark.parametrize(
    "sent",
    [
        "2026-W01-1T00:00:00+00:00",
        "2026-02-01T10:00+00:00",
        "2026-02-01T10+00:00",
        "2026-02-01T10:00:00,5+00:00",
        "2026-02-01T10:00:00+00:00:30",
        "2026-02-01T10:00:00+0000",
        "2026-02-01 10:00:00+00:00",
        "2026-02-01T10:00:00+00:00\n",
        "٢٠٢٦-02-01T10:00:00Z",
    ],
)
def test_a_time_is_rfc_3339_and_no_other_form(police, sent):
    refused = police.observes(occurred_at=sent, expect=422)
    assert codes(refused) == {"/occurred_at": "not_a_time"}


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-02-01T10:00:00z", "2026-02-01T10:00:00.000Z"),
        ("2026-02-01t10:00:00.123456789+05:45", "2026-02-01T04:15:00.123Z"),
        ("2026-02-01T10:00:00-00:00", "2026-02-01T10:00:00.000Z"),
        ("1900-01-01T00:00:00+14:00", "1899-12-31T10:00:00.000Z"),
    ],
)
def test_a_time_with_any_offset_is_kept_in_utc(police, sent, stored):
    assert police.observes(occurred_at=sent)["occurred_at"] == stored


@pytest.mark.parametrize("nothing", ["\u200b", "\u2060\ufeff", " \u202e\u00ad ", "\u200f" * 30])
def test_a_text_that_shows_nothing_is_blank(police, nothing):
    assert codes(police.observes(facts=nothing, expect=422)) == {"/facts": "blank"}
    report = police.observes()
    told = [{"indicator": "breach", "fact": nothing}]
    refused = police.raises_flag(report["id"], grounds=told, expect=422)
    assert codes(refused) == {"/grounds/0/fact": "blank"}


@pytest.mark.parametrize("facts", ["زن با \u200cکیف", "👩\u200d👧 at the door", "\u202bשמש\u202c"])
def test_joiners_and_directions_within_words_stay(police, facts):
    report = police.observes(facts=facts)
    assert police.of(OFFICER).get(f"/observations/{report['id']}")["facts"] == facts


def test_an_id_that_another_record_has_is_reused_whatever_the_record_is(police):
    person = police.of(OFFICER).get("/me")["id"]
    referral = police.confirmed()
    for taken in (person, referral):
        body = {**observation(police.world), "id": taken}
        assert police.of(OFFICER).post("/observations", body, expect=409).code == "id_reused"
    report = police.observes()
    told = flag(id=report["id"])
    path = f"/observations/{report['id']}/flags"
    assert police.of(OFFICER).post(path, told, expect=409).code == "id_reused"
    assert police.of(OFFICER).post(path, {**told, "id": str(uuid4())}).status == 201


def test_the_id_of_a_move_that_the_product_made_is_taken_for_a_step(police):
    """It is the id of no command and seals no words: the step's own table knows it."""
    parent = police.brings_to("sent", police.confirmed())
    police.finishes("ost", police.referral_at("ost", parent=parent))
    moves = police.of(MANAGER).get(f"/referrals/{parent}/steps").items
    move = next(step["id"] for step in moves if step["post"] is None)
    case = police.confirmed()
    path, seen = f"/referrals/{case}/steps", police.reads_referral(case)
    body = {"id": move, "action": "assess", "fields": fields(police.world, "assess")}
    assert police.of(ANALYST).post(path, body, if_match=seen, expect=409).code == "id_reused"
    body["id"] = str(uuid4())
    assert police.of(ANALYST).post(path, body, if_match=seen).status == 201
