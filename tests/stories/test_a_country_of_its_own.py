"""A country writes a procedure of its own by the handbook, adopts it, and works by it.

The pack is the one that the handbook goes on to after its smallest: a station and a directorate.
"""

from __future__ import annotations

from typing import Any

from tests.api.access.proposal_steps import decide
from tests.api.procedure_adoption import propose
from tests.guards.source import ROOT
from tests.support.app import Answer
from tests.support.workflow import ANALYST, MANAGER, OFFICER, Police

FJORDLAND = (ROOT / "examples" / "procedures" / "fjordland.v1.yaml").read_text(encoding="utf-8")
NATION = "manager.nor"


def step(
    police: Police, who: str, case: str, action: str, *, expect: int | None = None, **fields: Any
) -> Answer:
    body = {"action": action, "fields": fields}
    return police.of(who).post(
        f"/referrals/{case}/steps", body, if_match=police.tag_of(case, who), expect=expect
    )


def line_of(word: str) -> int:
    return next(at for at, line in enumerate(FJORDLAND.splitlines(), 1) if word in line)


def test_a_country_writes_its_own_procedure_and_works_by_it(world):
    police = Police(world)
    today = world.clock.now().date()
    content = FJORDLAND.replace("effective_from: 2026-01-01", f"effective_from: {today}")
    decide(world, propose(world, content))

    # From now on what officers flag goes its way.
    case = police.confirmed()
    seen = police.reads_referral(case)
    assert (seen["procedure"]["name"], seen["state"]) == ("fjordland", "to_assess")

    # The station assesses, sanitises and sends; who sanitised does not send.
    step(police, ANALYST, case, "assess", summary="A purchase nobody can explain.", outcome="enough")
    step(
        police, ANALYST, case, "sanitise",
        report="A bulk purchase was seen.", source_grade="A", information_grade="1",
    )  # fmt: skip
    given: dict[str, Any] = {
        "to_units": ["nor"], "handling_code": "H1", "legal_basis": "Police act, section 12.",
        "need_to_know": "The directorate compares purchases.", "purpose": "To compare.",
    }  # fmt: skip
    step(police, MANAGER, case, "send", expect=422, **{**given, "to_units": ["ost"]})
    step(police, MANAGER, case, "send", **given)

    # The directorate decides, and learns nothing of who told it.
    there = police.referral_at("nor", parent=case)
    read = police.reads_referral(there, "analyst1.nor")
    assert read["report"]["text"] == "A bulk purchase was seen."
    step(police, "analyst1.nor", there, "receive", reason="It fits a series.")

    # Nothing is closed before everybody was answered.
    assert step(police, NATION, there, "close", expect=409).code == "feedback_owed"
    for who in (NATION, MANAGER, "supervisor.lin-a"):
        police.answers_everything(who)
    step(police, NATION, there, "close")
    world.work()
    assert police.reads_referral(case)["state"] == "to_answer"
    step(police, MANAGER, case, "close")
    assert {one["outcome"] for one in police.inbox(OFFICER)} == {"acted_on"}


def test_a_line_too_few_is_told_in_words_with_its_place(world):
    refused = propose(world, FJORDLAND.replace("    not_actor_of: [sanitise]\n", "", 1), expect=422)
    (error,) = refused["errors"]
    assert error["pointer"] == "/body/content"
    place = f"Line {line_of('issues_report') - 1}, column 35: "
    assert error["message"] == f"{place}nobody checks their own text: `sanitise` must be in `not_actor_of`."
