"""Third act: every decision comes back to the officer, from people who do not know to whom they write."""

from __future__ import annotations

import json
from typing import Any

from community_api.clients.demo_tour import words
from community_api.clients.demo_tour.cast import new_id
from community_api.clients.demo_tour.chain import close, close_too_early
from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story

# Who answers what, from the top down: a referral can be closed when the one above it has ended.
MANAGERS = ("nor", "ost", "lin")


def nothing_closes_unanswered(story: Story) -> None:
    manager = story.cast["manager.nor"]
    story.stage.step(
        f"{manager.username} wants to close, and must answer the officer first",
        "Feedback is no courtesy: a matter cannot be closed while an answer is owed. The manager sees that an"
        " officer is to be answered, and in which language; not who, of which unit, or about which report.",
    )
    close_too_early(story, "nor")
    owed = story.obligations["nor"]
    text = json.dumps(owed, ensure_ascii=False)
    officer = story.cast["officer1.lin-a"].me
    for secret in (officer["id"], officer["name"], story.reference, story.observation["id"]):
        if str(secret) in text:
            fail("An obligation above the local level should not tell whom it answers.")
    manager.ask("GET", "/feedback/obligations", 200, _as_shown(owed), params={"state": "open"})


def everybody_who_decided_answers(story: Story) -> None:
    story.stage.step(
        "The managers of all three levels answer and close; so does the team's own supervisor",
        "Who decided answers, each for their own decision; the product delivers. A referral ends when"
        " those it was sent to have ended.",
    )
    _answer(story, "supervisor.lin-a", "flag")
    for unit in MANAGERS:
        _answer(story, f"manager.{unit}", unit)
        close(story, unit)


def the_officer_reads_and_rates(story: Story) -> None:
    officer = story.cast["officer1.lin-a"]
    story.stage.step(
        f"{officer.called} hears back, four times",
        "What became of the report, in words that help with the next one, and nothing about anybody else. The"
        " officer says whether it helped: that, not the number of flags, is what managers are measured by.",
    )
    messages = officer.expect_soon(
        lambda: _inbox(story), f"Four answers should arrive in the inbox of {officer.username}."
    )
    for message in messages:
        read = officer.ask("GET", f"/feedback/{message['id']}", 200, lambda m: str(m["outcome"]))
        story.stage.quote(str(read.body["text"]))
        officer.ask(
            "POST",
            f"/feedback/{message['id']}/acknowledgement",
            201,
            "acknowledged, 5 of 5",
            body={"id": new_id(), "rating": 5, "comment": "Good to know."},
        )


def _answer(story: Story, username: str, known_as: str) -> None:
    body = {"id": new_id(), "obligation_id": story.obligations[known_as]["id"], **words.FEEDBACK[known_as]}
    story.cast[username].ask("POST", "/feedback", 201, _delivered, body=body, note=f"({username})")


def _delivered(answered: dict[str, Any]) -> str:
    return f"{answered['state']}, obligation {answered['obligation']['state']}"


def _inbox(story: Story) -> list[dict[str, Any]] | None:
    """The answers to this report, once all four are there."""
    found = [
        m for m in story.cast["officer1.lin-a"].items("/feedback") if m["report_reference"] == story.reference
    ]
    return found if len(found) >= 1 + len(MANAGERS) else None


def _as_shown(owed: dict[str, Any]) -> str:
    """All that the obligation tells about whom it answers."""
    decision = owed["decision"]
    return f"one officer, language {owed['language']}, {decision['kind']}: {decision['outcome']}"
