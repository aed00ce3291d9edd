"""Emergencies that the public reports in numbers: gathered, all kept, told as one, handled as many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from community_api.audit.models import AuditEvent
from community_api.community.emergencies.models import Emergency, EmergencyCall, EmergencyPage
from community_api.core.database.commands import again
from tests.support import public
from tests.support.workflow import observation

COMMANDER, REGION, NATION = "commander.lin", "commander.bru", "commander.nor"
CATEGORIES = ("violence", "weapons", "threat_to_people", "domestic_abuse")


def danger(world, line="Smoke from the roof.", **changes):
    told = public.concern_body(**{"category": "violence", "text": line, "immediate_danger": True, **changes})
    return public.reporter(world).post("concerns", **told)


def flood(world, number):
    """So many that differ in category, so that the unit is flooded and no one place."""
    for index in range(number):
        danger(world, f"Report {index}.\nMore.", category=CATEGORIES[index % len(CATEGORIES)])


def emergencies(world, who=COMMANDER, **query):
    return list(world.client(who).pages("/emergencies", **query))


def duties(world, who=COMMANDER, kind="emergency"):
    return [one for one in world.client(who).get("/duties").items if one["kind"] == kind]


def calls(world):
    with world.uow() as tx:
        return tx.all(select(EmergencyCall).order_by(EmergencyCall.opened_at, EmergencyCall.kind))


def pages(world):
    with world.uow() as tx:
        return tx.all(select(EmergencyPage))


def many(world, act, ids, who=COMMANDER, expect=None, **changes):
    body = {"emergencies": list(ids), "reason": "All tell of the fire in Mill Lane.", **changes}
    return world.client(who).post(f"/emergencies/{act}", body, expect=expect)


def test_three_about_one_place_call_singly_and_the_rest_share_one_call(world):
    for index in range(7):
        danger(world, f"Smoke from window {index}.\nPlease come.")
        world.clock.advance(timedelta(seconds=20))
    assert sorted(one.kind for one in calls(world)) == ["public", "public", "public", "shared"]
    assert len(pages(world)) == 4
    assert len(duties(world)) == 4
    english = world.client(COMMANDER, language="en").get("/duties").items
    (shared,) = [one for one in english if "mehrere Meldungen" in one["title"] or "several" in one["title"]]
    listed = emergencies(world, gathered_with=shared["subject"]["id"])
    assert len(listed) == 4
    assert {one["call"]["emergencies"] for one in listed} == {4}
    shown = world.client(COMMANDER).get(f"/emergencies/{shared['subject']['id']}", purpose="emergency")
    lines = [one["first_line"] for one in shown["gathered"]]
    assert lines == [f"Smoke from window {index}." for index in (3, 4, 5, 6)]
    # Those that joined are shown in a page that is sent five minutes after the first.
    assert [one["emergencies"] for one in shown["pages"]] == [1]
    world.later(minutes=5)
    shown = world.client(COMMANDER).get(f"/emergencies/{shared['subject']['id']}", purpose="emergency")
    assert {one["emergencies"] for one in shown["pages"]} == {1, 4}
    assert all(one["paged_at"] for one in emergencies(world))


def test_after_ten_calls_all_further_ones_of_the_unit_are_one_call(world):
    flood(world, 40)
    kinds = [one.kind for one in calls(world)]
    assert (kinds.count("public") + kinds.count("shared"), kinds.count("flood")) == (10, 1)
    assert len(emergencies(world)) == 40
    assert len(duties(world)) == len(duties(world, kind="emergency_justification")) == 11
    # Another unit is not flooded by it.
    danger(world, place={"lat": 50.5, "lon": 10.45, "precision": "street"}, area=None)
    assert [one.kind for one in calls(world)].count("public") >= kinds.count("public")


def test_what_an_officer_reports_is_never_gathered(world):
    flood(world, 14)
    before = len(calls(world))
    for _ in range(5):
        answer = world.client("officer1.lin-a").post(
            "/observations", observation(world, immediate_danger=True)
        )
        assert answer["emergency"]["paged_at"] == answer["received_at"]
    assert len(calls(world)) == before + 5


def test_a_colleague_who_takes_a_call_down_is_answered_as_ever(world):
    flood(world, 14)
    body = {**public.concern_body(category="violence", immediate_danger=True), "channel": "telephoned"}
    answer = world.client("supervisor.lin-a").post("/concerns", body)
    assert answer["emergency"]["paged_at"] is not None


def test_the_public_is_answered_the_same_whether_gathered_or_not(world):
    first = danger(world)
    flood(world, 14)
    last = danger(world)
    assert set(first.body) == set(last.body)
    assert "emergency" not in last.body
    assert last["if_in_danger"] == first["if_in_danger"]


def test_rounds_end_after_six_and_the_nation_is_called_each_hour(world):
    danger(world)
    for _ in range(30):
        world.later(minutes=1)
    before = len(pages(world))
    assert before == 1 + 6 * 3
    for _ in range(4):
        world.later(minutes=30)
    after = [page for page in pages(world) if page.round > 6]
    assert len(after) == 2
    assert duties(world, NATION)


def test_a_flood_that_nobody_answers_is_bounded_in_pages(world):
    flood(world, 60)
    for _ in range(25):
        world.later(minutes=1)
    # Eleven calls: one page at once, and five rounds to three commanders.
    assert len(pages(world)) == 11 * (1 + 5 * 3)


def test_one_that_comes_when_all_are_answered_is_called_in_five_minutes(world):
    flood(world, 20)
    many(world, "acknowledgements", [one["id"] for one in emergencies(world)])
    assert duties(world) == []
    danger(world, "One more.")
    (late,) = [one for one in emergencies(world) if one["state"] == "paging"]
    assert late["paged_at"] is None
    world.later(minutes=5)
    (duty,) = duties(world)
    shown = world.client(COMMANDER).get(f"/emergencies/{late['id']}", purpose="emergency")
    assert shown["paged_at"] is not None
    assert shown["gathered"][0]["first_line"] == "One more."
    assert duty["subject"]["id"] == late["call"]["id"]
    # Only the commander of the unit is called first.
    assert duties(world, REGION) == []


def test_many_are_acknowledged_accounted_for_and_stood_down_in_one_act_each(world):
    flood(world, 20)
    ids = [one["id"] for one in emergencies(world)]
    done = many(world, "acknowledgements", ids)
    assert (set(done["emergencies"]), done["left_alone"]) == (set(ids), [])
    assert {one["state"] for one in emergencies(world)} == {"acknowledged"}
    for one in world.client(COMMANDER).pages("/concerns"):
        world.client(COMMANDER).get(f"/concerns/{one['id']}", purpose="emergency")
    over = many(world, "stand-downs", ids)
    assert over["state"] == "done"
    many(world, "justifications", ids, source_grade="B", information_grade="2")
    assert {one["state"] for one in emergencies(world)} == {"stood_down"}
    assert duties(world, kind="emergency_justification") == []
    world.later(days=2)
    assert duties(world, "manager.lin", "emergency_breach") == []
    shown = world.client(COMMANDER).get(f"/emergencies/{ids[0]}", purpose="emergency")
    acts = {one["act"] for one in shown["entries"]}
    assert acts == {"acknowledgement", "stand_down", "justification"}
    assert all("fire in Mill Lane" in one["reason"] for one in shown["entries"])


def test_what_is_dealt_with_already_is_left_alone_and_named(world):
    flood(world, 4)
    ids = [one["id"] for one in emergencies(world)]
    world.client(COMMANDER).post(f"/emergencies/{ids[0]}/acknowledgement", {})
    done = many(world, "acknowledgements", ids)
    assert done["left_alone"] == [{"id": ids[0], "code": "already_acknowledged"}]
    assert set(done["emergencies"]) == set(ids[1:])
    assert many(world, "acknowledgements", ids, expect=409).code == "already_acknowledged"


def test_one_that_is_not_there_refuses_the_whole_act(world):
    flood(world, 2)
    ids = [one["id"] for one in emergencies(world)]
    assert many(world, "acknowledgements", [*ids, str(uuid4())], expect=404).code == "not_found"
    assert {one["state"] for one in emergencies(world)} == {"paging"}
    # Nor does a commander who was not called reach them.
    many(world, "acknowledgements", ids, who="commander.hav", expect=404)


def test_the_same_act_again_is_answered_as_it_is_and_leaves_one_leaf_of_all_ids(world):
    flood(world, 3)
    ids = [one["id"] for one in emergencies(world)]
    told = {"id": str(uuid4())}
    first = many(world, "acknowledgements", ids, **told)
    replay = many(world, "acknowledgements", ids, **told)
    assert (first.status, replay.status) == (201, 200)
    assert replay["audit_receipt"] == first["audit_receipt"]
    assert many(world, "acknowledgements", ids[:1], expect=409, **told).code == "id_reused"
    with world.uow() as tx:
        (leaf,) = tx.all(select(AuditEvent).where(AuditEvent.object_kind == "emergency_batch"))
    assert all(one in leaf.envelope for one in ids)


def test_a_day_without_an_account_of_a_flood_is_one_breach(world):
    flood(world, 20)
    many(world, "acknowledgements", [one["id"] for one in emergencies(world)])
    world.later(days=1, minutes=1)
    breaches = duties(world, "manager.lin", "emergency_breach")
    assert len(breaches) == 11
    assert all(one["justification"]["overdue"] for one in emergencies(world))


def test_two_at_the_same_moment_are_counted_as_two(world):
    codes = [public.reporter(world) for _ in range(8)]
    bodies = [public.concern_body(category="violence", immediate_danger=True) for _ in codes]
    ready = Barrier(len(codes))

    def tell(number):
        """By an application client of its own, all at one moment."""
        http = world.app.test_client()
        body = {"code": codes[number].code, **bodies[number]}
        ready.wait()
        return http.post("/api/v1/public/concerns", json=body)

    with ThreadPoolExecutor(len(codes)) as threads:
        answers = list(threads.map(tell, range(len(codes))))
    assert [one.status_code for one in answers] == [201] * 8
    kinds = sorted(one.kind for one in calls(world))
    assert kinds == ["public", "public", "public", "shared"]
    with world.uow() as tx:
        assert tx.first(select(func.count()).select_from(Emergency)) == 8


@pytest.mark.parametrize("first", ["answer", "round"])
def test_an_answer_and_a_round_at_one_moment_leave_no_duty_behind(world, monkeypatch, first):
    """One of the two commits while the other is under way, which then begins again and sees it."""
    danger(world)
    (one,) = emergencies(world)
    world.clock.advance(timedelta(minutes=5))
    uow, commit = world.uow, world.uow.commit
    acts = {
        "answer": lambda: world.client(COMMANDER).post(f"/emergencies/{one['id']}/acknowledgement", {}),
        "round": lambda: again(world.work),
    }
    world.client(COMMANDER).token()
    (other,) = set(acts) - {first}

    def overtaken(work):
        monkeypatch.setattr(uow, "commit", commit)
        acts[other]()
        commit(work)

    touched = {"done": False}

    def at_the_change(work):
        calls_changed = any(getattr(op, "model", None) is EmergencyCall for op in work.operations)
        if calls_changed and not touched["done"]:
            touched["done"] = True
            return overtaken(work)
        return commit(work)

    monkeypatch.setattr(uow, "commit", at_the_change)
    acts[first]()
    monkeypatch.setattr(uow, "commit", commit)
    assert touched["done"]
    world.work()
    for who in (COMMANDER, REGION, NATION):
        assert duties(world, who) == []
    (row,) = emergencies(world)
    assert row["state"] == "acknowledged"
