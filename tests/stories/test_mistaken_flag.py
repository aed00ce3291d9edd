"""Journey 4: the same name, another man. What was sent is taken back from everybody, and they say so.

Open here: ``OPEN["journey 4"]``.
"""

from __future__ import annotations

import json
from typing import Any

from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, MANAGER, OFFICER, Police

REGION, NATION = "manager.ost", "manager.nor"
TEXT = "A man of that name at 12 Mill Lane has bought twenty bags of fertiliser."


def step(police: Police, who: str, case: str, action: str, **fields: Any) -> Answer:
    body = {"action": action, "fields": fields}
    return police.of(who).post(f"/referrals/{case}/steps", body, if_match=police.tag_of(case, who))


def passed_up(police: Police) -> tuple[str, str, str]:
    """The local case, the region's and the nation's: the mistake has travelled far."""
    case = police.brings_to("sent", police.confirmed())
    regional = police.referral_at("ost", parent=case)
    police.takes_step("analyst1.ost", regional, "acknowledge")
    police.takes_step(REGION, regional, "decide", outcome="escalate")
    police.takes_step(REGION, regional, "disseminate", to_units=["nor"])
    return case, regional, police.referral_at("nor", parent=regional)


def test_what_was_sent_about_the_wrong_man_is_taken_back_everywhere_and_answered_for(world: World) -> None:
    police = Police(world)
    case, regional, national = passed_up(police)
    report = police.reads_referral(case, MANAGER)["report_id"]
    world.later(hours=2)

    # The address was another one: the manager takes it back, with the ground that everybody can count.
    said = step(
        police, MANAGER, case, "recall", ground="identity_error", reason="Same name, another address.",
        feedback_outcome="identity_error",
    )  # fmt: skip
    assert said["referral"]["state"] == "recalled"

    # Every recipient owes to give it up, and can no longer read it.
    for held, who in ((regional, REGION), (national, NATION)):
        seen = police.reads_referral(held, who)
        assert (seen["state"], seen["report"]) == ("recalled", None)
        assert "recalled" in police.duties(who, held)
        police.of(who).get(f"/intelligence-reports/{report}", purpose="assessment", expect=404)

    # The region says that it is gone; the case waits for the nation, by name and with a deadline.
    step(police, REGION, regional, "confirm_recall", measure="erased")
    waiting = police.reads_referral(case, MANAGER)
    assert waiting["state"] == "recalled"
    assert waiting["due_at"] is not None
    states = {
        one["to_unit"]: one["state"]
        for one in police.of(MANAGER)
        .get(f"/intelligence-reports/{report}/disseminations", purpose="assessment")
        .items
    }
    assert states["ost"] == "recall_confirmed"
    step(police, NATION, national, "confirm_recall", measure="restricted", note="Kept for the review only.")
    assert police.reads_referral(case, MANAGER)["state"] == "to_feed_back"

    # The officer hears what it was and what to do next time; nothing of where it had been.
    police.answers_everything(
        MANAGER, outcome="identity_error", text="It was another man of that name: use two identifiers."
    )
    heard = police.inbox(OFFICER)
    assert heard[0]["outcome"] == "identity_error"
    for place in ("ost", "nor", "recall"):
        assert place not in json.dumps(heard).split('"')

    # It can be closed now, and is kept for the shorter time only.
    police.takes_step(MANAGER, case, "close")
    ended = police.reads_referral(case, MANAGER)
    assert (ended["phase"], ended["retention"]["class"]) == ("ended", "referral_no_further_action")

    # Analysts of the unit find it no more among what can be used.
    usable = [one["id"] for one in police.of(ANALYST).pages("/intelligence-reports")]
    assert report not in usable
