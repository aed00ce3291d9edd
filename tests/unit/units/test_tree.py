"""Who stands above whom, and which unit answers for a place."""

from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community_api.units.areas import box_geojson, from_geojson
from community_api.units.rules import TreeBroken, Unit, UnitTree
from community_api.units.terms import Level

SPACE = UUID("00000000-0000-0000-0000-000000000001")
Box = tuple[float, float, float, float]


def unit(name: str, level: Level, under: str | None = None, box: Box | None = None) -> Unit:
    """A unit whose id follows from its name."""
    return Unit(
        id=uuid5(SPACE, name),
        name=name,
        title=name.title(),
        level=level,
        parent_id=None if under is None else uuid5(SPACE, under),
        timezone="Europe/Berlin",
        country="nor",
        area=None if box is None else from_geojson(box_geojson(*box)),
    )


NOR = unit("nor", Level.NATIONAL)
OST = unit("ost", Level.REGIONAL, "nor")
WES = unit("wes", Level.REGIONAL, "nor")
LIN = unit("lin", Level.LOCAL, "ost")
HAV = unit("hav", Level.LOCAL, "wes")
FAR = unit("far", Level.LOCAL, "nor")
LIN_A = unit("lin-a", Level.COMMUNITY, "lin", (9, 50, 10, 52))
LIN_B = unit("lin-b", Level.COMMUNITY, "lin", (10, 50, 11, 52))
HAV_A = unit("hav-a", Level.COMMUNITY, "hav", (11, 50, 12, 52))
SCHOOL = unit("school", Level.EXTERNAL)
SMALL = (NOR, OST, WES, LIN, HAV, FAR, LIN_A, LIN_B, HAV_A, SCHOOL)


@pytest.fixture
def tree() -> UnitTree:
    return UnitTree(SMALL)


def test_units_are_listed_by_name(tree: UnitTree) -> None:
    assert [each.name for each in tree] == sorted(each.name for each in SMALL)
    assert len(tree) == len(SMALL)


def test_unit_is_found_by_id_and_by_name(tree: UnitTree) -> None:
    assert tree[LIN_A.id] is LIN_A
    assert tree.named("lin-a") is LIN_A
    assert tree.name_of(LIN_A.id) == "lin-a"
    assert LIN_A.id in tree
    assert dict(tree.names)["hav"] is HAV


def test_unknown_name_is_none_and_unknown_id_a_mistake(tree: UnitTree) -> None:
    stranger = uuid5(SPACE, "nowhere")
    assert tree.named("nowhere") is None
    assert stranger not in tree
    with pytest.raises(KeyError):
        tree.path(stranger)


def test_ancestors_come_nearest_first(tree: UnitTree) -> None:
    assert tree.ancestors(LIN_A.id) == (LIN.id, OST.id, NOR.id)
    assert tree.ancestors(NOR.id) == ()
    assert tree.parent(LIN_A.id) is LIN
    assert tree.parent(NOR.id) is None


def test_children_are_those_directly_below(tree: UnitTree) -> None:
    assert tree.children(LIN.id) == (LIN_A, LIN_B)
    assert tree.children(LIN_A.id) == ()


def test_scope_reaches_down_and_never_up_or_across(tree: UnitTree) -> None:
    assert tree.same_or_below(OST.id) == {OST.id, LIN.id, LIN_A.id, LIN_B.id}
    assert tree.is_same_or_below(LIN_A.id, OST.id)
    assert tree.is_same_or_below(OST.id, OST.id)
    assert not tree.is_same_or_below(OST.id, LIN_A.id)
    assert not tree.is_same_or_below(HAV_A.id, OST.id)
    assert not tree.is_same_or_below(SCHOOL.id, NOR.id)


@pytest.mark.parametrize(
    ("of", "local", "region"),
    [
        (LIN_A, LIN, OST),
        (LIN, LIN, OST),
        (OST, None, OST),
        (NOR, None, None),
        (FAR, FAR, None),
        (SCHOOL, None, None),
    ],
)
def test_unit_knows_its_local_unit_and_region(
    tree: UnitTree, of: Unit, local: Unit | None, region: Unit | None
) -> None:
    assert tree.local_unit_of(of.id) is local
    assert tree.region_of(of.id) is region


def test_path_names_the_units_from_the_top(tree: UnitTree) -> None:
    assert tree.path(LIN_A.id) == "nor/ost/lin/lin-a"
    assert tree.path(SCHOOL.id) == "school"


def test_units_of_a_level_are_listed_by_name(tree: UnitTree) -> None:
    assert tree.at_level(Level.LOCAL) == (FAR, HAV, LIN)
    assert tree.at_level(Level.EXTERNAL) == (SCHOOL,)
    assert tree.level(LIN.id) is Level.LOCAL


@pytest.mark.parametrize(
    ("lat", "lon", "team"),
    [
        (51, 9.5, LIN_A),
        (51, 10.5, LIN_B),
        (51, 11.5, HAV_A),
        (51, 10.0, LIN_B),
        (50, 9, LIN_A),
        (52, 12, HAV_A),
        (52, 10, LIN_A),
    ],
)
def test_place_has_its_team_edges_and_corners_included(
    tree: UnitTree, lat: float, lon: float, team: Unit
) -> None:
    assert tree.team_at(lat, lon) is team


@pytest.mark.parametrize(("lat", "lon"), [(0, 0), (51, 12.000001), (90, 180), (-90, -180)])
def test_place_in_no_area_has_no_team_and_is_no_error(tree: UnitTree, lat: float, lon: float) -> None:
    assert tree.team_at(lat, lon) is None


@given(st.floats(50, 52), st.floats(9, 12))
def test_every_place_of_the_country_has_a_team_and_always_the_same(lat: float, lon: float) -> None:
    found = UnitTree(SMALL).team_at(lat, lon)
    assert found is not None
    assert UnitTree(reversed(SMALL)).team_at(lat, lon) is found


BROKEN = {
    "two of a name": [NOR, unit("nor", Level.NATIONAL)],
    "parent missing": [unit("lin", Level.LOCAL, "nowhere")],
    "own parent": [unit("lin", Level.LOCAL, "lin")],
    "ring": [unit("a", Level.LOCAL, "b"), unit("b", Level.REGIONAL, "a")],
    "parent as high": [NOR, OST, unit("wes", Level.REGIONAL, "ost")],
    "parent lower": [NOR, unit("low", Level.LOCAL, "nor"), unit("reg", Level.REGIONAL, "low")],
    "local under nobody": [unit("lin", Level.LOCAL)],
    "team without local unit": [NOR, unit("lin-a", Level.COMMUNITY, "nor")],
    "external under nation": [NOR, unit("school", Level.EXTERNAL, "nor")],
    "team of an external body": [SCHOOL, unit("class-1", Level.COMMUNITY, "school")],
    "nation under external": [SCHOOL, unit("nor", Level.NATIONAL, "school")],
    "name with a dot": [unit("lin.a", Level.NATIONAL)],
    "name too long": [unit("n" * 41, Level.NATIONAL)],
}


@pytest.mark.parametrize("units", BROKEN.values(), ids=BROKEN.keys())
def test_units_that_form_no_tree_are_refused(units: list[Unit]) -> None:
    with pytest.raises(TreeBroken):
        UnitTree(units)


@st.composite
def organisations(draw: st.DrawFn) -> list[Unit]:
    """A nation, regions, local units under either, teams under local units, in any order."""
    regions = [unit(f"r{i}", Level.REGIONAL, "n") for i in range(draw(st.integers(0, 3)))]
    above = st.sampled_from(["n", *(each.name for each in regions)])
    locals_ = [unit(f"l{i}", Level.LOCAL, draw(above)) for i in range(draw(st.integers(0, 4)))]
    below = [each.name for each in locals_]
    teams = [
        unit(f"t{i}", Level.COMMUNITY, draw(st.sampled_from(below)))
        for i in range(draw(st.integers(0, 5)) if below else 0)
    ]
    return draw(st.permutations([unit("n", Level.NATIONAL), *regions, *locals_, *teams, SCHOOL]))


@given(organisations())
def test_scope_and_ancestors_say_the_same(units: list[Unit]) -> None:
    tree = UnitTree(units)
    for top in units:
        scope = {each.id for each in units if top.id in (each.id, *tree.ancestors(each.id))}
        assert tree.same_or_below(top.id) == scope
        assert scope == {each.id for each in units if tree.is_same_or_below(each.id, top.id)}


@given(organisations())
def test_every_unit_above_stands_higher(units: list[Unit]) -> None:
    tree = UnitTree(units)
    for each in units:
        chain = [each.level, *(tree.level(above) for above in tree.ancestors(each.id))]
        assert all(low < high for low, high in pairwise(chain))
