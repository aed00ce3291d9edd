"""Second act: through the levels by a declared procedure, as blind to its source as it can be."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from community_api.clients.demo_tour import words
from community_api.clients.demo_tour.cast import Player, new_id
from community_api.clients.demo_tour.forms import factors, fill
from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story
from community_api.clients.http_client import Answer


def the_analyst_finds_work(story: Story) -> None:
    analyst = story.cast["analyst1.lin"]
    story.stage.step(
        f"{analyst.called}, analyst of the local unit, finds a duty, and a closed door",
        "Duties belong to posts, so that nothing waits for one person. The analyst reads the copy"
        " that the flag carried, and can never look from here into what communities tell their police.",
    )
    referral = _own_referral(story, analyst)
    duty = analyst.duty_about(referral["id"])
    story.referrals["lin"] = referral["id"]
    path = f"/referrals/{referral['id']}"
    analyst.ask("GET", "/duties", 200, f"{duty['kind']}, due {duty['due_at'][:10]}")
    analyst.ask("GET", path, 200, lambda r: f"{r['reference']}, {r['state']}", purpose="assessment")
    hidden = analyst.refused_to_read(f"/observations/{story.observation['id']}", "(the report)")
    nothing = analyst.refused_to_read(f"/observations/{new_id()}", "(there is none)")
    if _without_request(hidden) != _without_request(nothing):
        fail(
            "A report that the analyst may not know of should answer exactly as one that does not exist.",
            hidden,
        )


def the_analyst_assesses_and_writes(story: Story) -> None:
    analyst = story.cast["analyst1.lin"]
    story.stage.step(
        f"{analyst.username} assesses, grades and sanitises",
        "What is not known is written down as not known. Source and information are graded by the 4x4"
        " scheme. The sanitised text leaves out all that points to the officer, the place, the"
        " neighbour.",
    )
    _take(story, analyst, "lin", "assess", factors=factors)
    _take(story, analyst, "lin", "evaluate")
    _take(story, analyst, "lin", "sanitise")
    story.stage.quote(words.SANITISED)


def another_analyst_approves(story: Story) -> None:
    writer, reader = story.cast["analyst1.lin"], story.cast["analyst2.lin"]
    story.stage.step(
        f"{reader.called} approves text and grade; {writer.username} could not",
        "Who wrote the text is no judge of what it gives away. The product withholds the action from"
        " the writer, and refuses it when it is sent all the same.",
    )
    version = _referral(writer, story, "lin").headers["etag"]
    writer.ask(
        "POST",
        f"/referrals/{story.referrals['lin']}/steps",
        403,
        lambda p: str(p["code"]),
        code="same_person",
        body={"id": new_id(), "action": "approve_sanitised", "fields": words.ANSWERS["approve_sanitised"]},
        headers={"If-Match": version},
    )
    _take(story, reader, "lin", "approve_sanitised")
    story.report_id = _referral(reader, story, "lin").body["report_id"]


def the_local_manager_escalates(story: Story) -> None:
    manager = story.cast["manager.lin"]
    story.stage.step(
        f"{manager.called}, manager of the local unit, decides to escalate and sends it to the region",
        "A decision is made by a human with a reason, and at once owes the officer an answer. Only"
        " the sanitised report travels; who receives it, why, and on what legal basis is recorded.",
    )
    _take(story, manager, "lin", "decide", "escalate", review_on=_review_day(story))
    story.find_answer_owed("manager.lin", "lin", story.referrals["lin"])
    _take(story, manager, "lin", "disseminate", to_units=["ost"])


def the_region_sees_no_source(story: Story) -> None:
    analyst = story.cast["analyst1.ost"]
    story.stage.step(
        f"{analyst.called}, analyst of the region, acknowledges",
        "Each recipient gets a referral of its own. It shows the sanitised report and nothing of"
        " where it came from: no officer, no place, no number of the report or the flag.",
    )
    _receive(story, analyst, "ost", parent="lin")


def the_regional_manager_escalates(story: Story) -> None:
    manager = story.cast["manager.ost"]
    story.stage.step(
        f"{manager.called}, manager of the region, decides to escalate to the national level",
        "Each level decides for itself, and each decision owes the same officer an answer of its own."
        " (A local unit may also send to the national level directly; the procedure file declares"
        " which ways exist.)",
    )
    _take(story, manager, "ost", "decide", "escalate", review_on=_review_day(story))
    story.find_answer_owed("manager.ost", "ost", story.referrals["ost"])
    _take(story, manager, "ost", "disseminate", to_units=["nor"])


def the_national_level_decides(story: Story) -> None:
    analyst, manager = story.cast["analyst1.nor"], story.cast["manager.nor"]
    story.stage.step(
        f"{analyst.called} acknowledges at the national level, {manager.called} decides",
        "What one officer saw is now known where it can be compared with the rest of the country."
        " Here a decision ends the way up, and the way back begins.",
    )
    _receive(story, analyst, "nor", parent="ost")
    _take(story, manager, "nor", "decide", "investigate", review_on=_review_day(story))
    story.find_answer_owed("manager.nor", "nor", story.referrals["nor"])


def close(story: Story, unit: str) -> None:
    """The manager of ``unit`` closes its referral, which waits for its turn until the one above has ended."""
    manager = story.cast[f"manager.{unit}"]
    manager.expect_soon(
        lambda: _referral(manager, story, unit).body["state"] == "to_feed_back" or None,
        f"The referral of {unit} should wait for feedback once all it was sent to have ended.",
    )
    _take(story, manager, unit, "close")


def close_too_early(story: Story, unit: str) -> None:
    """Closing is offered, and refused while the officer has no answer."""
    manager = story.cast[f"manager.{unit}"]
    manager.ask(
        "POST",
        f"/referrals/{story.referrals[unit]}/steps",
        409,
        lambda p: str(p["code"]),
        code="feedback_owed",
        body={"id": new_id(), "action": "close", "fields": words.ANSWERS["close"]},
        headers={"If-Match": _referral(manager, story, unit).headers["etag"]},
        note="(close)",
    )


def _own_referral(story: Story, analyst: Player) -> dict[str, Any]:
    """The referral that the confirmed flag opened, found by the reference that its answer showed."""
    wanted = story.referral_reference
    return analyst.expect_soon(
        lambda: next((r for r in analyst.items("/referrals") if r["reference"] == wanted), None),
        f"{analyst.username} should find {wanted} in /referrals.",
    )


def _receive(story: Story, analyst: Player, unit: str, *, parent: str) -> None:
    """Find the referral that came from ``parent``, look for what must not be in it, acknowledge."""
    sent_from = story.referrals[parent]
    referral = analyst.expect_soon(
        lambda: next((r for r in analyst.items("/referrals") if r.get("parent_id") == sent_from), None),
        f"{analyst.username} should find the referral that came from {parent} in /referrals.",
    )
    story.referrals[unit] = referral["id"]
    analyst.duty_about(referral["id"])
    shown = analyst.ask(
        "GET",
        f"/referrals/{referral['id']}",
        200,
        lambda r: f"{r['reference']}, {r['state']}",
        purpose="assessment",
    )
    report = analyst.ask(
        "GET", f"/intelligence-reports/{story.report_id}", 200, _grades, purpose="assessment"
    )
    for answer in (shown, report):
        _no_source_in(story, answer, unit)
    if words.SANITISED not in json.dumps(report.body, ensure_ascii=False):
        fail(f"The report should show the sanitised text to {analyst.username}.", report)
    _take(story, analyst, unit, "acknowledge")


def _no_source_in(story: Story, answer: Answer, unit: str) -> None:
    """Whatever points to the report, the flag or the officer is a leak."""
    text = json.dumps(answer.body, ensure_ascii=False)
    seen, officer = story.observation, story.cast["officer1.lin-a"]
    secrets = {
        "the id of the observation": seen["id"],
        "its reference": seen["reference"],
        "the flag": story.flag_id,
        "the officer": str(officer.me["id"]),
        "the officer's name": str(officer.me["name"]),
        "the officer's own words": words.CANARY,
    }
    for what, secret in secrets.items():
        if secret in text:
            fail(f"What {unit} reads should hold no trace of its source, but {what} is in it.")


def _take(story: Story, player: Player, unit: str, action: str, answers: str = "", **more: Any) -> None:
    """Take one step of the procedure: read what may be done now, fill in its form, send it."""
    referral = f"/referrals/{story.referrals[unit]}"
    actions = player.read(f"{referral}/actions")["items"]
    form = next((each for each in actions if each["action"] == action), None)
    if form is None:
        names = ", ".join(each["action"] for each in actions) or "nothing"
        fail(f"{player.username} should be offered {action!r} at {unit}; offered is {names}.")
    player.ask(
        "POST",
        f"{referral}/steps",
        201,
        lambda step: f"{step['from_state']} -> {step['to_state']}",
        body={
            "id": new_id(),
            "action": action,
            "fields": fill(form, words.ANSWERS.get(answers or action, {}) | more),
        },
        headers={"If-Match": _referral(player, story, unit).headers["etag"]},
        note=f"({action})",
    )


def _referral(player: Player, story: Story, unit: str) -> Answer:
    answer = player.look(f"/referrals/{story.referrals[unit]}", purpose="assessment")
    if answer.status != 200:
        fail(f"{player.username} should be able to read the referral of {unit}.", answer)
    return answer


def _review_day(story: Story) -> str:
    return (story.now + timedelta(days=90)).date().isoformat()


def _grades(report: dict[str, Any]) -> str:
    return " ".join(str(grade["code"]) for grade in report.get("grades", ())) + ", sanitised text"


def _without_request(answer: Answer) -> tuple[int, dict[str, Any]]:
    """All that two identical refusals share: everything but the number of the request."""
    return answer.status, {name: value for name, value in answer.body.items() if name != "instance"}
