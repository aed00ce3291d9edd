"""Whoever checks or decides can read what they check, and nobody else can."""

from __future__ import annotations

import pytest

from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST, Police, fields


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def written(answer):
    return {one["action"]: one["fields"] for one in answer["written"]}


def test_the_second_person_reads_the_text_and_the_grades_with_their_reasons(police):
    referral = police.brings_to("to_approve", police.confirmed())
    seen = written(police.reads_referral(referral, OTHER_ANALYST))
    assert seen["sanitise"] == fields(police.world, "sanitise")
    assert seen["evaluate"] == fields(police.world, "evaluate")


def test_what_was_sent_back_is_read_with_the_reason_and_replaced_by_the_new_text(police):
    referral = police.brings_to("to_approve", police.confirmed())
    police.takes_step(OTHER_ANALYST, referral, "approve_sanitised", decision="sent_back", reason="Too near.")
    assert written(police.reads_referral(referral))["approve_sanitised"]["reason"] == "Too near."
    police.takes_step(ANALYST, referral, "sanitise", text="A purchase was seen.")
    seen = police.reads_referral(referral, OTHER_ANALYST)
    assert written(seen)["sanitise"]["text"] == "A purchase was seen."
    assert [one["action"] for one in seen["written"]] == [
        "assess",
        "evaluate",
        "approve_sanitised",
        "sanitise",
    ]


def test_the_manager_reads_the_assessment_before_deciding(police):
    referral = police.brings_to("to_decide", police.confirmed())
    assert written(police.reads_referral(referral, MANAGER))["assess"] == fields(police.world, "assess")


def test_it_is_content_lists_and_histories_do_not_have_it(police):
    referral = police.brings_to("to_approve", police.confirmed())
    client = police.of(OTHER_ANALYST)
    client.get(f"/referrals/{referral}", expect=403)
    assert all("written" not in one for one in client.pages("/referrals"))
    assert all("fields" not in one for one in client.get(f"/referrals/{referral}/steps").items)


def test_a_recipient_reads_nothing_that_was_written_at_the_sender(police):
    referral = police.brings_to("sent", police.confirmed())
    child = police.referral_at("ost", parent=referral)
    assert police.reads_referral(child, "analyst1.ost")["written"] == []
    police.takes_step("analyst1.ost", child, "acknowledge")
    police.takes_step("manager.ost", child, "decide", outcome="investigate")
    seen = police.reads_referral(child, "analyst1.ost")
    assert set(written(seen)) == {"acknowledge", "decide"}
