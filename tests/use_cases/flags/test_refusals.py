"""Why a flag is refused, in which order, and that the report stays where it was each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.community.observations.models import Observation
from community_api.core.database.tables import CommandRecord
from community_api.intelligence.flags.models import Flag, Ground
from community_api.intelligence.indicators.loader import LISTS, declared_lists
from tests.support.factories import START
from tests.support.workflow import (
    BEHAVIOUR,
    COLLEAGUE,
    OFFICER,
    SECOND_PERSON,
    SUPERVISOR,
    TRAITS,
    at_once,
    flag,
    ground,
)

NINETEEN, TWENTY = "Nineteen characters", "Twenty characters ok"
NON_INDICATORS = sorted(declared_lists(LISTS)["verlt", 1].non_indicators)


# --- training -------------------------------------------------------------------------------------


def test_without_a_valid_certificate_the_supervisors_are_asked_and_named(police):
    report = police.observes(COLLEAGUE)
    refused = police.raises_flag(report["id"], COLLEAGUE, expect=403)
    assert (refused.code, refused["asked"]) == ("training_required", "supervisor.lin-a")
    assert police.duties(SUPERVISOR, report["id"]) == ["training_required", "triage"]
    assert police.of(COLLEAGUE).get(f"/observations/{report['id']}")["status"] == "received"


def test_the_supervisors_are_asked_once_however_often_the_officer_tries(police):
    report = police.observes(COLLEAGUE)
    for _time in range(3):
        police.raises_flag(report["id"], COLLEAGUE, expect=403)
    assert police.duties(SUPERVISOR, report["id"]) == ["training_required", "triage"]


def test_supervisors_elsewhere_are_not_asked(police):
    report = police.observes(COLLEAGUE)
    police.raises_flag(report["id"], COLLEAGUE, expect=403)
    assert police.duties(SECOND_PERSON, report["id"]) == []


def test_the_duty_ends_when_somebody_certified_raises_the_flag(police):
    report = police.observes(COLLEAGUE)
    police.raises_flag(report["id"], COLLEAGUE, expect=403)
    assert police.raises_flag(report["id"], SUPERVISOR)["status"] == "awaiting_second_person"
    assert police.duties(SUPERVISOR, report["id"]) == ["triage"]


def test_the_duty_ends_when_the_report_is_withdrawn(police):
    report = police.observes(COLLEAGUE)
    police.raises_flag(report["id"], COLLEAGUE, expect=403)
    police.of(COLLEAGUE).post(f"/observations/{report['id']}/withdrawal", {"reason": "Not what I thought."})
    assert police.duties(SUPERVISOR, report["id"]) == []


@pytest.mark.parametrize(("utc_hour", "allowed"), [(22, True), (23, False)])
def test_a_certificate_counts_to_the_end_of_its_last_day_where_the_unit_is(alone, certify, utc_hour, allowed):
    """Half an hour past these hours it is 23:30 in Lindhaven, and 00:30 on the next day."""
    report = alone.observes()
    certify(alone.world, OFFICER, expires_at=datetime(2026, 3, 3, tzinfo=UTC))
    alone.world.clock.set(datetime(2026, 3, 2, utc_hour, 30, tzinfo=UTC))
    answer = alone.raises_flag(report["id"], expect=201 if allowed else 403)
    assert answer.code == (None if allowed else "training_required")


def test_a_certificate_counts_on_the_day_the_flag_is_received_not_on_the_day_it_happened(alone, certify):
    """The certificate was good when the officer saw it; two days later, back from the mountain, it is not."""
    certify(alone.world, OFFICER, expires_at=START + timedelta(days=1))
    report = alone.observes()
    alone.world.clock.advance(timedelta(days=2))
    assert alone.raises_flag(report["id"], expect=403).code == "training_required"


def test_renewing_a_certificate_does_not_date_back(alone, certify):
    report = alone.observes(COLLEAGUE)
    body = {"id": str(uuid4()), **flag()}
    path = f"/observations/{report['id']}/flags"
    assert alone.of(COLLEAGUE).post(path, body, expect=403).code == "training_required"
    tomorrow = START + timedelta(days=1)
    certify(alone.world, COLLEAGUE, passed_at=tomorrow, expires_at=tomorrow + timedelta(days=365))
    assert alone.of(COLLEAGUE).post(path, body, expect=403).code == "training_required"
    alone.world.clock.advance(timedelta(days=1))
    raised = alone.of(COLLEAGUE).post(path, body, expect=201)
    assert raised["raised_at"].startswith("2026-03-03")


def test_a_revoked_certificate_is_none(alone, certify):
    report = alone.observes()
    certify(alone.world, OFFICER, revoked_at=START, revoked_by=alone.world.person_id("trainer.nor"))
    assert alone.raises_flag(report["id"], expect=403).code == "training_required"


# --- what may not be a ground ---------------------------------------------------------------------


@pytest.mark.parametrize("trait", NON_INDICATORS)
def test_what_somebody_is_believes_or_wears_is_never_a_ground(police, trait):
    refused = police.raises_flag(police.observes()["id"], OFFICER, trait, expect=422)
    assert refused.code == "protected_ground_only"
    assert [error["pointer"] for error in refused["errors"]] == ["/grounds/0/indicator"]


def test_the_list_of_what_is_never_a_sign_holds_what_it_must():
    assert set(TRAITS) <= set(NON_INDICATORS)


def test_many_protected_grounds_are_no_ground_either(police):
    refused = police.raises_flag(police.observes()["id"], OFFICER, *TRAITS, expect=422)
    assert refused.code == "protected_ground_only"
    assert len(refused["errors"]) == len(TRAITS)


def test_a_real_ground_beside_a_protected_one_passes_for_a_second_person_to_judge(police):
    raised = police.raises_flag(police.observes()["id"], OFFICER, "religion", BEHAVIOUR)
    assert raised["status"] == "awaiting_second_person"
    read = police.of(SECOND_PERSON).get(f"/flags/{raised['id']}", purpose="supervision")
    assert [one["indicator"] for one in read["grounds"]] == ["religion", BEHAVIOUR]
    said = police.decides_flag(raised["id"], stands_without_protected_ground="no", decision="refused")
    assert said["flag"]["status"] == "refused"


def test_what_does_not_stand_without_a_protected_ground_is_confirmed_by_nobody(police):
    raised = police.raises_flag(police.observes()["id"], OFFICER, "religion", BEHAVIOUR)
    refused = police.decides_flag(raised["id"], expect=422, stands_without_protected_ground="no")
    assert refused.code == "validation_failed"
    assert [(error["pointer"], error["code"]) for error in refused["errors"]] == [
        ("/decision", "does_not_stand")
    ]
    assert police.of("analyst1.lin").get("/referrals").items == []
    # It waits as before: the second person says it again, one way or the other.
    read = police.of(SECOND_PERSON).get(f"/flags/{raised['id']}", purpose="supervision")
    assert read["status"] == "awaiting_second_person"
    assert police.decides_flag(raised["id"])["flag"]["status"] == "confirmed"


def test_an_indicator_that_no_list_knows_is_pointed_at(police):
    report = police.observes()
    refused = police.raises_flag(report["id"], OFFICER, BEHAVIOUR, "looks_odd", expect=422)
    assert refused.code == "indicator_unknown"
    assert [error["pointer"] for error in refused["errors"]] == ["/grounds/1/indicator"]


@pytest.mark.parametrize(
    ("fact", "refused"),
    [(NINETEEN, True), (f"   {NINETEEN}\n", True), (TWENTY, False)],
)
def test_a_fact_has_twenty_characters(police, fact, refused):
    answer = police.raises_flag(
        police.observes()["id"], grounds=[ground(), ground(fact=fact)], expect=422 if refused else 201
    )
    if refused:
        assert answer.code == "fact_too_thin"
        assert [error["pointer"] for error in answer["errors"]] == ["/grounds/1/fact"]


@pytest.mark.parametrize(
    "fact",
    [
        "At 21:40 a man whom neighbours call a Muslim carried twelve bags into garage 14.",
        "À 21 h 40 un homme que ses voisins disent musulman a porté douze sacs au garage 14.",
        "В 21:40 мужчина, которого соседи называют мусульманином, отнёс двенадцать мешков в гараж 14.",  # noqa: RUF001
        "21.40 val. vyras, kurį kaimynai vadina musulmonu, nunešė dvylika maišų į garažą 14.",
    ],
)
def test_protected_words_in_a_fact_are_warned_of_and_never_refused(police, fact):
    raised = police.raises_flag(police.observes()["id"], grounds=[ground(fact=fact)])
    assert [(one["pointer"], one["code"]) for one in raised["warnings"]] == [
        ("/grounds/0/fact", "protected_terms")
    ]
    assert "protected_terms" not in raised["warnings"][0]["message"]


def test_a_flag_without_such_words_is_not_warned_of(police):
    assert police.raises_flag(police.observes()["id"])["warnings"] == []


# --- one at a time, by the list in force ----------------------------------------------------------


def test_one_flag_waits_on_a_report_at_a_time(police):
    report = police.observes()
    police.raises_flag(report["id"])
    assert police.raises_flag(report["id"], expect=409).code == "flag_open"
    assert police.raises_flag(report["id"], SUPERVISOR, expect=409).code == "flag_open"


def test_of_twenty_flags_at_the_same_moment_one_waits(alone):
    report = alone.observes()
    path = f"/observations/{report['id']}/flags"
    raising = [
        lambda item, who=who: item.of(who).call("POST", path, body=flag())
        for who in (OFFICER, SUPERVISOR)
        for _time in range(10)
    ]
    answers = at_once(alone.world, raising)
    assert sorted(answer.status for answer in answers) == [201] + [409] * 19
    assert {answer.code for answer in answers} == {None, "flag_open"}
    with alone.world.uow() as tx:
        assert len(tx.all(select(Flag))) == len(tx.all(select(Ground))) == 1


def test_a_list_that_never_was_is_no_list(police):
    refused = police.raises_flag(police.observes()["id"], indicator_list_version=7, expect=409)
    assert refused.code == "indicator_list_superseded"


@pytest.mark.parametrize(
    ("happened", "received", "allowed"),
    [("before", 29, True), ("before", 31, False), ("after", 1, False)],
)
def test_a_superseded_list_may_be_cited_a_while_for_what_happened_under_it(
    alone, newer_list, happened, received, allowed
):
    seen = alone.world.clock.now()
    alone.world.clock.advance(timedelta(hours=1))
    newer_list(alone.world)
    alone.world.clock.advance(timedelta(days=received))
    when = seen if happened == "before" else alone.world.clock.now() - timedelta(minutes=30)
    report = alone.observes(occurred_at=when.isoformat())
    answer = alone.raises_flag(report["id"], expect=201 if allowed else 409)
    assert answer.code == (None if allowed else "indicator_list_superseded")
    assert alone.raises_flag(alone.observes()["id"], indicator_list_version=2)["indicator_list_version"] == 2


# --- order ----------------------------------------------------------------------------------------


def test_training_is_asked_before_everything_that_a_flag_says(police):
    report = police.observes(COLLEAGUE)
    police.raises_flag(report["id"], SUPERVISOR)
    refused = police.raises_flag(report["id"], COLLEAGUE, "religion", indicator_list_version=7, expect=403)
    assert refused.code == "training_required"


def test_a_flag_that_waits_is_told_before_the_list_and_the_grounds(police):
    report = police.observes()
    police.raises_flag(report["id"])
    refused = police.raises_flag(report["id"], OFFICER, "religion", indicator_list_version=7, expect=409)
    assert refused.code == "flag_open"


def test_the_list_is_judged_before_the_grounds(police):
    refused = police.raises_flag(
        police.observes()["id"], OFFICER, "religion", indicator_list_version=7, expect=409
    )
    assert refused.code == "indicator_list_superseded"


def test_grounds_are_judged_before_facts(police):
    thin = [ground("religion", NINETEEN)]
    assert (
        police.raises_flag(police.observes()["id"], grounds=thin, expect=422).code == "protected_ground_only"
    )
    thin = [ground("looks_odd", NINETEEN)]
    assert police.raises_flag(police.observes()["id"], grounds=thin, expect=422).code == "indicator_unknown"


@pytest.mark.parametrize(
    "fault", [{"necessity": " "}, {"grounds": []}, {"score": 7}, {"kind": "ordinary"}, {"subjects": [{}]}]
)
def test_a_body_that_is_no_flag_is_refused_before_anybody_is_asked(police, fault):
    report = police.observes(COLLEAGUE)
    assert police.raises_flag(report["id"], COLLEAGUE, expect=422, **fault).code == "validation_failed"
    assert police.duties(SUPERVISOR, report["id"]) == ["triage"]


# --- the report -----------------------------------------------------------------------------------


def test_a_colleagues_report_cannot_be_flagged_and_is_not_known_to_exist(police):
    report = police.observes()
    there = police.raises_flag(report["id"], "officer1.lin-b", expect=404)
    absent = police.raises_flag(str(uuid4()), "officer1.lin-b", expect=404)
    assert {**there.body, "instance": ""} == {**absent.body, "instance": ""}
    assert police.raises_flag(report["id"], "supervisor.lin-b", expect=404).code == "not_found"


@pytest.mark.parametrize("who", ["analyst1.lin", "manager.lin", "registrar.lin", "admin1.nor"])
def test_whoever_has_no_reports_raises_no_flags(police, who):
    assert police.raises_flag(police.observes()["id"], who, expect=403).code == "role_not_allowed"


def test_an_erased_report_is_gone(alone):
    report = alone.observes()
    with alone.world.uow() as tx:
        erased = {"sealed": None, "erased_at": tx.now}
        tx.update_where(Observation, {"reference": report["reference"]}, erased)
    assert alone.raises_flag(report["id"], expect=410).code == "erased"


def test_a_refused_flag_leaves_no_trace_of_its_id_and_may_be_sent_again(alone):
    report = alone.observes()
    body = {"id": str(uuid4()), **flag("religion")}
    path = f"/observations/{report['id']}/flags"
    alone.of(OFFICER).post(path, body, expect=422)
    with alone.world.uow() as tx:
        assert [one.kind for one in tx.all(select(CommandRecord))] == ["POST /api/v1/observations"]
        assert tx.all(select(Flag)) == []
    assert alone.of(OFFICER).post(path, {**body, **flag()}, expect=201)["id"] == body["id"]
