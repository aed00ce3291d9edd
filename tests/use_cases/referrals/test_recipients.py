"""To whom a unit may give a report, what a recipient gets, and that nobody gets it twice."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from community_api.intelligence.chain.referrals.models import Referral
from community_api.intelligence.chain.reports.models import Dissemination
from tests.support.workflow import ANALYST, MANAGER, Police

# Every text that a case collects before it is sent, each with a word of its own.
SECRETS = {
    "facts": "Canary-facts: at 21:40 twelve bags went into garage 14.",
    "assessment": "Canary-opinion of the officer.",
    "description": "Canary-place behind the bakery.",
    "fact": "Canary-ground: twelve bags were carried at 21:40.",
    "alternative_explanation": "Canary-alternative.",
    "necessity": "Canary-necessity.",
    "proportionality": "Canary-proportion.",
    "label": "Canary-label",
    "identifying": "Canary-identity",
    "confirming": "Canary-confirmed.",
    "summary": "Canary-summary.",
    "evidence": "Canary-evidence.",
    "protective_factors": "Canary-protective.",
    "plan": "Canary-plan.",
    "source_reason": "Canary-source.",
    "information_reason": "Canary-information.",
    "residual_risk": "Canary-residual.",
    "approving": "Canary-approved.",
    "deciding": "Canary-decided.",
}
TEXT = "Sanitised-text: a bulk purchase was seen in the region."
ITEM = {
    "id", "reference", "unit", "level", "phase", "state", "owner", "due_at", "overdue", "paused_until",
    "opened_at", "parent_id", "procedure", "urgency", "grades", "earlier_closed", "report_id", "version",
}  # fmt: skip


def told_secretly(police: Police, *to_units: str) -> str:
    """A local case whose every text has a mark of its own, sent to units; its id."""
    place = {"lat": 51.2, "lon": 10.4, "precision": "exact", "description": SECRETS["description"]}
    report = police.observes(facts=SECRETS["facts"], assessment=SECRETS["assessment"], place=place)
    words: dict[str, Any] = {
        name: SECRETS[name] for name in ("alternative_explanation", "necessity", "proportionality")
    }
    subjects = [
        {
            "label": SECRETS["label"],
            "category": "other_contact",
            "age": "adult",
            "identifying": SECRETS["identifying"],
        }
    ]
    grounds = [{"indicator": "acquiring_materials", "fact": SECRETS["fact"]}]
    raised = police.raises_flag(report["id"], grounds=grounds, subjects=subjects, **words)
    said = police.decides_flag(raised["id"], reason=SECRETS["confirming"])
    case = police.referral_called(said["referral_reference"])
    factors = [{"code": "status", "evidence": SECRETS["evidence"]}]
    chosen: dict[str, Any] = {name: SECRETS[name] for name in ("summary", "protective_factors", "plan")}
    seen = police.takes_step(ANALYST, case, "assess", factors=factors, **chosen)
    reasons: dict[str, Any] = {name: SECRETS[name] for name in ("source_reason", "information_reason")}
    seen = police.takes_step(ANALYST, case, "evaluate", if_match=seen, **reasons)
    risk = SECRETS["residual_risk"]
    seen = police.takes_step(ANALYST, case, "sanitise", if_match=seen, text=TEXT, residual_risk=risk)
    seen = police.takes_step(
        "analyst2.lin", case, "approve_sanitised", if_match=seen, reason=SECRETS["approving"]
    )
    seen = police.takes_step(
        MANAGER, case, "decide", if_match=seen, outcome="escalate", reason=SECRETS["deciding"]
    )
    police.takes_step(MANAGER, case, "disseminate", if_match=seen, to_units=list(to_units))
    return case


def disseminations(police, report_id, who):
    path = f"/intelligence-reports/{report_id}/disseminations"
    listed = police.of(who).get(path, purpose="assessment").items
    return sorted((one["from_unit"], one["to_unit"], one["state"]) for one in listed)


# --- permitted edges ----------------------------------------------------------------------------------


@pytest.mark.parametrize("to_units", [["ost"], ["nor"], ["ost", "nor"], ["nor", "ost"]])
def test_a_local_unit_sends_to_its_region_to_the_nation_or_to_both(shared_police, to_units):
    case = shared_police.brings_to("sent", shared_police.confirmed(), to_units=to_units)
    sent = shared_police.reads_referral(case)
    assert (sent["state"], sent["phase"]) == ("sent", "waiting")
    for unit in to_units:
        child = shared_police.reads_referral(shared_police.referral_at(unit, parent=case), f"analyst1.{unit}")
        assert (child["state"], child["unit"]) == ("to_acknowledge", unit)


@pytest.mark.parametrize(
    "to_units",
    [["bru"], ["wes"], ["hav"], ["lin"], ["lin-a"], ["oversight"], ["sudria"], ["nowhere"], [],
     ["ost", "ost"], ["ost", "bru"], ["nor", "wes"], [None], "ost"],
)  # fmt: skip
def test_no_unit_receives_that_the_level_graph_does_not_permit(shared_police, standing, to_units):
    case = standing["to_disseminate"].id
    refused = shared_police.takes_step(MANAGER, case, "disseminate", to_units=to_units, expect=422)
    pointers = {error["pointer"] for error in refused["errors"]}
    assert pointers
    assert all(pointer.startswith("/fields/to_units") for pointer in pointers)


def test_the_form_names_the_permitted_recipients(shared_police, standing):
    case = standing["to_disseminate"].id
    form = shared_police.of(MANAGER).get(f"/referrals/{case}/actions").items[0]["fields"]
    assert sorted(form["properties"]["to_units"]["items"]["enum"]) == ["nor", "ost"]


def test_the_nation_passes_on_to_nobody_in_the_country_and_abroad_by_a_transfer_only(shared_police):
    police = shared_police
    case = police.brings_to("sent", police.confirmed(), to_units=["nor"])
    child = police.referral_at("nor", parent=case)
    police.takes_step("analyst1.nor", child, "acknowledge")
    police.takes_step("manager.nor", child, "decide", outcome="escalate")
    refused = police.takes_step("manager.nor", child, "disseminate", to_units=["ost"], expect=409)
    assert refused["code"] == "action_not_allowed"
    offered = [one["action"] for one in police.of("manager.nor").get(f"/referrals/{child}/actions").items]
    assert "transfer" in offered
    assert "disseminate" not in offered


# --- nobody gets it twice -----------------------------------------------------------------------------


def test_a_region_passes_on_to_the_nation_what_the_local_unit_sent_to_the_region_alone(shared_police):
    police = shared_police
    case = police.brings_to("sent", police.confirmed(), to_units=["ost"])
    regional = police.referral_at("ost", parent=case)
    police.takes_step("analyst1.ost", regional, "acknowledge")
    police.takes_step("manager.ost", regional, "decide", outcome="escalate")
    police.takes_step("manager.ost", regional, "disseminate", to_units=["nor"])
    national = police.referral_at("nor", parent=regional)
    report = police.reads_referral(case)["report_id"]
    assert police.reads_referral(national, "analyst1.nor")["report_id"] == report
    assert disseminations(police, report, "manager.ost") == [
        ("lin", "ost", "decided"),
        ("ost", "nor", "sent"),
    ]


def test_a_region_does_not_escalate_what_the_nation_already_holds(shared_police):
    police = shared_police
    case = police.brings_to("sent", police.confirmed(), to_units=["ost", "nor"])
    regional = police.referral_at("ost", parent=case)
    police.takes_step("analyst1.ost", regional, "acknowledge")
    offered = police.of("manager.ost").get(f"/referrals/{regional}/actions").items
    choices = offered[0]["fields"]["properties"]["outcome"]["enum"]
    assert "escalate" not in choices
    assert "investigate" in choices
    refused = police.takes_step("manager.ost", regional, "decide", outcome="escalate", expect=422)
    assert [error["pointer"] for error in refused["errors"]] == ["/fields/outcome"]
    assert police.takes_step("manager.ost", regional, "decide")["to_state"] == "to_feed_back"


def test_the_database_itself_lets_no_unit_hold_a_report_twice_until_it_was_recalled(world):
    police = Police(world)
    case = police.brings_to("sent", police.confirmed(), to_units=["nor"])
    with world.uow() as tx:
        row = tx.first(select(Dissemination))
    copy = {column.key: getattr(row, column.key) for column in Dissemination.__table__.columns}
    again = copy | {
        "id": world.unit_id("ost"),
        "child_id": world.unit_id("wes"),
        "from_unit_id": world.unit_id("ost"),
    }
    once_more = insert(Dissemination).values(again)
    with pytest.raises(IntegrityError), world.uow.database.engine.connect() as connection:
        connection.execute(once_more)
    with world.uow() as tx:
        tx.update_where(Dissemination, {"id": row.id}, {"state": "recalled"})
    with world.uow.database.engine.connect() as connection:
        connection.execute(once_more)
    assert case


# --- what a recipient gets ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def marked(shared_police):
    """A case with marks in every text, at lin, ost and nor, and the report's id."""
    case = told_secretly(shared_police, "ost", "nor")
    found = {unit: shared_police.referral_at(unit, parent=case) for unit in ("ost", "nor")}
    return {"lin": case, **found, "report": shared_police.reads_referral(case)["report_id"]}


@pytest.mark.parametrize("unit", ["ost", "nor"])
def test_a_recipient_sees_the_sanitised_report_and_nothing_of_what_the_sender_worked_on(
    shared_police, marked, unit
):
    seen = shared_police.reads_referral(marked[unit], f"analyst1.{unit}")
    assert set(seen.body) - {"written"} == ITEM | {
        "content", "report", "retention", "received", "earlier", "questions",
    }  # fmt: skip
    assert seen["content"] is None
    assert seen["report"]["text"] == TEXT
    assert seen["parent_id"] == marked["lin"]


@pytest.mark.parametrize("unit", ["ost", "nor"])
def test_no_word_of_the_sender_reaches_anybody_above(shared_police, marked, unit):
    case, report = marked[unit], marked["report"]
    heard = []
    for who in (f"analyst1.{unit}", f"analyst2.{unit}", f"manager.{unit}"):
        client = shared_police.of(who)
        heard += [
            client.get(path, purpose="assessment").body
            for path in (
                f"/referrals/{case}", f"/referrals/{case}/actions", f"/referrals/{case}/steps", "/referrals",
                f"/intelligence-reports/{report}", f"/intelligence-reports/{report}/disseminations",
                "/intelligence-reports",
            )
        ]  # fmt: skip
        heard.append(client.get("/duties").body)
        heard += [client.get("/feedback/obligations").body] if who.startswith("manager") else []
    everything = str(heard)
    assert TEXT in everything
    assert "anary" not in everything
    for name, secret in SECRETS.items():
        assert secret not in everything, name


@pytest.mark.parametrize("unit", ["ost", "nor"])
@pytest.mark.parametrize("below", ["", "/actions", "/steps"])
def test_the_senders_case_does_not_exist_for_a_recipient(shared_police, marked, unit, below):
    for who in (f"analyst1.{unit}", f"manager.{unit}"):
        answer = shared_police.of(who).get(
            f"/referrals/{marked['lin']}{below}", purpose="assessment", expect=404
        )
        assert answer.code == "not_found"


def test_nor_does_a_recipients_case_for_the_sender_or_another_recipient(shared_police, marked):
    for who, case in ((ANALYST, "ost"), (ANALYST, "nor"), ("analyst1.ost", "nor"), ("analyst1.nor", "ost")):
        shared_police.of(who).get(f"/referrals/{marked[case]}", purpose="assessment", expect=404)


def test_a_report_shows_exactly_its_own_fields(shared_police, marked):
    read = shared_police.of("analyst1.nor").get(
        f"/intelligence-reports/{marked['report']}", purpose="assessment"
    )
    assert set(read.body) == {
        "id", "number", "unit", "produced_at", "grades", "handling", "version", "text", "retention",
    }  # fmt: skip
    assert read["grades"] == [
        {"scheme": "4x4", "axis": "source", "code": "B", "derived_from": None},
        {"scheme": "4x4", "axis": "information", "code": "2", "derived_from": None},
    ]
    assert read["handling"] == {"scheme": "4x4", "code": "H1"}


def test_units_that_were_not_given_a_report_do_not_know_it(shared_police, marked):
    for who in ("analyst1.bru", "analyst1.wes", "manager.wes"):
        shared_police.of(who).get(
            f"/intelligence-reports/{marked['report']}", purpose="assessment", expect=404
        )
        listed = shared_police.of(who).pages("/intelligence-reports")
        assert marked["report"] not in [one["id"] for one in listed]


def test_a_recipient_sees_its_own_giving_and_the_originator_sees_all(shared_police, marked):
    report = marked["report"]
    assert disseminations(shared_police, report, MANAGER) == [("lin", "nor", "sent"), ("lin", "ost", "sent")]
    assert disseminations(shared_police, report, "manager.ost") == [("lin", "ost", "sent")]
    assert disseminations(shared_police, report, "manager.nor") == [("lin", "nor", "sent")]


def test_a_giving_follows_what_its_recipient_does(shared_police):
    police = shared_police
    case = police.brings_to("sent", police.confirmed())
    report, child = police.reads_referral(case)["report_id"], police.referral_at("ost", parent=case)
    states = [disseminations(police, report, MANAGER)[0][2]]
    police.takes_step("analyst1.ost", child, "acknowledge")
    states.append(disseminations(police, report, MANAGER)[0][2])
    police.takes_step("manager.ost", child, "decide")
    states.append(disseminations(police, report, MANAGER)[0][2])
    assert states == ["sent", "acknowledged", "decided"]


def test_each_recipient_has_a_case_of_its_own_under_one_report(shared_police, marked):
    with shared_police.world.uow() as tx:
        rows = tx.all(select(Referral).where(Referral.parent_id.is_not(None)))
    ours = [row for row in rows if str(row.report_id) == marked["report"]]
    assert {str(row.id) for row in ours} == {marked["ost"], marked["nor"]}
    assert all(row.flag_id is None and row.sealed is None for row in ours)
