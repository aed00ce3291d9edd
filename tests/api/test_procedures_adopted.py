"""The life of a version over HTTP: proposed, checked, tried, approved by another, in force from its day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from community_api import procedures
from community_api.core.errors import StartupError
from community_api.core.i18n.translations import Sentence
from community_api.procedure_engine import repository
from community_api.procedure_engine.language.readers import FindingCollector
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.verification import consistency
from community_api.server.preflight import prove_procedures
from tests.api.access.proposal_steps import decide
from tests.api.procedure_adoption import (
    NATION,
    NEWEST,
    QUICKER,
    UNHEARD,
    active,
    adopt,
    further,
    propose,
    today,
)
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST, MANAGER, OTHER_ANALYST, Police

# --- proposed and approved ----------------------------------------------------------------------------


def test_a_version_is_in_force_from_its_day_once_another_person_has_approved_it(world: World) -> None:
    proposal = propose(world, further(today(world, 3), QUICKER))
    assert active(world) == [("osce-baseline", NEWEST)], "one person alone changes nothing"
    decide(world, proposal)
    assert active(world) == [("osce-baseline", NEWEST)], "its day has not come"
    world.clock.advance(timedelta(days=3))
    assert active(world) == [("osce-baseline", NEWEST + 1)]


def test_the_same_file_is_shown_and_drawn_as_any_other_version(world: World) -> None:
    adopt(world, further(today(world), QUICKER))
    path = f"/procedures/osce-baseline/versions/{NEWEST + 1}"
    analyst = world.client(ANALYST)
    assert analyst.get(path)["version"] == NEWEST + 1
    found = {one["place"] for one in analyst.get(f"{path}/differences")["differences"]}
    assert found == {"procedure.effective_from", "stages.to_decide.clock"}
    assert analyst.get(f"{path}/diagram").status == 200


def test_running_cases_keep_their_version_and_new_ones_take_the_adopted_one(world: World) -> None:
    police = Police(world)
    old = police.brings_to("to_approve", police.confirmed())
    adopt(world, further(today(world), QUICKER))
    young = police.brings_to("to_approve", police.confirmed())
    for case, version, due in ((old, NEWEST, "2026-03-30"), (young, NEWEST + 1, "2026-03-16")):
        police.takes_step(OTHER_ANALYST, case, "approve_sanitised")
        read = police.reads_referral(case)
        assert (read["procedure"]["version"], read["due_at"][:10]) == (version, due)


def test_another_process_takes_it_at_the_next_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = world.beside()
    try:
        Police(other).confirmed()
        adopt(world, further(today(world), QUICKER))
        case = Police(world).confirmed()
        read = Police(other).reads_referral(case)
        assert read["procedure"]["version"] == NEWEST + 1
        assert read["state"] == "to_assess"
    finally:
        other.close()


def test_a_procedure_of_another_name_takes_the_place_of_the_first(world: World) -> None:
    text = further(today(world), ("  name: osce-baseline\n", "  name: norland\n"), version=1)
    adopt(world, text)
    assert active(world) == [("norland", 1)]
    first = world.client(ANALYST).get("/procedures").items[0]
    assert (first["name"], first["active"]) == ("norland", True), "what is in force stands first"
    police = Police(world)
    assert police.reads_referral(police.confirmed())["procedure"]["name"] == "norland"


# --- refused ----------------------------------------------------------------------------------------


def wrong(answer: Answer) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer["errors"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (
            further("2026-03-05", UNHEARD),
            "pack_unsound",
        ),
        ("no pack at all", "pack_unsound"),
        (further("2026-03-05", ("language_version: 3", "language_version: 2")), "old_pack_language"),
        (further("2026-03-05", version=NEWEST), "not_a_further_version"),
        (further("2025-03-05"), "begins_in_the_past"),
    ],
)
def test_what_is_no_sound_further_version_cannot_even_be_proposed(
    shared_world: World, content: str, code: str
) -> None:
    assert ("/body/content", code) in wrong(propose(shared_world, content, expect=422))


def test_every_mistake_is_told_with_its_line_in_the_callers_words(shared_world: World) -> None:
    text = further(
        "2026-03-05",
        (
            "phase: waiting\n    owner: intelligence_manager\n    clock: {working_days: 30}",
            "phase: resting\n    owner: intelligence_manager\n    clock: {working_days: 30}",
        ),
    )
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "resting" in row)
    (error,) = propose(shared_world, text, expect=422)["errors"]
    assert error["message"].startswith(f"Line {line}, column 12: there is no phase")


def test_two_proposals_of_one_number_leave_one_version(world: World) -> None:
    first, second = (propose(world, further(today(world), QUICKER)) for _ in range(2))
    decide(world, first)
    answer = decide(world, second, expect=409)
    assert answer.code == "proposal_lapsed"


@pytest.mark.parametrize("who", ["manager.lin", "manager.ost", "analyst1.nor", "dpo.nor", "admin1.nor"])
def test_only_the_national_manager_proposes(shared_world: World, who: str) -> None:
    propose(shared_world, further("2026-03-05"), by=who, expect=403)


@pytest.mark.parametrize(
    ("who", "status"), [(NATION, 403), ("manager.lin", 404), ("records.nor", 404), ("admin1.nor", 403)]
)
def test_only_the_data_protection_officer_approves(world: World, who: str, status: int) -> None:
    proposal = propose(world, further(today(world)))
    decide(world, proposal, by=who, expect=status)
    assert active(world) == [("osce-baseline", NEWEST)]
    assert [one["kind"] for one in world.client("dpo.nor").pages("/duties")] == ["proposal_decide"]


def test_what_was_refused_leaves_nothing(world: World) -> None:
    decide(world, propose(world, further(today(world))), "refused")
    known = world.client(ANALYST).get("/procedures").items
    assert NEWEST + 1 not in {one["version"] for one in known if one["name"] == "osce-baseline"}


# --- tried --------------------------------------------------------------------------------------------


def trial(world: World, content: str, *, by: str = NATION, last: int = 50) -> Any:
    return world.client(by).post("/procedures/trial", {"content": content, "last": last}, expect=200).body


def closed_case(police: Police) -> str:
    case = police.brings_to("to_decide", police.confirmed())
    police.takes_step(MANAGER, case, "decide")
    police.answers_everything(MANAGER)
    police.takes_step(MANAGER, case, "close")
    return case


def test_a_trial_tells_in_numbers_what_would_have_differed(world: World) -> None:
    police = Police(world)
    for _ in range(2):
        closed_case(police)
    assert trial(world, further(today(world))) == {"replayed": 2, "same": 2, "differences": []}
    title = "        title: Summary conclusion\n        text: What the facts"
    longer = (title, f"        min_length: 4000\n{title}")
    found = trial(world, further(today(world), QUICKER, longer))
    assert found["same"] == 0
    assert [(one["action"], one["what"], one["after"], one["fields"]) for one in found["differences"]] == [
        ("assess", "refused", "validation_failed", ["/summary"])
    ]
    found = trial(world, further(today(world), QUICKER))
    (one,) = found["differences"]
    assert (one["action"], one["what"], one["cases"]) == ("approve_sanitised", "deadline", 2)
    assert one["days_later"] == [-13.96, -13.96], "two weeks, and the clock goes forward in between"


def step(police: Police, who: str, case: str, action: str, **fields: Any) -> None:
    body = {"action": action, "fields": fields}
    police.of(who).post(f"/referrals/{case}/steps", body, if_match=police.tag_of(case, who))


def test_what_cannot_be_put_before_the_engine_again_is_no_difference(world: World) -> None:
    """A recall that another unit confirmed and a consent that was asked, under their own version."""
    police, region = Police(world), "manager.ost"
    case = police.brings_to("sent", police.confirmed(), handling_code="H2")
    held = police.referral_at("ost", parent=case)
    police.takes_step("analyst1.ost", held, "acknowledge")
    step(police, region, held, "ask_originator", use="pass_on", reason="To compare.")
    [question] = police.reads_referral(case, MANAGER)["questions"]
    step(police, MANAGER, case, "answer_originator", question=question["id"], answer="agreed", reason="Yes.")
    step(police, MANAGER, case, "recall", reason="Another man of that name.")
    step(police, region, held, "confirm_recall", measure="erased")
    for who, one in ((region, held), (MANAGER, case)):
        police.answers_everything(who)
        police.takes_step(who, one, "close")
    assert trial(world, further(today(world))) == {"replayed": 2, "same": 2, "differences": []}


def test_a_trial_tells_of_deadlines_that_the_product_itself_sets_off(world: World) -> None:
    police = Police(world)
    case = police.brings_to("sent", police.confirmed())
    police.finishes("ost", police.referral_at("ost", parent=case))
    police.answers_everything(MANAGER)
    police.takes_step(MANAGER, case, "close")
    before = (
        "    title: Feedback to be given\n    phase: open\n    owner: intelligence_manager\n"
        "    clock: {working_days: 5}"
    )
    shorter = further(today(world), (before, before.replace("5}", "3}")))
    found = {one["action"]: one["what"] for one in trial(world, shorter)["differences"]}
    assert found == {"decide": "deadline", "recipients_finished": "deadline"}


def test_a_trial_changes_nothing_and_names_no_case(world: World) -> None:
    police = Police(world)
    case = closed_case(police)
    before = police.reads_referral(case)
    told = trial(world, further(today(world), QUICKER))
    assert case not in str(told)
    assert before["reference"] not in str(told)
    assert police.reads_referral(case)["version"] == before["version"]
    assert active(world) == [("osce-baseline", NEWEST)]


def test_an_unsound_pack_is_not_tried_but_told_line_by_line(shared_world: World) -> None:
    client = shared_world.client("dpo.nor")
    answer = client.post("/procedures/trial", {"content": "levels: []"}, expect=422)
    assert wrong(answer)[0] == ("/content", "pack_unsound")


def test_a_case_keeps_an_approved_version_that_a_stricter_checker_would_not_take(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    police = Police(world)
    adopt(world, further(today(world), QUICKER))
    case = police.confirmed()

    def stricter(pack: Pack, notebook: FindingCollector) -> None:
        notebook.note_at((), Sentence("this was allowed once"))

    monkeypatch.setattr(consistency, "examine", stricter)
    procedures.forget(world.uow.database.engine)
    police.takes_step(ANALYST, case, "assess")
    assert police.reads_referral(case)["state"] == "to_evaluate"
    with pytest.raises(StartupError, match="this was allowed once"):
        prove_procedures(world.uow)


def test_what_is_wrong_with_a_pack_or_a_list_is_told_in_the_language_of_whoever_wrote_it(
    world: World,
) -> None:
    client = world.client("dpo.nor")
    client.patch("/me", {"language": "de"}, if_match=client.get("/me"))
    (said, *_) = client.post("/procedures/trial", {"content": "levels: []"}, expect=422)["errors"]
    assert said["message"] == "Zeile 1, Spalte 1: hier fehlt der Schlüssel `actions`."
    manager = world.client(NATION)
    manager.patch("/me", {"language": "de"}, if_match=manager.get("/me"))
    body = {"kind": "indicator_list", "body": {"content": "title: Liste", "reason": "Was fehlt."}}
    (said,) = manager.post("/proposals", body, expect=422)["errors"]
    assert said["message"].startswith("Die Liste kann nicht in Kraft treten: fehlt oder ist nicht bekannt:")


def test_what_was_adopted_under_a_number_stays_when_the_product_ships_another_one_under_it(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    police = Police(world)
    adopt(world, further(today(world), QUICKER))
    case = police.confirmed()
    for path in repository.files().values():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / f"osce-baseline.v{NEWEST + 1}.yaml").write_text(further("2026-01-01"), encoding="utf-8")
    monkeypatch.setattr(repository, "SHIPPED", tmp_path)
    shipped = repository.pack("osce-baseline", NEWEST + 1)
    assert active(world) == [("osce-baseline", NEWEST + 1)]
    kept = police.reads_referral(case)["procedure"]["hash"]
    with world.uow() as tx:
        assert procedures.version(tx, "osce-baseline", NEWEST + 1).hash == kept != shipped.hash
        again = procedures.version(tx, "osce-baseline", NEWEST + 1, content_hash=shipped.hash)
        assert again is shipped, "a case that began on the shipped one keeps it"
    known = [one["version"] for one in world.client(ANALYST).get("/procedures").items]
    assert known.count(NEWEST + 1) == 1


# --- the installation ---------------------------------------------------------------------------------


def test_a_version_that_nobody_knows_is_a_key_error(world: World) -> None:
    with world.uow() as tx, pytest.raises(KeyError, match="osce-baseline 77"):
        procedures.version(tx, "osce-baseline", 77)


@pytest.mark.parametrize("number", [12, pytest.param(500, marks=pytest.mark.torture)])
def test_a_version_that_is_adopted_with_many_cases_on_their_way_lets_each_end_by_its_own(
    world: World, number: int
) -> None:
    police = Police(world)
    stations = ("to_assess", "to_evaluate", "to_sanitise", "to_approve", "to_decide")
    stages = [stations[index % len(stations)] for index in range(number)]
    cases = [police.brings_to(stage, police.confirmed()) for stage in stages]
    adopt(world, further(today(world), QUICKER))
    way: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (ANALYST, "assess", {}),
        (ANALYST, "evaluate", {}),
        (ANALYST, "sanitise", {}),
        (OTHER_ANALYST, "approve_sanitised", {}),
        (MANAGER, "decide", {}),
    )
    for case, stage in zip(cases, stages, strict=True):
        for who, action, told in way[stations.index(stage) :]:
            police.takes_step(who, case, action, **told)
    police.answers_everything(MANAGER)
    for case in cases:
        police.takes_step(MANAGER, case, "close")
        read = police.reads_referral(case, MANAGER)
        assert (read["phase"], read["procedure"]["version"]) == ("ended", NEWEST)
    assert police.reads_referral(police.confirmed())["procedure"]["version"] == NEWEST + 1
