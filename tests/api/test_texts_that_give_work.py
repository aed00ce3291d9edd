"""Every text that staff can send is asked whom it lets watch, or stands here with the reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.workflow import OFFICER, SECOND_PERSON, SUPERVISOR, Police

DOCUMENT = yaml.load(Path("openapi.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader)
# A text is what takes words: longer than any code or name.
WORDS = 100
REPORT = "a report of what was seen or told; it goes up, and nothing slows the door of reports"
FLAG = "what was seen or said and of whom; that somebody watched a place may be the very fact"
DANGER = "written in danger to life, by and for the commander; kept for control"
CONTROL = "a reason for control and the record; nobody is given work by it"
CHAIN = "between analysts and managers; no post of the community side reads it"
NAMES = "a name or description of a thing or person, no instruction"
NO_WORDS = "a name of an account, a secret, or a whole procedure pack, which two people prove and adopt"
EXEMPT = {
    **dict.fromkeys(
        ["PlaceIn.description", "ObservationIn.facts", "ObservationIn.assessment", "SupplementIn.facts",
         "ConcernIn.text", "ConcernIn.how_known", "ConcernTranslationIn.text"], REPORT),
    **dict.fromkeys(
        ["GroundIn.fact", "SubjectIn.label", "SubjectIn.identifying"], FLAG),
    **dict.fromkeys(
        ["EmergencyToldIn.who", "EmergencyActionIn.threat_target", "EmergencyActionIn.imminence",
         "EmergencyActionIn.action_taken", "EmergencyJustificationIn.text", "EmergencyStandDownIn.reason",
         "EmergencyBatchIn.reason", "EmergencyJustificationsIn.reason"],
        DANGER),
    **dict.fromkeys(
        ["CaseIn.reason", "CaseIn.reference", "SuspensionIn.reason", "RevocationIn.reason",
         "BiasReviewClosingIn.reason"], CONTROL),
    **dict.fromkeys(["RecallConfirmationIn.note", "MoveIn.reason"], CHAIN),
    **dict.fromkeys(
        ["PartnerIn.name", "AgreedWith.name", "MinimumDataset.person", "HandoverIn.statutory_basis",
         "ProposalAccountCreateBody.name", "AccountRow.name", "ProposalUnitCreateBody.title",
         "ProposalUnitChangeBody.title", "DeviceIn.name", "ContactIn.value", "ContactIn.safe_when",
         "ContactIn.never_when"], NAMES),
    **dict.fromkeys(
        ["AccountRow.username", "ProposalAccountCreateBody.username", "ProposalAccountCreateBody.person",
         "ProposalAccountDisableBody.account", "ProposalAccountDisableBody.successor",
         "ProposalAccountEnableBody.account", "ProposalAbsenceBody.account", "ProposalAbsenceBody.deputy",
         "ProposalGrantBody.account", "ProposalRevokeBody.account", "ProposalPasswordResetBody.account",
         "ProposalPostHolderBody.account", "ProposalPostHolderBody.post",
         "ProposalIndicatorListBody.content", "ProposalProcedureAdoptBody.content",
         "CertificateIn.account", "PasswordIn.new", "PasswordIn.old",
         "FirstPasswordIn.password", "FirstPasswordIn.token", "LoginIn.password",
         "LoginIn.username", "TrialIn.content"], NO_WORDS),
}  # fmt: skip
ASKS = "Watch the mosque and write down who attends."


def texts() -> Iterator[tuple[str, bool]]:
    """Schema and field of every text in a body that somebody signed in sends, and whether it is asked."""
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            if isinstance(operation, dict) and "/public/" not in path:
                body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
                yield from _texts(body.get("schema", {}), "")


def _texts(schema: dict[str, Any], name: str) -> Iterator[tuple[str, bool]]:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        schema = DOCUMENT["components"]["schemas"][name]
    for part in (*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())):
        yield from _texts(part, name)
    if "items" in schema:
        yield from _texts(schema["items"], name)
    for field, inner in schema.get("properties", {}).items():
        if inner.get("type") == "string" and inner.get("maxLength", 0) >= WORDS and "pattern" not in inner:
            yield f"{name}.{field}", bool(inner.get("x-gives-work"))
        else:
            yield from _texts(inner, name)


FOUND = dict(texts())


def test_every_text_of_staff_is_asked_or_exempt_with_a_reason():
    unasked = {name for name, asked in FOUND.items() if not asked}
    assert sorted(unasked - EXEMPT.keys()) == []


def test_nothing_is_exempt_that_is_asked_or_gone():
    assert sorted(name for name in EXEMPT if FOUND.get(name) is not False) == []


def test_that_something_is_asked_is_no_accident():
    assert sum(FOUND.values()) >= 25


@pytest.fixture
def police(shared_world):
    return Police(shared_world)


def warned(answer):
    return [(one["pointer"], one["code"]) for one in answer["warnings"]]


def test_problem_entry_priority_and_closing_are_kept_and_warn(police):
    desk = police.of(SUPERVISOR)
    made = desk.post(
        "/problems", {"title": ASKS, "scanning": ASKS, "partners": [{"name": "Council", "part": ASKS}]}
    )
    assert warned(made) == [
        ("/title", "asks_to_watch"), ("/scanning", "asks_to_watch"), ("/partners/0/part", "asks_to_watch"),
    ]  # fmt: skip
    assert made["entries"][0]["text"] == ASKS
    entry = desk.post(f"/problems/{made['id']}/entries", {"stage": "response", "text": ASKS})
    assert warned(entry) == [("/text", "asks_to_watch")]
    closed = desk.post(f"/problems/{made['id']}/closing", {"achieved": "reduced", "text": "It is quieter."})
    assert warned(closed) == []


def test_a_warning_says_why_in_the_language_of_the_account(police):
    desk = police.of(SUPERVISOR)
    body = {
        "month": "2026-09",
        "title": "Light",
        "text": ASKS,
        "agreed_with": [{"kind": "residents", "name": "Mill St"}],
    }
    made = desk.post("/priorities", body)
    assert warned(made) == [("/text", "asks_to_watch")]
    assert "Menschen beobachten" in made["warnings"][0]["message"]
    assert "warnings" not in desk.get(f"/priorities/{made['id']}").body


def test_triage_and_the_answer_to_an_officer_warn(police):
    report = police.observes(OFFICER)
    triaged = police.of(SUPERVISOR).post(
        f"/observations/{report['id']}/triage", {"route": "no_police_purpose", "reason": ASKS}
    )
    assert warned(triaged) == [("/reason", "asks_to_watch")]
    owed = police.owes(SUPERVISOR, state="open")
    mine = next(one for one in owed if one.get("report_reference") == report["reference"])
    answered = police.of(SUPERVISOR).post(
        "/feedback", {"obligation_id": mine["id"], "outcome": "no_further_action", "text": ASKS}
    )
    assert warned(answered) == [("/text", "asks_to_watch")]


def test_the_second_persons_reason_warns_too(police):
    raised = police.raises_flag(police.observes()["id"])
    assert warned(police.decides_flag(raised["id"], SECOND_PERSON, reason=ASKS)) == [
        ("/reason", "asks_to_watch")
    ]


def test_a_replay_warns_as_the_first_time(police):
    body = {"id": "6f1e8f62-5d0b-4e53-9f0e-3f5d9b3a1c11", "title": "Lamps", "scanning": ASKS}
    first, again = (police.of(SUPERVISOR).post("/problems", body) for _time in range(2))
    assert again.headers["Idempotent-Replay"] == "true"
    assert warned(first) == warned(again) == [("/scanning", "asks_to_watch")]


def test_a_reason_of_a_proposal_and_of_a_flag_is_kept_and_warns(police):
    until = (police.world.clock.now() + timedelta(days=2)).isoformat()
    asked = police.of(OFFICER).post(
        "/proposals", {"kind": "absence", "body": {"until": until, "reason": ASKS}}
    )
    assert warned(asked) == [("/body/reason", "asks_to_watch")]
    assert asked["reason"] == ASKS
    raised = police.raises_flag(police.observes()["id"], necessity=ASKS)
    assert ("/necessity", "asks_to_watch") in warned(raised)
    assert raised["necessity"] == ASKS
