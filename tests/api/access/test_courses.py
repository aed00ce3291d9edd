"""Courses over HTTP: what is taught, and a certificate that says which version was passed and how well."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from community_api.access import caller_snapshot
from community_api.access.courses import loader
from tests.api.access.test_certificates import issue, may_flag
from tests.support.app import World


def test_everybody_on_the_staff_sees_what_is_taught_in_their_language(world: World) -> None:
    client = world.client("officer1.lin-a")
    items = client.get("/courses", headers={"Accept-Language": "de"})["items"]
    (verlt,) = (one for one in items if one["code"] == "verlt")
    assert (verlt["version"], verlt["in_force"], verlt["earlier_until"]) == (1, True, None)
    assert verlt["test"] == {"questions": 20, "pass_percent": 80}
    assert {one["code"] for one in verlt["modules"]} >= {"signs", "bias", "rights", "children"}
    assert verlt["title"] == "Anzeichen gewalttätigen Extremismus und ihre Weitergabe"
    assert world.client("partner.school").call("GET", "/courses").status == 403


def test_a_certificate_names_the_version_and_the_score(world: World) -> None:
    known = issue(world)
    assert (known["course_version"], known["score"]) == (1, None)
    told = issue(world, course_version=1, score=80)
    assert (told["course_version"], told["score"], told["valid"]) == (1, 80, True)


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"score": 79}, "/score", "test_not_passed"),
        ({"score": 101}, "/score", "out_of_range"),
        ({"course_version": 2}, "/course_version", "not_taught_then"),
        ({"course_version": 0}, "/course_version", "out_of_range"),
    ],
)
def test_having_been_there_is_not_having_passed(shared_world: World, changed, pointer, code) -> None:
    refused = issue(shared_world, expect=422, **changed)
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_a_later_version_ends_certificates_of_earlier_ones_on_its_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On the last day they open flags, on the next one no more, and everybody sees why."""
    officer = "officer2.lin-a"
    issue(world)
    today = world.clock.now().date()

    def ends(day: date) -> None:
        def counts(code: str, version: int | None, *_: object) -> date | None:
            return day if (code, version) == ("verlt", 1) else None

        monkeypatch.setattr(caller_snapshot, "counts_until", counts)
        monkeypatch.setattr(loader, "counts_until", counts)
        caller_snapshot._read.cache_clear()

    ends(today + timedelta(days=1))
    assert may_flag(world, officer)
    ends(today)
    assert not may_flag(world, officer)
    assert [one["valid"] for one in world.client(officer).get("/me")["certificates"]] == [False]
    (held,) = (
        one
        for one in world.client("trainer.nor").get("/certificates", query={"account": officer}).items
        if one["course_version"] == 1
    )
    assert held["valid"] is False
    caller_snapshot._read.cache_clear()
