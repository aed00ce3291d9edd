"""The lists of units and posts."""

import pytest

from community_api.core.pagination import PageWanted
from community_api.units import service
from community_api.units.terms import Level, Role
from tests.support.factories import an_actor
from tests.support.fakes import open_gate

ALL = PageWanted(limit=200)


def units(uow, *, level=None, wanted=ALL):
    return service.list_units(uow, an_actor(), gate=open_gate, level=level, wanted=wanted)


def posts(uow, *, unit=None, role=None, wanted=ALL):
    return service.list_posts(uow, an_actor(), gate=open_gate, unit=unit, role=role, wanted=wanted)


def test_units_are_listed_by_name_with_the_one_above(uow):
    items = units(uow).items
    assert [unit.name for unit in items] == sorted(unit.name for unit in items)
    assert {unit.name: unit.parent for unit in items}["lin-a"] == "lin"
    assert {unit.name: unit.parent for unit in items}["nor"] is None


def test_units_of_a_level(uow):
    items = units(uow, level=Level.REGIONAL).items
    assert [(unit.name, unit.path) for unit in items] == [("ost", "nor/ost"), ("wes", "nor/wes")]


def test_area_of_a_team_is_geojson(uow):
    lin_a = next(unit for unit in units(uow).items if unit.name == "lin-a")
    assert lin_a.area is not None
    assert lin_a.area["type"] == "Polygon"


@pytest.mark.parametrize("limit", [1, 5, 13, 50])
def test_pages_of_units_leave_none_out(uow, limit):
    names, cursor = [], None
    while True:
        page = units(uow, wanted=PageWanted(limit, cursor))
        names += [unit.name for unit in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(names) == len(set(names)) == 13


def test_posts_are_listed_by_unit_and_role_with_words_for_people(uow):
    items = posts(uow, unit="lin-a").items
    assert [item.post for item in items] == ["officer.lin-a", "supervisor.lin-a"]
    assert items[1].title == "Community policing supervisor, Lindhaven community team A, old town"


def test_posts_of_a_role(uow):
    items = posts(uow, role=Role.DUTY_COMMANDER).items
    assert [item.unit for item in items] == ["bru", "hav", "lin", "nor"]


def test_unit_that_does_not_exist_has_no_posts(uow):
    assert posts(uow, unit="nowhere").items == []


def test_pages_of_posts_leave_none_out(uow):
    seen, cursor = [], None
    while True:
        page = posts(uow, wanted=PageWanted(4, cursor))
        seen += [item.post for item in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    everything = posts(uow).items
    assert seen == [item.post for item in everything]
