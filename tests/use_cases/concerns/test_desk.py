"""What reaches which desk, what the staff takes down, and who learns how to reach a reporter."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.support import public
from tests.support.app import World
from tests.support.workflow import Police

DESK, SECOND, COMMANDER = "supervisor.lin-a", "supervisor2.lin-a", "commander.lin"
CONTACT = {"channel": "phone", "value": "0160 1234567", "never_when": "On Sundays", "say_police": False}
MOON = {"lat": -89.9, "lon": 179.9}
ABOUT_LIN_B = {"area": "lin-b", "place": None}


@pytest.mark.parametrize(
    ("body", "unit"),
    [
        ({}, "lin-a"),
        (ABOUT_LIN_B, "lin-b"),
        ({"area": "lin-b"}, "lin-a"),
        ({"place": MOON}, "nor"),
        ({"place": MOON, "area": "hav-a"}, "hav-a"),
        ({"place": None}, "nor"),
        ({"category": "police_conduct"}, "nor"),
        ({"category": "police_conduct", **ABOUT_LIN_B}, "nor"),
    ],
)
def test_place_and_area_decide_the_desk(world: World, body: dict[str, Any], unit: str):
    public.concern(world, **body)
    (listed,) = public.listed(world)
    assert listed["unit"] == unit


def test_what_is_said_about_the_police_is_not_seen_by_the_team(world: World):
    _who, concern_id = public.concern(world, category="police_conduct")
    assert list(world.client(DESK).pages("/concerns")) == []
    assert world.client(DESK).get(f"/concerns/{concern_id}", purpose="triage", expect=404).code == "not_found"


@pytest.mark.parametrize("area", ["nowhere", "lin", "oversight"])
def test_an_area_that_no_team_answers_for_is_refused(world: World, area: str):
    refused = public.reporter(world).post("concerns", expect=422, **public.concern_body(area=area))
    assert refused["errors"][0]["pointer"] == "/area"


def test_every_area_offered_is_taken(world: World):
    for one in world.anybody().get("/public/areas").items:
        public.reporter(world).post("concerns", **public.concern_body(place=None, area=one["area"]))
    assert len({one["unit"] for one in public.listed(world)}) == len(
        world.anybody().get("/public/areas").items
    )


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"category": "terrorism"}, "/category", "not_one_of"),
        ({"text": "x" * 20_001}, "/text", "too_long"),
        ({"text": " \u202e\u200b "}, "/text", "blank"),
        ({"place": {"lat": 500, "lon": 0}}, "/place/lat", "out_of_range"),
        ({"reporter": "me"}, "/reporter", "unknown_field"),
    ],
)
def test_bad_input_is_told_by_field(shared_world: World, wrong: dict[str, Any], pointer: str, code: str):
    refused = public.reporter(shared_world).post("concerns", expect=422, **public.concern_body(**wrong))
    assert [(one["pointer"], one["code"]) for one in refused["errors"]] == [(pointer, code)]


def test_a_day_to_come_is_left_out_and_named(shared_world: World):
    who = public.reporter(shared_world)
    body = public.concern_body(occurred_on="2026-03-09")
    taken = who.post("concerns", **body)
    assert [(one["pointer"], one["code"]) for one in taken["warnings"]] == [("/occurred_on", "in_the_future")]
    # When the day has come it is still the same content.
    assert who.post("concerns", **body).status == 200


def test_every_script_is_kept_as_it_was_written(world: World):
    words = "שלום \u202eabc\u202c سيارة حمراء Машина 🚗"
    who, concern_id = public.concern(world, text=words)
    assert who.follow_up()["concern"]["text"] == words
    assert world.client(DESK).get(f"/concerns/{concern_id}", purpose="triage")["text"] == words


@pytest.mark.parametrize("taker", [DESK, "commander.hav", "supervisor.nor"])
def test_what_is_telephoned_gets_a_code_to_read_out(world: World, taker: str):
    told = {"id": "5e0bcbb0-6f0d-4a53-9a5e-6d2a2b2a9c11", "channel": "telephoned", **public.concern_body()}
    client = world.client(taker)
    first, again = client.post("/concerns", told, expect=201), client.post("/concerns", told, expect=200)
    assert (first["code"], first["unit"], first["channel"]) == (again["code"], "lin-a", "telephoned")
    assert first["groups"] == [first["code"][start : start + 4] for start in range(0, 32, 4)]
    who = public.Reporter(world, first["code"])
    who.post("messages", text="I forgot to say: it was red.")
    assert who.follow_up()["messages"][0]["text"] == "I forgot to say: it was red."
    seen = world.client(DESK).get(f"/concerns/{first['id']}", purpose="triage")
    assert "code" not in seen
    other = {**told, "id": "6e0bcbb0-6f0d-4a53-9a5e-6d2a2b2a9c11"}
    assert client.post("/concerns", other)["code"] != first["code"]


def test_who_takes_danger_down_hears_who_is_called_and_the_public_does_not(world: World):
    told = {**public.concern_body(immediate_danger=True), "channel": "telephoned", "id": str(uuid4())}
    taken = world.client(DESK).post("/concerns", told)
    (emergency,) = world.client(COMMANDER).get("/emergencies").items
    called = {"id": emergency["id"], "paged_at": emergency["paged_at"]}
    assert taken["emergency"] == called
    assert world.client(DESK).post("/concerns", told, expect=200)["emergency"] == called
    calm = {**public.concern_body(), "channel": "told"}
    assert "emergency" not in world.client(DESK).post("/concerns", calm)
    alone = public.reporter(world).post("concerns", **public.concern_body(immediate_danger=True))
    assert "emergency" not in alone


def test_danger_is_the_commanders_at_once(world: World):
    who = public.reporter(world)
    told = who.post("concerns", **public.concern_body(immediate_danger=True, contact=CONTACT))
    assert told["if_in_danger"]["number"] == "112"
    (concern,) = world.client(COMMANDER).get("/concerns").items
    (emergency,) = world.client(COMMANDER).get("/emergencies").items
    assert "emergency" in Police(world).duties(COMMANDER, emergency["id"])
    assert world.client("commander.hav").get("/concerns").items == []
    path = f"/concerns/{concern['id']}"
    assert world.client(COMMANDER).get(path, expect=403).code == "purpose_required"
    assert world.client(COMMANDER).get(path, purpose="emergency")["text"] == public.TEXT
    world.client(COMMANDER).post(f"/emergencies/{emergency['id']}/acknowledgement", {})
    assert "emergency" not in Police(world).duties(COMMANDER, emergency["id"])
    reached = world.client(COMMANDER).get(f"{path}/contact", purpose="emergency")
    assert (reached["value"], reached["until"]) == (CONTACT["value"], None)


def test_a_calm_concern_is_not_the_commanders(world: World):
    _who, concern_id = public.concern(world)
    assert world.client(COMMANDER).get("/concerns").items == []
    world.client(COMMANDER).get(f"/concerns/{concern_id}", purpose="emergency", expect=404)


def test_how_to_reach_a_reporter_is_unlocked_by_two_people_for_some_days(world: World):
    _who, concern_id = public.concern(world, contact=CONTACT)
    path, desk = f"/concerns/{concern_id}", world.client(DESK)
    seen = desk.get(path, purpose="triage")
    assert seen["has_contact"] is True
    assert str(CONTACT["value"]) not in str(seen.body)
    assert desk.get(f"{path}/contact", purpose="triage", expect=403).code == "role_not_allowed"
    desk.post(f"{path}/contact-unlocks", {}, expect=422)
    asked = desk.post(f"{path}/contact-unlocks", {"reason": "The hearing is tomorrow."})
    assert asked["state"] == "awaiting_second_person"
    approval = f"{path}/contact-unlocks/{asked['id']}/approval"
    assert desk.post(approval, {}, expect=403).code == "same_person"
    assert desk.get(f"{path}/contact", purpose="triage", expect=403).code == "role_not_allowed"
    assert Police(world).duties(SECOND, concern_id) == ["concern_answer", "concern_contact_unlock", "triage"]
    world.client(SECOND).post(approval, {})
    assert desk.get(f"{path}/contact", expect=403).code == "purpose_required"
    reached = desk.get(f"{path}/contact", purpose="feedback")
    assert (reached["value"], reached["never_when"], reached["say_police"]) == (
        CONTACT["value"], CONTACT["never_when"], False,
    )  # fmt: skip
    world.client(SECOND).get(f"{path}/contact", purpose="feedback", expect=403)
    assert Police(world).duties(SECOND, concern_id) == ["concern_answer", "triage"]
    world.later(days=14)
    assert desk.get(f"{path}/contact", purpose="feedback", expect=403).code == "role_not_allowed"


def test_what_a_second_person_refuses_stays_locked(world: World):
    _who, concern_id = public.concern(world, contact=CONTACT)
    path, desk = f"/concerns/{concern_id}", world.client(DESK)
    asked = desk.post(f"{path}/contact-unlocks", {"reason": "I am curious."})
    world.client(SECOND).post(
        f"{path}/contact-unlocks/{asked['id']}/refusal", {"reason": "That is no reason."}
    )
    desk.get(f"{path}/contact", purpose="triage", expect=403)


def test_who_left_nothing_cannot_be_reached(world: World):
    _who, concern_id = public.concern(world)
    told = {"reason": "To ask something."}
    refused = world.client(DESK).post(f"/concerns/{concern_id}/contact-unlocks", told, expect=409)
    assert refused.code == "no_contact_details"


def test_a_translation_stands_beside_the_original(world: World):
    who, concern_id = public.concern(world, language="de", text="Jeden Freitag rast ein Motorrad.")
    who.post("messages", text="Es ist rot.")
    path, desk = f"/concerns/{concern_id}", world.client(DESK)
    message_id = desk.get(path, purpose="triage")["messages"][0]["id"]
    desk.post(f"{path}/translations", {"language": "en", "text": "A motorbike races every Friday."})
    world.later(minutes=1)
    machine = {"language": "en", "text": "It is red.", "of": message_id, "by_machine": True}
    desk.post(f"{path}/translations", machine)
    seen = desk.get(path, purpose="triage")
    assert seen["text"] == "Jeden Freitag rast ein Motorrad."
    assert [(one["of"], one["text"], one["by_machine"]) for one in seen["translations"]] == [
        (concern_id, "A motorbike races every Friday.", False),
        (message_id, "It is red.", True),
    ]
    assert who.follow_up()["concern"]["text"] == "Jeden Freitag rast ein Motorrad."
    somebody, other_id = public.concern(world)
    somebody.post("messages", text="Hm.")
    foreign = world.client(DESK).get(f"/concerns/{other_id}", purpose="triage")["messages"][0]["id"]
    refused = desk.post(f"{path}/translations", {**machine, "of": foreign}, expect=422)
    assert refused["errors"][0]["pointer"] == "/of"


def test_the_notice_says_whom_to_call_in_the_readers_language(shared_world: World):
    english = shared_world.anybody().get("/public/notice")
    german = shared_world.anybody(language="de-AT,de;q=0.9").get("/public/notice")
    assert (english["emergency_number"], german["language"]) == ("112", "de")
    assert {name for name in english.body if english[name] == german[name]} == {
        "emergency_number",
        "duty_to_pursue",
    }


def test_categories_are_offered_in_words(shared_world: World):
    offered = shared_world.anybody(language="de").get("/public/categories").items
    assert offered[0]["code"] == "noise_nuisance"
    assert all(one["label"] != one["code"] for one in offered)
