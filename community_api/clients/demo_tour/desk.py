"""Second part, at the desk: most of what people tell is a community problem, solved and answered as one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from community_api.clients.demo_tour import words
from community_api.clients.demo_tour.cast import new_id
from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story

DESK, COLLEAGUE, PARTNER, COMMANDER = "supervisor.lin-a", "officer2.lin-a", "partner.school", "commander.lin"


def the_desk_sees_what_belongs_together(story: Story) -> None:
    officer, desk = story.cast[COLLEAGUE], story.cast[DESK]
    story.stage.step(
        f"{officer.called} reports the same lamps; the desk sees that it is one matter",
        "Place, time and category make a score whose every point has its reason; a person decides. Whoever"
        " told hears about their own report only, and never of the other.",
    )
    occurred_at = (story.now - timedelta(minutes=20)).isoformat(timespec="seconds")
    body = {"id": new_id(), "occurred_at": occurred_at, **words.LAMPS, "place": story.place}
    told = officer.ask("POST", "/observations", 201, lambda o: f"{o['reference']}, {o['status']}", body=body)
    story.report_of_lamps = told.body
    waiting = next((one for one in desk.items("/triage") if one["id"] == told.body["id"]), None)
    likely = next((one for one in (waiting or {"duplicates": ()})["duplicates"] if _is(one, story)), None)
    if likely is None:
        fail(f"{DESK} should be offered the concern as a likely duplicate in /triage.")
    signs = ", ".join(f"{reason['sign']} {reason['points']}" for reason in likely["reasons"])
    story.stage.say(f"In /triage: likely the same as a concern, {likely['score']} points ({signs})")
    ends = {
        "a": {"kind": "observation", "id": told.body["id"]},
        "b": {"kind": "concern", "id": story.concern_id},
    }
    body = {"id": new_id(), **ends, "reason": words.SAME_LAMPS}
    desk.ask("POST", "/links", 201, "linked", body=body)


def _is(duplicate: dict[str, Any], story: Story) -> bool:
    return bool(duplicate["kind"] == "concern" and duplicate["id"] == story.concern_id)


def a_problem_is_solved_with_partners(story: Story) -> None:
    desk, partner = story.cast[DESK], story.cast[PARTNER]
    story.stage.step(
        f"{desk.username} makes it a problem to be solved, with the school",
        "Scanning, analysis, response, assessment: the neighbourhood's problem, not a person's file. A"
        " partner sees its own part and how many reports there are, never which, and never who told.",
    )
    for kind, known in (("observations", story.report_of_lamps["id"]), ("concerns", story.concern_id)):
        path, body = f"/{kind}/{known}/triage", {"id": new_id(), **words.TRIAGE}
        desk.ask("POST", path, 201, lambda t: str(t["report"]["status"]), body=body)
    reports = {"observations": [story.report_of_lamps["id"]], "concerns": [story.concern_id]}
    opened = desk.ask(
        "POST",
        "/problems",
        201,
        lambda p: f"{p['reference']}, {p['reports']} reports",
        body={"id": new_id(), **words.PROBLEM, **reports},
    )
    story.problem_id = opened.body["id"]
    path = f"/problems/{story.problem_id}"
    seen = partner.ask(
        "GET", path, 200, lambda p: f"{p['reports']} reports, not which", note="(by the school)"
    )
    if seen.body["attached"] is not None:
        fail("A partner should learn how many reports there are, not which.", seen)
    body = {"id": new_id(), **words.PART}
    partner.ask("POST", f"{path}/entries", 201, lambda e: str(e["stage"]), body=body)


def _how_many(problem: dict[str, Any]) -> str:
    return f"{problem['reports']} reports, not which"


def a_report_ends_with_an_answer(story: Story) -> None:
    officer, desk = story.cast[COLLEAGUE], story.cast[DESK]
    story.stage.step(
        f"The report ends with an answer that {officer.username} reads",
        "Triage owes the officer a word, and closing waits for it. The text that closes a report is the"
        " answer itself: it is delivered in the same moment.",
    )
    path = f"/observations/{story.report_of_lamps['id']}/closing"
    ending = {"id": new_id(), **words.ENDING}
    desk.ask("POST", path, 409, lambda p: str(p["code"]), code="feedback_owed", body=ending)
    owed = [one for one in desk.items("/feedback/obligations", {"state": "open"}) if _about(one, story)]
    for obligation in owed:
        body = {"id": new_id(), "obligation_id": obligation["id"], **words.THANKS}
        desk.ask("POST", "/feedback", 201, lambda f: str(f["state"]), body=body)
    desk.ask("POST", path, 201, lambda c: str(c["report"]["status"]), body=ending)
    told = officer.expect_soon(
        lambda: _newest_of_more_than(len(owed), [m for m in officer.items("/feedback") if _about(m, story)]),
        f"The text that closed the report should be in the inbox of {COLLEAGUE}.",
    )
    read = officer.ask("GET", f"/feedback/{told['id']}", 200, lambda m: str(m["outcome"]))
    if read.body["text"] != words.ENDING["text_for_reporter"]:
        fail("The officer should read the text that closed the report.", read)
    story.stage.quote(str(read.body["text"]))


def _newest_of_more_than(number: int, messages: list[dict[str, Any]]) -> dict[str, Any] | None:
    return messages[0] if len(messages) > number else None


def _about(report: dict[str, Any], story: Story) -> bool:
    return bool(report.get("report_reference") == story.report_of_lamps["reference"])


def danger_wakes_somebody(story: Story) -> None:
    neighbour, commander = story.cast.nobody, story.cast[COMMANDER]
    story.stage.step(
        "Somebody is in danger: the duty commander is called in the same moment",
        "No grade, no course and no second person first. Every report, calm or not, is answered with whom to"
        " call. Who acted accounts for it within a day.",
    )
    code = neighbour.ask("POST", "/public/receipts", 200, "a code").body["code"]
    body = {"code": code, **words.DANGER, "place": story.place}
    before = {one["id"] for one in commander.items("/emergencies")}
    neighbour.ask("POST", "/public/concerns", 201, lambda c: f"call {c['if_in_danger']['number']}", body=body)
    called = [one for one in commander.items("/emergencies") if one["id"] not in before]
    if len(called) != 1:
        fail(f"{COMMANDER} should find one new emergency in /emergencies.")
    path = f"/emergencies/{called[0]['id']}"
    for act, told in (
        ("acknowledgement", {}),
        ("actions", words.ACTION),
        ("stand-down", words.STAND_DOWN),
        ("justification", words.JUSTIFICATION),
    ):
        commander.ask(
            "POST",
            f"{path}/{act}",
            201,
            lambda e: str(e["emergency"]["state"]),
            body={"id": new_id(), **told},
        )
