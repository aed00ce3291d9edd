"""The shipped baseline is the contract's procedure: its table, its lists, its clocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from community_api.core.retention import CLASSES
from community_api.procedure_engine import repository
from community_api.procedure_engine.engine import feedback_clocks, flag_rules
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.pack.definition import Field
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.repository import SHIPPED, active, pack, packs
from tests.unit.procedure_engine.chain import OSLO, TUESDAY, baseline

TEXT = (SHIPPED / "osce-baseline.v1.yaml").read_text(encoding="utf-8")
EVERY_TYPE = Path(__file__).parent / "packs" / "every-type.v1.yaml"


def test_states_are_those_of_the_contract():
    assert " ".join(stage.code for stage in baseline().stages) == (
        "to_assess to_evaluate to_sanitise to_approve to_decide to_disseminate sent to_acknowledge "
        "to_feed_back closed"
    )


# Action, fields as the contract spells them (a question mark: optional).
FIELDS = (
    ("assess", "outcome summary factors protective_factors plan ideology changed_since_last?"),
    (
        "evaluate",
        "scheme source_grade source_reason information_grade information_reason malicious_suspected",
    ),
    ("sanitise", "text residual_risk"),
    ("approve_sanitised", "decision reason"),
    ("decide", "outcome reason review_on feedback_outcome"),
    ("disseminate", "to_units purpose legal_basis handling_code conditions? need_to_know"),
    ("acknowledge", ""),
    ("close", "reason"),
)


def spelled(field: Field) -> str:
    return field.code if field.required and not field.required_when else f"{field.code}?"


@pytest.mark.parametrize(("action", "fields"), FIELDS)
def test_fields_are_those_of_the_contract(action, fields):
    form = baseline().action_by_code[action].form
    asked = baseline().form_by_code[form].fields if form else ()
    assert " ".join(map(spelled, asked)) == fields


def test_actions_are_those_of_the_contract():
    assert [action.code for action in baseline().actions] == [action for action, _fields in FIELDS]


def test_feedback_outcomes_are_those_of_the_contract():
    assert "|".join(baseline().feedback_titles) == (
        "retained_useful|acted_on|handled_in_community|support_arranged|more_facts_needed|no_further_action|"
        "identity_error|procedure_refused|still_open|cannot_say"
    )


def test_retention_classes_are_those_that_the_product_declares():
    for declared in baseline().retention:
        known = CLASSES[declared.code]
        assert (declared.review_after_days, declared.at_most_days) == (known.days, known.hard_days)


def test_grading_is_4x4_with_the_handling_codes_of_europol():
    axes = baseline().axis_titles
    assert {axis: "".join(values) for (_scheme, axis), values in axes.items()} == {
        "source": "ABCX",
        "information": "1234",
        "handling": "H0H1H2H3",
    }


def test_header_says_that_it_is_an_example():
    header = baseline().header
    assert "example to adapt with counsel, not the official procedure" in header.notice
    assert (header.language_version, header.name, header.version) == (1, "osce-baseline", 1)


@pytest.mark.parametrize(
    ("ages", "needed"),
    [
        ([], False),
        (["adult"], False),
        (["adult", "adult"], False),
        (["child"], True),
        (["unknown"], True),
        (["adult", "unknown"], True),
    ],
)
def test_a_subject_who_is_or_may_be_a_child_needs_the_cosign(ages, needed):
    assert flag_rules.cosign_required(baseline(), ages) is needed


def test_clocks_of_a_flag():
    assert flag_rules.decision_due(baseline(), TUESDAY, OSLO).isoformat() == "2026-02-04T22:59:59+00:00"
    assert flag_rules.cosign_due(baseline(), TUESDAY, OSLO).isoformat() == "2026-02-03T17:30:00+00:00"
    assert flag_rules.lapses_at(baseline(), TUESDAY, OSLO).isoformat() == "2026-02-17T22:59:59+00:00"


@pytest.mark.parametrize(
    ("point", "owed_by"),
    [
        ("triage", "supervisor"),
        ("closing", "supervisor"),
        ("flag_decision", "supervisor"),
        ("ruling", "supervisor"),
        ("assessment", "intelligence_manager"),
        ("decision", "intelligence_manager"),
    ],
)
def test_every_decision_is_answered_within_five_working_days_by_the_right_post(point, owed_by):
    assert feedback_clocks.rule(baseline(), point).owed_by == owed_by
    due = feedback_clocks.answer_due(baseline(), point, TUESDAY, OSLO)
    assert due.isoformat() == "2026-02-10T22:59:59+00:00"


def test_a_point_that_the_pack_does_not_know_has_no_clock():
    with pytest.raises(KeyError):
        feedback_clocks.rule(baseline(), "rumour")


# --- a version never changes -----------------------------------------------------------------

LAYOUT: tuple[tuple[str, Any], ...] = (
    ("a comment more", lambda text: text + "\n# read and found good\n"),
    ("blank lines", lambda text: text.replace("\n\n", "\n\n\n")),
    ("other quotes", lambda text: text.replace('"4x4"', "'4x4'")),
    (
        "keys in another order",
        lambda text: text.replace(
            "    phase: waiting\n    owner: intelligence_manager\n",
            "    owner: intelligence_manager\n    phase: waiting\n",
        ),
    ),
)


@pytest.mark.parametrize(("what", "change"), LAYOUT)
def test_layout_is_no_content(what, change):
    assert change(TEXT) != TEXT
    assert parse(change(TEXT).encode(), "x").hash == baseline().hash


@pytest.mark.parametrize(
    ("passage", "instead"),
    [
        ("{working_days: 20}\n    urgent", "{working_days: 21}\n    urgent"),
        ("title: Closed\n", "title: Ended\n"),
        ("[child, unknown]", "[unknown, child]"),
        ("roles: [analyst, intelligence_manager]", "roles: [intelligence_manager]"),
    ],
)
def test_every_change_of_content_changes_the_hash(passage, instead):
    assert passage in TEXT
    assert parse(TEXT.replace(passage, instead).encode(), "x").hash != baseline().hash


# --- the shelf -------------------------------------------------------------------------------


def test_packs_are_read_once():
    first = next(one for one in packs() if (one.name, one.version) == ("osce-baseline", 1))
    assert pack("osce-baseline", 1) is pack("osce-baseline", 1) is first


def test_an_unknown_version_is_a_key_error():
    with pytest.raises(KeyError, match="osce-baseline 99"):
        repository.pack("osce-baseline", 99)


def test_the_newest_version_in_force_is_the_active_one(tmp_path):
    first = EVERY_TYPE.read_text(encoding="utf-8")
    second = first.replace("name: every-type\n  version: 1", "name: every-type\n  version: 2").replace(
        "effective_from: 2026-01-01", "effective_from: 2026-06-01"
    )
    (tmp_path / "every-type.v1.yaml").write_text(first, encoding="utf-8")
    (tmp_path / "every-type.v2.yaml").write_text(second, encoding="utf-8")

    def in_force(day, name="every-type"):
        found = active(name, day, tmp_path)
        return None if found is None else found.version

    assert in_force(date(2025, 12, 31)) is None
    assert in_force(date(2026, 1, 1)) == 1
    assert in_force(date(2026, 6, 1)) == 2
    assert in_force(date(2026, 12, 31)) == 2
    assert in_force(date(2027, 1, 1)) is None
    assert in_force(date(2026, 6, 1), "unheard-of") is None


def test_old_versions_that_nobody_asks_for_are_not_read(tmp_path):
    newest = pack("osce-baseline", 4)
    written = (SHIPPED / "osce-baseline.v4.yaml").read_text(encoding="utf-8")
    (tmp_path / "osce-baseline.v4.yaml").write_text(written, encoding="utf-8")
    (tmp_path / "osce-baseline.v3.yaml").write_text("no pack at all", encoding="utf-8")
    found = active("osce-baseline", date(2026, 11, 1), tmp_path)
    assert found is not None
    assert found.hash == newest.hash
    with pytest.raises(PackError):
        repository.pack("osce-baseline", 3, tmp_path)


def test_a_file_that_is_not_called_as_packs_are_is_no_secret(tmp_path):
    (tmp_path / "mine.yaml").write_text("", encoding="utf-8")
    with pytest.raises(PackError, match=r"mine\.yaml.*NAME\.vVERSION\.yaml"):
        repository.files(tmp_path)
