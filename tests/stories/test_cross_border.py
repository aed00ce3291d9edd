"""Journey 10: the police of a neighbouring state need a report that is not to be passed on without consent.

Open here: ``OPEN["journey 10"]``.
"""

from __future__ import annotations

import json
from typing import Any

from tests.support.app import Answer, World
from tests.support.workflow import MANAGER, OFFICER, OTHER_ANALYST, Police

NATION = "manager.nor"
TRANSFER: dict[str, Any] = {
    "to_units": ["sudria"],
    "purpose": "To find the buyer, who lives there.",
    "legal_basis": "Police act, section 30.",
    "transfer_basis": "appropriate_safeguards",
    "assurance": "given_in_writing",
    "assurances": "Neither the death penalty nor ill-treatment; letter of the ministry of 3 March.",
    "onward_limit": "To nobody without asking the sender.",
    "handling_code": "H2",
    "need_to_know": "The buyer lives there.",
    "right_to_know": "Treaty of 2011, article 4.",
}


def step(
    police: Police, who: str, case: str, action: str, *, expect: int | None = None, **fields: Any
) -> Answer:
    body = {"action": action, "fields": fields}
    tag = police.tag_of(case, who)
    return police.of(who).post(f"/referrals/{case}/steps", body, if_match=tag, expect=expect)


def at_the_nation(police: Police) -> tuple[str, str]:
    """A report under H2 that the nation holds and wants to pass on."""
    case = police.brings_to("sent", police.confirmed(), to_units=["nor"], handling_code="H2")
    national = police.referral_at("nor", parent=case)
    police.takes_step("analyst1.nor", national, "acknowledge")
    police.takes_step(NATION, national, "decide", outcome="escalate")
    return case, national


def test_only_the_nation_sends_abroad_with_consent_assurances_and_limits(world: World) -> None:
    police = Police(world)
    case, national = at_the_nation(police)

    # The local unit has no way abroad at all.
    local = police.brings_to("to_disseminate", police.confirmed())
    assert step(police, MANAGER, local, "transfer", expect=409, **TRANSFER).code == "action_not_allowed"
    refused = police.takes_step(MANAGER, local, "disseminate", to_units=["sudria"], expect=422)
    assert refused["errors"][0]["code"] == "unit_not_permitted"

    # Nor has the nation, before the originator has agreed: the report came under H2.
    assert step(police, NATION, national, "transfer", expect=409, **TRANSFER).code == (
        "originator_consent_needed"
    )
    step(police, NATION, national, "ask_originator", use="pass_on", reason="The buyer lives in Sudria.")
    [question] = police.reads_referral(case, MANAGER)["questions"]
    step(
        police, MANAGER, case, "answer_originator", question=question["id"], answer="agreed",
        conditions="Not in court.", reason="It helps.",
    )  # fmt: skip

    # Without the assurance against the death penalty and ill-treatment nothing goes.
    without = {name: told for name, told in TRANSFER.items() if name not in {"assurance", "onward_limit"}}
    missing = step(police, NATION, national, "transfer", expect=422, **without)["errors"]
    assert {one["pointer"] for one in missing} == {"/fields/assurance", "/fields/onward_limit"}
    sent = step(police, NATION, national, "transfer", **TRANSFER)
    assert sent["referral"]["state"] == "sent_abroad"

    # What comes back is written down with the recipient's conditions, and graded by itself.
    graded = {one["axis"]: one["code"] for one in police.reads_referral(national, NATION)["grades"]}
    step(
        police, NATION, national, "record_answer", kind="answered", text="He is known there.",
        conditions_returned="To be deleted after a year.", source_grade="C", information_grade="3",
    )  # fmt: skip
    seen = police.reads_referral(national, NATION)
    assert {one["axis"]: one["code"] for one in seen["grades"]} == graded, "a reply does not grade the report"
    answer = next(one["fields"] for one in seen["written"] if one["action"] == "record_answer")
    assert (answer["source_grade"], answer["conditions_returned"]) == ("C", "To be deleted after a year.")

    # A correction at home reaches what was sent: whoever sent it is told to bring it there.
    step(police, MANAGER, case, "correct", text="Corrected: ten bags.", reason="Counted again.")
    step(police, OTHER_ANALYST, case, "approve_correction", decision="approved", reason="So it was.")
    given = police.reads_referral(national, NATION)["received"]
    assert [one["kind"] for one in given["notices"]] == ["correction"]

    # The officer hears a neutral word, and not where it went.
    police.answers_everything(MANAGER, outcome="acted_on", text="It was used; details cannot be said.")
    heard = json.dumps(police.inbox(OFFICER))
    for word in ("sudria", "Sudria", "abroad", "nor"):
        assert word not in heard.replace('"', " ").split()
