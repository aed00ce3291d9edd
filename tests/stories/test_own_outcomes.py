"""A nation whose procedure answers officers in words of its own."""

from __future__ import annotations

from tests.api.procedure_adoption import adopt, further, today
from tests.support.app import World
from tests.support.workflow import ANALYST, MANAGER, OFFICER, Police

ACTED_ON = '    - {code: acted_on, title: Acted on, text: "Your information led to action."}\n'
PANEL = '    - {code: panel_was_told, title: Told to the panel, text: "The panel was told of it."}\n'
CANNOT_SAY = next(line for line in further("2026-01-02").splitlines(keepends=True) if "cannot_say, " in line)


LANGUAGES = "languages: [de, fr, lt, ru]\n"
ONE = """languages: [fr]
translations:
  - {text: Told to the panel, fr: Transmis à la commission}
  - {text: "The panel was told of it.", fr: "La commission en a été informée."}
"""


def panel_country(world: World) -> Police:
    """A country that may tell officers that a panel knows, and that never says "cannot say"."""
    adopt(world, further(today(world), (ACTED_ON, ACTED_ON + PANEL), (CANNOT_SAY, ""), (LANGUAGES, ONE)))
    return Police(world)


def to_answer(police: Police) -> str:
    """An assessment that ends; the obligation that its unit now has."""
    referral = police.confirmed()
    police.takes_step(ANALYST, referral, "assess", outcome="no_further_action")
    owed = [one for one in police.owes(MANAGER, state="open") if one["subject"]["id"] == referral]
    return str(owed[0]["id"])


def test_an_officer_reads_an_outcome_that_only_this_procedure_has(world: World) -> None:
    police = panel_country(world)
    obligation = to_answer(police)
    police.answers(MANAGER, obligation, outcome="panel_was_told")
    (told,) = [one for one in police.inbox() if one["outcome"] == "panel_was_told"]
    read = police.of(OFFICER).get(f"/feedback/{told['id']}")
    assert (read["outcome_title"], read["opening"]) == ("Told to the panel", "The panel was told of it.")


def test_it_is_said_in_the_officers_own_language(world: World) -> None:
    police = panel_country(world)
    officer = police.of(OFFICER)
    officer.patch("/me", {"language": "fr"}, if_match=officer.get("/me").headers.get("ETag"))
    police.answers(MANAGER, to_answer(police), outcome="panel_was_told")
    read = officer.get(f"/feedback/{police.inbox()[0]['id']}")
    assert read["outcome_title"] == "Transmis à la commission"


def test_an_obligation_lists_what_may_be_answered(world: World) -> None:
    police = panel_country(world)
    obligation = to_answer(police)
    (owed,) = [one for one in police.owes(MANAGER) if one["id"] == obligation]
    titles = {one["code"]: one["title"] for one in owed["outcomes"]}
    assert titles["panel_was_told"] == "Told to the panel"
    assert "cannot_say" not in titles


def test_a_shipped_outcome_that_the_procedure_never_declared_is_refused(world: World) -> None:
    police = panel_country(world)
    refused = police.answers(MANAGER, to_answer(police), outcome="cannot_say", expect=422)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [("/outcome", "not_one_of")]


def test_what_was_decided_before_is_answered_by_the_procedure_of_then(world: World) -> None:
    before = Police(world)
    obligation = to_answer(before)
    police = panel_country(world)
    refused = police.answers(MANAGER, obligation, outcome="panel_was_told", expect=422)
    assert refused.code == "validation_failed"
    police.answers(MANAGER, obligation, outcome="cannot_say")
