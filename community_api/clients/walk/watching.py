"""Last act: who watches the watchers."""

from __future__ import annotations

from collections import Counter

from community_api.clients.walk.stage import fail
from community_api.clients.walk.story import Story


def the_overseer_reads_the_trail(story: Story) -> None:
    overseer = story.cast["overseer.oversight"]
    story.stage.step(
        f"{overseer.called}, of the independent oversight, reads who did what",
        "Every writing, reading, passing on and refusal left one entry that nobody can change: who,"
        " when, under which purpose, about which record; never what stood in it.",
    )
    answer = overseer.ask("GET", "/audit/events", 200, "newest first", params={"limit": 200})
    ours = {story.observation["id"], story.flag_id, story.report_id, *story.referrals.values()}
    events = [
        event for event in answer.body["items"] if ours & {event["object"]["id"], *event.get("shown", ())}
    ]
    actions = Counter(event["action"] for event in events)
    missing = {"collect", "alter", "consult", "disclose"} - actions.keys()
    if missing:
        fail(f"The trail of this case should hold entries of {', '.join(sorted(missing))}.", answer)
    story.stage.say(", ".join(f"{count} {action}" for action, count in sorted(actions.items())))
