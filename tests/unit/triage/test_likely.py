"""What makes a likely duplicate: nearness, time, related categories, and nothing for what is missing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from community_api.community.triage import rules
from community_api.community.triage.rules import ComparedReport
from community_api.community.triage.weights import weights
from community_api.core.code_lists import code_lists

W = weights()
NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
METRES = 111_195


def report(number=1, *, metres=0.0, hours=0.0, category="drugs", accuracy=20, placed=True, by_day=False):
    at = NOON + timedelta(hours=hours)
    lat, lon = (51.0 + metres / METRES, 10.0) if placed else (None, None)
    moment = None if by_day else at
    return ComparedReport("observation", UUID(int=number), category, at.date(), moment, lat, lon, accuracy)


def score(other, own=None, words=1.0):
    """The score that another report has for one; None if it is not offered."""
    found = rules.candidates(own or report(), [other], W)
    likely = rules.likely(found, lambda _id: words, W)
    return likely[0].score if likely else None


def signs(other, words=0.0):
    (one,) = rules.likely(rules.candidates(report(), [other], W), lambda _id: words, W)
    return {reason.sign.value: reason.points for reason in one.reasons}


def test_a_twin_has_the_whole_score():
    assert score(report(2)) == 100
    assert W.place.points + W.time.points + W.category.same + W.words.points == 100


def test_without_a_place_nothing_is_offered_however_alike():
    assert score(report(2, placed=False)) is None
    assert score(report(2), own=report(1, placed=False)) is None
    assert score(report(2, placed=False), own=report(1, placed=False)) is None


@pytest.mark.parametrize("accuracy", [0, 20, 500, 100_000, None])
def test_nothing_is_offered_beyond_the_declared_distance(accuracy):
    far = report(2, metres=W.place.reach_m + 2, accuracy=accuracy)
    assert score(far, own=report(1, accuracy=accuracy)) is None


def test_a_distance_is_judged_by_what_both_places_may_be_off():
    exact = signs(report(2, metres=160, accuracy=10), words=1.0)["place"]
    (street,) = rules.candidates(report(1, accuracy=100), [report(2, metres=160, accuracy=100)], W)
    assert exact < street.reasons[0].points == W.place.points


def test_two_whole_districts_say_little_about_nearness():
    (areas,) = rules.candidates(report(1, accuracy=500), [report(2, accuracy=500)], W)
    assert W.place.least <= areas.reasons[0].points < W.place.points / 2


def test_an_unknown_accuracy_is_the_declared_one():
    unknown, known = (report(2, metres=120, accuracy=one) for one in (None, W.place.unknown_accuracy_m))
    assert score(unknown) == score(known)


@pytest.mark.parametrize(("hours", "points"), [(0, 20), (12, 15), (24, 10), (48, None), (-24, 10)])
def test_points_for_the_time_fall_to_none(hours, points):
    assert signs(report(2, hours=hours), words=1.0).get("hours") == points


@pytest.mark.parametrize(("days", "points"), [(0, 16), (1, 6), (2, None)])
def test_of_days_only_their_number_counts(days, points):
    assert signs(report(2, hours=24 * days, by_day=True), words=1.0).get("day") == points


def test_categories_are_related_only_as_declared():
    assert signs(report(2, category="drugs"), words=1.0)["category"] == W.category.same
    assert signs(report(2, category="weapons"), words=1.0)["related_category"] == W.category.related
    for category in ("fraud_cyber", "other"):
        assert not {"category", "related_category"} & signs(report(2, category=category), words=1.0).keys()


def test_declared_relations_are_of_known_categories_and_other_has_none():
    known = set(code_lists()["categories"].codes)
    assert all(len(pair) == 2 and pair <= known - {"other", "police_conduct"} for pair in W.related)


def test_what_is_near_but_of_another_kind_and_in_other_words_is_not_offered():
    assert score(report(2, category="fraud_cyber", hours=1), words=0.0) is None
    assert score(report(2, category="fraud_cyber", hours=1), words=0.5) is not None


def test_texts_that_cannot_be_compared_give_no_points():
    assert score(report(2), words=None) == score(report(2), words=0.0) == 75


def test_nothing_is_offered_under_the_declared_score():
    at_the_edge = [report(n, metres=n, hours=n, category="noise_nuisance") for n in range(2, 60)]
    offered = [score(one, words=0.1) for one in at_the_edge]
    assert {one is None for one in offered} == {True, False}
    assert min(one for one in offered if one is not None) >= W.least_score


def test_of_equally_likely_ones_the_nearer_is_first():
    others = [report(n, metres=50 - n) for n in range(2, 12)]
    found = rules.likely(rules.candidates(report(), others, W), lambda _id: None, W)
    assert [one.other.id.int for one in found] == [11, 10, 9, 8, 7]


def test_the_nearest_come_first_and_a_report_is_not_near_itself():
    others = [report(2, metres=300), report(1), report(3, metres=10), report(4, placed=False)]
    assert [one.id.int for one in rules.nearest(report(), others)] == [3, 2]
