"""What a caller's lists may show, in the form that queries use."""

from __future__ import annotations

import pytest

from community_api.access.permissions import Permission
from community_api.access.terms import View
from community_api.access.visibility import VisibleScope, sight
from tests.unit.access.country import TREE, actor, person, unit


def seen(permission: Permission, *held: tuple[str, str]) -> VisibleScope:
    return sight(actor("who", *held), permission, tree=TREE)


def names(units: frozenset[object]) -> set[str]:
    return {each.name for each in TREE if each.id in units}


@pytest.mark.parametrize(
    ("held", "units"),
    [
        (("supervisor", "lin-a"), {"lin-a"}),
        (("supervisor", "lin"), {"lin", "lin-a", "lin-b"}),
        (("officer", "lin-a"), set()),
        (("safeguarding_lead", "lin"), set()),
        (("records_manager", "wes"), {"wes", "hav", "hav-a"}),
    ],
)
def test_a_list_of_observations_covers_the_units_in_scope(held, units):
    assert names(seen(Permission.OBSERVATION_LIST, held).units) == units


def test_an_officers_list_holds_the_own_reports_and_nobody_elses():
    list_of_own = seen(Permission.OBSERVATION_LIST, ("officer", "lin-a"))
    assert (list_of_own.own, list_of_own.units, list_of_own.person_id) == (True, frozenset(), person("who"))


def test_an_officers_list_of_problems_holds_what_belongs_to_the_team():
    problems = seen(Permission.PROBLEM_LIST, ("officer", "lin-a"))
    assert (problems.units, names(problems.unowned_units)) == (frozenset(), {"lin-a"})


def test_a_supervisors_list_holds_own_reports_wherever_they_are():
    assert seen(Permission.OBSERVATION_LIST, ("supervisor", "lin-a")).own


def test_oversight_sees_everything_as_metadata():
    everything = seen(Permission.OBSERVATION_LIST, ("oversight", "oversight"))
    assert (everything.everything, everything.view) == (True, View.METADATA)


def test_a_partners_list_holds_what_is_addressed_to_it():
    handovers = seen(Permission.HANDOVER_LIST, ("partner", "school"))
    assert [grant.unit_name for grant in handovers.addressees] == ["school"]
    assert (handovers.units, handovers.own, handovers.everything) == (frozenset(), False, False)


def test_a_closed_list_shows_nothing():
    assert not seen(Permission.OBSERVATION_LIST, ("analyst", "lin"))
    assert not seen(Permission.REFERRAL_LIST, ("supervisor", "lin"), ("officer", "lin-a"))


def test_each_unit_has_the_view_of_the_grant_that_reaches_it():
    both = seen(Permission.OBSERVATION_LIST, ("dpo", "nor"), ("supervisor", "lin-a"))
    assert both.view_of_unit(unit("lin-a")) is View.CONTENT
    assert both.view_of_unit(unit("hav-a")) is View.METADATA
    assert both.view is View.CONTENT


def test_a_national_administrator_sees_sessions_of_bodies_outside_the_chain():
    sessions = seen(Permission.SESSION_LIST, ("administrator", "nor"))
    assert {"school", "hav-a"} <= names(sessions.units)
