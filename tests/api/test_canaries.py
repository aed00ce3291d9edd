"""What is planted in one unit is in no list, count, queue, notice or error that people of another one get."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import pytest

from community_api.core.http.views import BASE
from tests.api.forced_errors import send
from tests.api.matrix.test_matrix import purpose_of
from tests.api.matrix.things import HERE, THERE, Place, Things, make_things
from tests.api.test_lists import LISTS
from tests.support import public
from tests.support.app import World

CANARIES = {HERE: "a heron on the roof of the mill", THERE: "a bittern in the reeds of the harbour"}
# What is read without being a list, and counts.
OTHERS = ("/me", "/feedback/metrics", "/oversight/figures", "/operations")
PEOPLE = {
    "officer1": "officer",
    "officer2": "officer",
    "supervisor": "supervisor",
    "supervisor2": "supervisor",
    "safeguarding": "safeguarding_lead",
    "commander": "duty_commander",
    "analyst1": "analyst",
    "analyst2": "analyst",
    "manager": "intelligence_manager",
    "registrar": "source_registrar",
    "chair": "tasking_chair",
}


@dataclass(frozen=True)
class Planted:
    """What names the things of a place: ids, references of its units, and words that stand there only."""

    ids: frozenset[str]
    reference: re.Pattern[str]
    words: str

    def found_in(self, text: str) -> list[str]:
        found = [one for one in self.ids if one in text]
        return [*found, *self.reference.findall(text), *([self.words] if self.words in text else [])]


@pytest.fixture(scope="module")
def planted(shared_world: World) -> dict[Place, Planted]:
    return {place: plant(shared_world, place) for place in (HERE, THERE)}


def plant(world: World, place: Place) -> Planted:
    """One of everything, and the words of the place wherever somebody may write some."""
    things, words = make_things(world, place), CANARIES[place]
    desk = world.client(place.who("supervisor"))
    problem = desk.post(
        "/problems", {"title": words, "list_title": words, "scanning": words, "unit": place.team}
    )
    agreed = {"kind": "residents", "name": words}
    priority = desk.post(
        "/priorities",
        {"month": "2026-05", "title": words, "text": words, "agreed_with": [agreed], "unit": place.team},
    )
    public.reporter(world).post("concerns", **public.concern_body(text=words, place=None, area=place.team))
    officer = world.client(place.who("officer1"))
    told = {
        "occurred_at": "2026-03-01T10:00:00Z", "purpose": "community_problem", "category": "traffic",
        "facts": words, "source_relation": "witnessed", "place": {"lat": 51, "lon": 10, "description": words},
    }  # fmt: skip
    report = officer.post("/observations", told)
    world.work()
    ids = {problem["id"], priority["id"], report["id"], *things.proposed.values(), *_ids(things)}
    prefix = place.local.upper()
    reference = re.compile(rf"\b{prefix}(?:-[A-Z])?-[0-9A-HJKMNP-TV-Z]{{4}}-[0-9A-HJKMNP-TV-Z]{{4}}\b")
    return Planted(frozenset(ids), reference, words)


def _ids(things: Things) -> set[str]:
    return {thing.id for thing in things.found.values()}


def everything_read(world: World, username: str, role: str) -> list[tuple[str, str]]:
    """All pages of all lists, what else is read, and every notice in the inbox: addresses and answers."""
    headers = {"X-Purpose": purpose_of(role) or ""}
    read = []
    for path in (*LISTS, *OTHERS):
        following: str | None = f"{path}?limit=200" if path in LISTS else path
        while following is not None:
            answer = send(world, "GET", BASE + following, who=username, headers=headers)
            text = answer.get_data(as_text=True)
            read.append((following, text + str(answer.headers)))
            told = json.loads(text) if answer.status_code == 200 else {}
            cursor = told.get("next_cursor")
            following = f"{path}?limit=200&cursor={cursor}" if cursor else None
            if path == "/feedback":
                read += [_notice(world, username, one) for one in told.get("items", ())]
    return read


def _notice(world: World, username: str, message: dict[str, Any]) -> tuple[str, str]:
    path = f"/feedback/{message['id']}"
    return path, send(world, "GET", BASE + path, who=username).get_data(as_text=True)


@pytest.mark.parametrize(("here", "there"), [(HERE, THERE), (THERE, HERE)], ids=["lin", "hav"])
@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_of_another_unit_is_anywhere(
    shared_world: World, planted: dict[Place, Planted], here: Place, there: Place, who: str
) -> None:
    foreign = planted[there]
    read = everything_read(shared_world, here.who(who), PEOPLE[who])
    assert [(path, foreign.found_in(text)) for path, text in read if foreign.found_in(text)] == []


@pytest.mark.parametrize("who", PEOPLE)
def test_an_error_tells_nothing_of_what_it_refuses(
    shared_world: World, planted: dict[Place, Planted], who: str
) -> None:
    foreign, username = planted[THERE], HERE.who(who)
    for path in (path for path in LISTS if path not in {"/units", "/posts", "/triage", "/duties"}):
        for known in sorted(foreign.ids)[:5]:
            answer = send(shared_world, "GET", f"{BASE}{path}/{known}", who=username)
            assert answer.status_code >= 400
            assert foreign.found_in(answer.get_data(as_text=True)) == []


def test_what_is_planted_would_be_found(shared_world: World, planted: dict[Place, Planted]) -> None:
    """The search is no good if it cannot find."""
    read = everything_read(shared_world, HERE.who("supervisor"), "supervisor")
    found = {path.partition("?")[0]: planted[HERE].found_in(text) for path, text in read}
    assert {"/observations", "/concerns", "/problems", "/priorities", "/triage", "/flags", "/links"} <= {
        path for path, marks in found.items() if marks
    }
    assert CANARIES[HERE] in found["/problems"]
