"""The declared demo organisation is the one that the contract lists, and a wrong line is named."""

from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from community_api.demo.organisation import FILE, Holding, Organisation, expand, read_organisation
from community_api.units.declaration import DeclarationBroken, as_tree
from community_api.units.rules import UnitTree
from community_api.units.terms import POSTS_OF_LEVEL, Level, Role

TEAMS = ("bru-a", "hav-a", "lin-a", "lin-b")
LOCALS = ("bru", "hav", "lin")
DESKS = (*LOCALS, "ost", "wes", "nor")
ABOVE = {"ost": "nor", "wes": "nor", "lin": "ost", "bru": "ost", "hav": "wes"}
IN_TEAMS = {
    "officer1": "officer",
    "officer2": "officer",
    "supervisor": "supervisor",
    "supervisor2": "supervisor",
}
AT_DESKS = {"analyst1": "analyst", "analyst2": "analyst", "manager": "intelligence_manager"}
LOCALLY = {
    "safeguarding": "safeguarding_lead",
    "commander": "duty_commander",
    "registrar": "source_registrar",
    "chair": "tasking_chair",
}
SINGLE = {
    "commander.nor": "duty_commander",
    "supervisor.nor": "supervisor",
    "supervisor2.nor": "supervisor",
    "chair.nor": "tasking_chair",
    "records.nor": "records_manager",
    "dpo.nor": "dpo",
    "trainer.nor": "trainer",
    "admin1.nor": "administrator",
    "admin2.nor": "administrator",
    "overseer.oversight": "oversight",
    "partner.school": "partner",
}
CERTIFIED = {"supervisor", "safeguarding_lead", "analyst", "intelligence_manager"}


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return read_organisation()


@pytest.fixture(scope="module")
def tree(organisation: Organisation) -> UnitTree:
    return as_tree(organisation.units, lambda name: uuid5(NAMESPACE_URL, name))


def test_accounts_are_exactly_those_of_the_contract(organisation: Organisation) -> None:
    expected = {f"{who}.{unit}": role for unit in TEAMS for who, role in IN_TEAMS.items()}
    expected |= {f"{who}.{unit}": role for unit in DESKS for who, role in AT_DESKS.items()}
    expected |= {f"{who}.{unit}": role for unit in LOCALS for who, role in LOCALLY.items()} | SINGLE
    assert {account.username: account.role.value for account in organisation.accounts} == expected


def test_account_holds_its_role_in_the_unit_of_its_name(organisation: Organisation) -> None:
    assert all(account.username.endswith(f".{account.unit}") for account in organisation.accounts)


def test_units_stand_under_each_other_as_in_the_contract(tree: UnitTree) -> None:
    under = {unit.name: above.name for unit in tree if (above := tree.parent(unit.id)) is not None}
    assert under == {**ABOVE, "lin-a": "lin", "lin-b": "lin", "bru-a": "bru", "hav-a": "hav"}
    assert tuple(unit.name for unit in tree.at_level(Level.EXTERNAL)) == ("oversight", "school", "sudria")
    assert tuple(unit.name for unit in tree.at_level(Level.COMMUNITY)) == TEAMS


def test_sudria_is_abroad(tree: UnitTree) -> None:
    assert {unit.name for unit in tree if unit.country != "nor"} == {"sudria"}


@given(st.floats(50, 52), st.floats(9, 12))
def test_areas_tile_the_box_of_the_contract(tree: UnitTree, lat: float, lon: float) -> None:
    teams = tree.at_level(Level.COMMUNITY)
    inside = [team.name for team in teams if team.area is not None and team.area.contains(lat, lon)]
    on_the_rim = lat == 52 or lon == 12
    assert tree.team_at(lat, lon) is not None
    assert len(inside) == 1 or (on_the_rim and not inside)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_no_team_answers_for_a_place_outside_the_box(tree: UnitTree, lat: float, lon: float) -> None:
    inside = 50 <= lat <= 52 and 9 <= lon <= 12
    assert (tree.team_at(lat, lon) is not None) is inside


def test_those_whom_the_contract_names_are_certified(organisation: Organisation) -> None:
    for account in organisation.accounts:
        wanted = account.role.value in CERTIFIED or account.username.startswith("officer1.")
        valid = any(held.expires_in >= 0 for held in account.certificates)
        assert valid is wanted, account.username


def test_certificate_of_one_officer_expired_yesterday(organisation: Organisation) -> None:
    expired = {
        account.username: account.certificates
        for account in organisation.accounts
        if any(held.expires_in < 0 for held in account.certificates)
    }
    assert expired == {"officer2.lin-a": (Holding("verlt", passed_ago=366, expires_in=-1),)}


def test_everybody_is_a_person_of_their_own(organisation: Organisation) -> None:
    names = [account.name for account in organisation.accounts]
    assert len(set(names)) == len(names)
    assert {account.language for account in organisation.accounts} == {"en", "de"}
    assert {account.timezone for account in organisation.accounts} == {"Europe/Berlin"}


def test_every_role_of_the_product_is_somebodys(organisation: Organisation) -> None:
    assert {account.role for account in organisation.accounts} == set(Role)


def test_posts_of_a_level_are_filled(organisation: Organisation) -> None:
    filled = {(account.role, account.unit) for account in organisation.accounts}
    wanted = {(role, unit.name) for unit in organisation.units for role in POSTS_OF_LEVEL[unit.level]}
    assert wanted <= filled


def edited(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The declaration with one thing changed."""
    told: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    change(told)
    return told


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda document: document.pop("people"), "the file: missing: people"),
        (lambda document: document.update(extra=1), "the file: unknown: extra"),
        (lambda document: document.update(timezone="Mars/Olympus"), "timezone: Mars/Olympus"),
        (lambda document: document.update(units={}), "units: a mapping"),
        (lambda document: document["units"]["lin"].update(level="borough"), "units: lin: level"),
        (
            lambda document: document["units"]["lin"].update(under="nowhere"),
            "units: lin: stands under nowhere",
        ),
        (lambda document: document["units"]["lin"].update(colour="blue"), "units: lin: unknown: colour"),
        (lambda document: document["units"]["lin"].update(timezone="Lin"), "units: lin: timezone"),
        (lambda document: document["units"]["lin"].update(called=" "), "units: lin: called"),
        (
            lambda document: document["units"]["lin-a"].update(area=[1, 2, 3]),
            "units: lin-a: area: four numbers",
        ),
        (lambda document: document["units"]["lin-a"].update(area=[2, 1, 1, 2]), "units: lin-a: area: a box"),
        (lambda document: document["units"]["lin-a"].update(area={"type": "Point"}), "units: lin-a: area"),
        (lambda document: document["units"].update(lin=None), "units: lin: a short name"),
        (lambda document: document["units"]["lin"].update(under="lin-a"), "units: lin"),
        (lambda document: document["accounts"]["dpo"].update(role="boss"), "accounts: dpo: 'boss'"),
        (lambda document: document["accounts"]["dpo"].update(also=["mars"]), "accounts: dpo: also"),
        (lambda document: document["accounts"]["dpo"].update(also=[]), "accounts: dpo: is in no unit"),
        (lambda document: document["accounts"]["officer1"].update(every=["borough"]), "accounts: officer1"),
        (lambda document: document["accounts"].update(dpo="dpo"), "accounts: dpo: a mapping"),
        (lambda document: document["people"].pop("dpo.nor"), "people: nobody holds dpo.nor"),
        (lambda document: document["people"].update(ghost={}), "people: unknown: ghost"),
        (lambda document: document["people"].update({"dpo.nor": {"name": "A"}}), "people: dpo.nor: missing"),
        (lambda document: document["courses"]["verlt"].update(roles=["boss"]), "courses: verlt"),
        (lambda document: document["courses"]["verlt"].update(valid_for_days="long"), "courses: verlt: days"),
        (
            lambda document: document["expired_yesterday"].update({"ghost.nor": ["verlt"]}),
            "unknown: ghost.nor",
        ),
        (lambda document: document["expired_yesterday"].update({"dpo.nor": ["dance"]}), "unknown: dance"),
    ],
)
def test_wrong_line_is_named(change: Callable[[dict[str, Any]], object], message: str) -> None:
    with pytest.raises(DeclarationBroken, match=message):
        expand(edited(change))


def test_message_names_the_file(tmp_path: Any) -> None:
    broken = tmp_path / "mine.yaml"
    broken.write_text("units: [", encoding="utf-8")
    with pytest.raises(DeclarationBroken, match=r"^mine.yaml: "):
        read_organisation(broken)


def test_name_that_stands_twice_is_named_with_its_line(tmp_path: Any) -> None:
    doubled = tmp_path / "mine.yaml"
    text = FILE.read_text(encoding="utf-8")
    doubled.write_text(text + '  dpo.nor: {name: "Somebody Else", language: en}\n', encoding="utf-8")
    with pytest.raises(DeclarationBroken, match=r"(?s)dpo.nor stands here twice.*line \d+"):
        read_organisation(doubled)
