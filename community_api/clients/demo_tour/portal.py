"""Second part: somebody without an account tells something, and reads the answer by a code."""

from __future__ import annotations

from typing import Any

from community_api.clients.demo_tour import words
from community_api.clients.demo_tour.cast import Player, new_id
from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story


def somebody_tells_without_an_account(story: Story) -> None:
    neighbour = story.cast.nobody
    story.stage.step(
        "Somebody without an account tells the police something",
        "First comes the code, then the telling: so a reply that gets lost loses nothing. No name, no"
        " address and no time of day is kept. The code is the only way back, and it is kept as a keyed hash.",
    )
    given = neighbour.ask("POST", "/public/receipts", 200, _groups)
    story.code = given.body["code"]
    # Nothing leads from a code to what the desk sees, so the telling itself says which one it is.
    story.lamp = new_id()[:6]
    text = f"{words.CONCERN['text']} The first is post {story.lamp}."
    body = {"code": story.code, **words.CONCERN, "text": text, "place": story.place}
    told = neighbour.ask("POST", "/public/concerns", 201, lambda c: f"{c['state']}, {_next(c)}", body=body)
    again = neighbour.ask(
        "POST",
        "/public/concerns",
        200,
        lambda c: f"replay: {c['state']}",
        body=body,
        note="(the reply was lost)",
    )
    if not again.replayed or again.body["received_on"] != told.body["received_on"]:
        fail("The same telling sent again should have been answered as a replay.", again)
    wrong = {"code": ("1" if story.code[0] != "1" else "2") + story.code[1:]}
    neighbour.ask(
        "POST",
        "/public/follow-ups",
        404,
        lambda p: str(p["code"]),
        code="receipt_unknown",
        body=wrong,
        note="(a letter wrong)",
    )


def two_people_answer(story: Story) -> None:
    desk, second = story.cast["supervisor.lin-a"], story.cast["supervisor2.lin-a"]
    story.stage.step(
        "The desk of the place reads and answers; a second person approves",
        "What the public is told is read by two. Nobody approves their own words.",
    )
    story.concern_id = _concern_of(desk, story.lamp)
    path = f"/concerns/{story.concern_id}"
    desk.ask("GET", path, 200, lambda c: f"{c['reference']}, {c['status']}", purpose="triage")
    reply = {"id": new_id(), **words.REPLY}
    written = desk.ask("POST", f"{path}/replies", 201, lambda r: str(r["state"]), body=reply)
    approval = f"{path}/replies/{written.body['id']}/approval"
    desk.ask(
        "POST",
        approval,
        403,
        lambda p: str(p["code"]),
        code="same_person",
        body={"id": new_id()},
        note="(by its own author)",
    )
    second.ask("POST", approval, 201, lambda r: str(r["state"]), body={"id": new_id()})


def _concern_of(desk: Player, lamp: str) -> str:
    """The concern as the desk finds it: it sees neither the code nor who told."""
    listed = desk.items("/concerns", {"category": words.CONCERN["category"]})
    ids = (str(concern["id"]) for concern in listed)
    found = next(
        (one for one in ids if lamp in desk.read(f"/concerns/{one}", purpose="triage")["text"]), None
    )
    return found or fail(f"{desk.username} should find the concern in /concerns.")


def _text_of(desk: Player, concern_id: str) -> str:
    return str(desk.read(f"/concerns/{concern_id}", purpose="triage")["text"])


def they_read_on_by_the_code(story: Story) -> None:
    neighbour = story.cast.nobody
    story.stage.step(
        "They come back with the code, on another day and another phone, and read",
        "The same words and the same calendar for everybody: nothing that happens elsewhere changes what"
        " is shown here, or when.",
    )
    code = {"code": _as_written_down(story.code)}
    read = neighbour.ask(
        "POST", "/public/follow-ups", 200, lambda f: f"{f['state']}, {_next(f)}", body=code, note="(by hand)"
    )
    answers = [one["text"] for one in read.body["messages"] if one["from"] == "police"]
    if words.REPLY["text"] not in answers:
        fail("The approved answer should be among the messages.", read)
    story.stage.quote(answers[-1])


def _as_written_down(code: str) -> str:
    """Small letters and o for nought, as people write."""
    return code.lower().replace("0", "o")


def _groups(receipt: dict[str, Any]) -> str:
    return f"a code of {len(receipt['groups'])} groups"


def _next(body: dict[str, Any]) -> str:
    return f"next word by {body['next_on']}" if body["next_on"] else "no further word is due"
