"""First act: an officer reports what was seen, and hears at once what the product will not do."""

from __future__ import annotations

from datetime import timedelta

from community_api.clients.demo_tour import words
from community_api.clients.demo_tour.cast import new_id
from community_api.clients.demo_tour.stage import fail
from community_api.clients.demo_tour.story import Story


def an_officer_reports(story: Story) -> None:
    officer = story.cast["officer1.lin-a"]
    story.stage.step(
        f"{officer.called} reports what was seen",
        "Ordinary community work: facts apart from opinion, and no field for suspicion of anybody."
        " The phone makes the id, so that a report whose reply got lost can be sent again without"
        " becoming two.",
    )
    occurred_at = (story.now - timedelta(minutes=40)).isoformat(timespec="seconds")
    body = {"id": new_id(), "occurred_at": occurred_at, **words.OBSERVATION}
    first = officer.ask("POST", "/observations", 201, lambda o: f"{o['reference']}, {o['status']}", body=body)
    again = officer.ask(
        "POST",
        "/observations",
        200,
        lambda o: f"replay: {o['reference']}",
        body=body,
        note="(the reply was lost)",
    )
    if not again.replayed or again.body["id"] != first.body["id"]:
        fail("The same report sent again should have been answered as a replay.", again)
    if again.body["audit_receipt"] != first.body["audit_receipt"]:
        fail("A replay should show the audit receipt of the first answer.", again)
    story.observation = first.body


def a_flag_on_identity_is_refused(story: Story) -> None:
    officer = story.cast["officer1.lin-a"]
    story.stage.step(
        f"{officer.username} flags it for what the man looks like and believes: refused",
        "Belief, dress, opinion and origin are protected and no sign of violence. No such flag can be"
        " made, by nobody; the officer is told why, and the report stays where it was.",
    )
    indicators = officer.read("/indicators")
    if "religion" not in {each["code"] for each in indicators["non_indicators"]}:
        fail("The list of indicators should name religion among what is no indicator.")
    body = _flag(indicators["version"], {"religion": words.IDENTITY_FACT})
    observation = f"/observations/{story.observation['id']}"
    refused = officer.ask(
        "POST", f"{observation}/flags", 422, lambda p: str(p["code"]), code="protected_ground_only", body=body
    )
    story.stage.quote(refused.reason, officer.reads)
    officer.ask("GET", observation, 200, lambda o: f"kept as it was: {o['status']}")


def the_officer_flags_behaviour(story: Story) -> None:
    officer = story.cast["officer1.lin-a"]
    indicators = officer.read("/indicators")
    unknown = words.GROUNDS.keys() - {each["code"] for each in indicators["indicators"]}
    if unknown:
        fail(f"The list of indicators should hold {', '.join(sorted(unknown))}.")
    story.stage.step(
        f"{officer.username} flags it for what the man did and said",
        "A flag is a trained officer's reasoned request, never a finding and never a score: behaviour of the"
        " published list, the facts for it, and the innocent explanation beside them.",
    )
    flag = officer.ask(
        "POST",
        f"/observations/{story.observation['id']}/flags",
        201,
        lambda f: str(f["status"]),
        body=_flag(indicators["version"], words.GROUNDS),
    )
    for code, fact in words.GROUNDS.items():
        story.stage.say(f"{code}: {fact}")
    if flag.body["status"] != "awaiting_second_person":
        fail("A flag about an adult should wait for its second person.", flag)
    story.flag_id = flag.body["id"]


def a_second_person_confirms(story: Story) -> None:
    supervisor = story.cast["supervisor.lin-b"]
    story.stage.step(
        f"{supervisor.called}, supervisor of another team, confirms",
        "Nobody passes anything on alone. The second person is independent of the officer and says"
        " whether the flag stands without anything protected. A copy of the minimum leaves; the report"
        " stays a report.",
    )
    if not any(flag["id"] == story.flag_id for flag in supervisor.items("/flags")):
        fail("supervisor.lin-b should find the flag among those that wait for a second person.")
    path = f"/flags/{story.flag_id}"
    supervisor.ask("GET", path, 200, lambda f: str(f["status"]), purpose="supervision")
    body = {"id": new_id(), **words.CONFIRMATION}
    decided = supervisor.ask(
        "POST", f"{path}/decision", 201, lambda d: f"opened {d['referral_reference']}", body=body
    )
    story.find_answer_owed("supervisor.lin-a", "flag", story.flag_id)
    story.referral_reference = decided.body["referral_reference"]


def _flag(version: int, grounds: dict[str, str]) -> dict[str, object]:
    return {
        "id": new_id(),
        "kind": "verlt",
        "indicator_list_version": version,
        "grounds": [{"indicator": code, "fact": fact} for code, fact in grounds.items()],
        **words.FLAG,
    }
