"""Last act: who watches the watchers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story


def the_overseer_reads_the_trail(story: Story) -> None:
    overseer = story.cast["overseer.oversight"]
    story.stage.step(
        f"{overseer.called}, of the independent oversight, reads who did what",
        "Every writing, reading, passing on and refusal left one entry that nobody can change: who,"
        " when, under which purpose, about which record; never what stood in it.",
    )
    seen = story.observation["id"]
    overseer.ask("GET", "/audit/events", 200, _entries, params={"object": seen}, note="(the report's)")
    actions: Counter[str] = Counter()
    for record in (seen, story.flag_id, story.report_id, *story.referrals.values()):
        actions.update(event["action"] for event in overseer.items("/audit/events", {"object": record}))
    missing = {"collect", "alter", "consult", "disclose", "denied"} - actions.keys()
    if missing:
        fail(f"The trail of this case should hold entries of {', '.join(sorted(missing))}.")
    counted = ", ".join(f"{count} {action}" for action, count in sorted(actions.items()))
    story.stage.say(f"Report, flag, referrals and intelligence report together: {counted}.")


def _entries(page: dict[str, Any]) -> str:
    if not page["items"]:
        fail("The trail should hold entries about the report.")
    newest = page["items"][0]
    return f"newest: {newest['action']}, leaf {newest['leaf_hash'][:8]}…"
