"""Units, posts and duties over HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest
import yaml

from community_api.demo.organisation import read_organisation
from community_api.units import duties, posts
from community_api.units.terms import Role
from community_api.units.words import DUTIES, subject_href

KIND = "training_required"
TITLE = "Look at a report whose author lacks a valid certificate for flags"
EVERYBODY = [account.username for account in read_organisation().accounts]


def owe(world, unit="lin-a", role=Role.SUPERVISOR):
    subject_id = uuid4()
    with world.uow() as tx:
        duties.owe(
            tx,
            kind=KIND,
            subject_kind="observation",
            subject_id=subject_id,
            post_id=posts.establish(tx, role, world.unit_id(unit)),
            due_at=world.clock.now() + timedelta(hours=1),
        )
    return str(subject_id)


def test_everybody_may_see_the_units(shared_world):
    for username in EVERYBODY:
        listed = shared_world.client(username).get("/units")
        assert len(listed.items) == 13, username
        assert listed["next_cursor"] is None


def test_unit_shows_its_place_in_the_tree_and_its_area(shared_world):
    units = {unit["name"]: unit for unit in shared_world.client("partner.school").pages("/units", limit=3)}
    assert units["lin-a"] == {
        "name": "lin-a",
        "title": "Lindhaven community team A, old town",
        "level": "community",
        "parent": "lin",
        "path": "nor/ost/lin/lin-a",
        "timezone": "Europe/Berlin",
        "holidays": None,
        "partner": None,
        "country": "nor",
        "area": {
            "type": "Polygon",
            "coordinates": [[[10.0, 51.0], [11.0, 51.0], [11.0, 52.0], [10.0, 52.0], [10.0, 51.0]]],
        },
    }
    assert units["sudria"]["parent"] is None


@pytest.mark.parametrize(
    ("level", "count"), [("national", 1), ("regional", 2), ("local", 3), ("community", 4)]
)
def test_units_of_one_level(shared_world, level, count):
    assert len(shared_world.client("analyst1.lin").get("/units", query={"level": level}).items) == count


def test_next_page_of_units_is_linked(shared_world):
    first = shared_world.client("chair.nor").get("/units", query={"level": "local", "limit": 2})
    assert [unit["name"] for unit in first.items] == ["bru", "hav"]
    link = first.headers["Link"]
    assert link.startswith("</api/v1/units?level=local&limit=2&cursor=")
    assert link.endswith('>; rel="next"')


@pytest.mark.parametrize(
    ("path", "query", "pointer"),
    [
        ("/units", {"level": "borough"}, "/level"),
        ("/units", {"colour": "blue"}, "/colour"),
        ("/units", {"limit": 0}, "/limit"),
        ("/units", {"limit": 201}, "/limit"),
        ("/posts", {"role": "boss"}, "/role"),
        ("/posts", {"unit": "Lin A"}, "/unit"),
        ("/posts", {"unit": "l" * 41}, "/unit"),
        ("/duties", {"overdue": "true"}, "/overdue"),
    ],
)
def test_wrong_question_is_refused(shared_world, path, query, pointer):
    refusal = shared_world.client("officer1.lin-a").get(path, query=query, expect=422)
    assert refusal.code == "validation_failed"
    assert [error["pointer"] for error in refusal["errors"]] == [pointer]


@pytest.mark.parametrize("path", ["/units", "/posts", "/duties"])
def test_cursor_that_was_made_up_is_refused(shared_world, path):
    refusal = shared_world.client("officer1.lin-a").get(path, query={"cursor": "made-up"}, expect=422)
    assert refusal.code == "cursor_invalid"


@pytest.mark.parametrize("path", ["/units", "/posts", "/duties"])
def test_nobody_without_a_token_is_answered(shared_world, path):
    assert shared_world.anybody().get(path, expect=401).code == "token_missing"


def test_posts_are_named_in_the_callers_language(shared_world):
    (officer, supervisor) = shared_world.client("officer1.lin-a").get("/posts", query={"unit": "lin-a"}).items
    assert (officer["post"], supervisor["post"]) == ("officer.lin-a", "supervisor.lin-a")
    assert (
        supervisor["title"] == "Leitung der bürgernahen Polizeiarbeit, Lindhaven community team A, old town"
    )


def test_posts_show_no_names_of_people(shared_world):
    listed = list(shared_world.client("admin1.nor").pages("/posts", limit=7))
    assert {frozenset(post) for post in listed} == {frozenset({"post", "role", "unit", "title"})}
    names = {account.name for account in read_organisation().accounts}
    assert not [post for post in listed if any(name in str(post) for name in names)]


def test_both_supervisors_of_a_team_have_its_duties_and_no_other_team(world):
    report = owe(world)
    for username in ("supervisor.lin-a", "supervisor2.lin-a"):
        (duty,) = world.client(username).get("/duties").items
        assert duty["subject"] == {
            "kind": "observation",
            "id": report,
            "href": f"/api/v1/observations/{report}",
        }
        assert (duty["kind"], duty["post"], duty["overdue"]) == (
            KIND,
            "supervisor.lin-a",
            False,
        )
        assert duty["due_at"] == "2026-03-02T10:00:00.000Z"
    assert world.client("supervisor.lin-b").get("/duties").items == []


def test_duty_is_told_in_the_language_of_its_reader(world):
    owe(world)
    assert world.client("supervisor.lin-a").get("/duties").items[0]["title"] != TITLE
    assert world.client("supervisor2.lin-a").get("/duties").items[0]["title"] == TITLE


def test_duty_becomes_overdue(world):
    owe(world)
    world.clock.advance(timedelta(hours=1, seconds=1))
    assert world.client("supervisor.lin-a").get("/duties").items[0]["overdue"] is True


def test_all_staff_may_ask_for_their_duties_and_partners_may_not(shared_world):
    for username in EVERYBODY:
        if username == "partner.school":
            continue
        assert isinstance(shared_world.client(username).get("/duties").items, list), username
    assert shared_world.client("partner.school").get("/duties", expect=403).code == "role_not_allowed"


def test_every_subject_of_a_duty_is_found_where_the_duty_says(shared_world):
    addresses = shared_world.app.url_map.bind("localhost")
    declared = yaml.safe_load(DUTIES.read_text(encoding="utf-8"))["subjects"]
    for kind in declared:
        assert addresses.test(subject_href(kind, uuid4()), method="GET"), kind
