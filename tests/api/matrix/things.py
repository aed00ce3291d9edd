"""One of everything in two places, made through HTTP by the people whose work it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from community_api import safeguarding
from community_api.clients.demo_tour import words
from community_api.community.emergencies.models import EmergencyBatch
from community_api.oversight.bias import service as bias
from community_api.oversight.bias.rules import Unusual
from tests.support import public
from tests.support.app import Answer, Client, World


@dataclass(frozen=True)
class Place:
    """A team with the units above it, by name."""

    team: str
    local: str
    region: str

    def who(self, name: str) -> str:
        """The account of a role in this place: officer1 of the team, analyst1 of the local unit."""
        community = name.startswith(("officer", "supervisor"))
        return f"{name}.{self.team if community else self.local}"


ADMINISTRATOR = "admin1.nor"
HERE = Place("lin-a", "lin", "ost")
THERE = Place("hav-a", "hav", "wes")


@dataclass(frozen=True)
class Thing:
    """What the expectation must know of a thing: its kind, where it belongs, whose it is, to whom it went.

    ``units`` are names; ``owner`` a username; ``addressed`` roles in units and all below them.
    """

    id: str
    kind: str
    units: tuple[str, ...] = ()
    owner: str | None = None
    addressed: tuple[tuple[str, str], ...] = ()


@dataclass
class Things:
    """Those of one place, by what they are called in ``operations``."""

    place: Place
    found: dict[str, Thing] = field(default_factory=dict)
    # What waits for a second person about a concern, by the last part of its path.
    proposed: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Thing:
        return self.found[name]


def make_things(world: World, place: Place) -> Things:
    """A report, a flag that waits, a flag that went up to the region, answers owed and given, a session."""
    things = Things(place)
    officer = place.who("officer1")
    team = (place.team,)
    plain = observe(world, officer)
    waiting = flag(world, officer, observe(world, officer))
    things.found["emergency"] = Thing(_emergency(world, place), "emergency", (place.local,))
    commanders = (("duty_commander", place.local), ("duty_commander", place.region))
    stand_down = _stand_down(world, place)
    things.found["stand_down"] = Thing(stand_down, "emergency", (place.local,), None, commanders)
    things.found["record"], things.found["handover"] = _safeguarding(world, place)
    addressed = (("supervisor", place.local), ("safeguarding_lead", place.local))
    things.found["observation"] = Thing(plain, "observation", team, officer)
    things.found["flag"] = Thing(waiting, "flag", team, officer, addressed)
    referral = confirmed(world, place, observe(world, officer))
    report, message = _up_to_the_region(world, place, referral), _answered(world, place)
    local = (place.local,)
    things.found["referral"] = Thing(referral, "referral", local)
    things.found["report"] = Thing(report, "intelligence_report", (place.local, place.region))
    giving, notice = _disseminated(world, place, referral)
    things.found["giving"] = Thing(giving, "dissemination", (place.local, place.region))
    things.found["held"] = Thing(giving, "dissemination", (place.region,))
    things.found["notice"] = Thing(notice, "dissemination", (place.region,))
    things.found["message"] = Thing(message, "feedback", owner=officer)
    post_of_team, post_of_unit = ("supervisor", place.team), ("intelligence_manager", place.local)
    things.found["answer"] = Thing(message, "obligation", team, addressed=(post_of_team,))
    confirmed(world, place, observe(world, officer))
    for name, who, units, post in (
        ("owed", place.who("supervisor"), team, post_of_team),
        ("owed_above", place.who("manager"), local, post_of_unit),
    ):
        things.found[name] = Thing(_owed(world.client(who)), "obligation", units, addressed=(post,))
    colleague = place.who("officer2")
    things.found["proposal"] = Thing(
        _proposal(world, colleague, place.local), "proposal", local, ADMINISTRATOR
    )
    things.found["certificate"] = Thing(_certificate(world, colleague), "certificate", team)
    _concerns(world, place, things)
    things.found["bias_review"] = Thing(bias_review(world, place.team), "bias_review", team)
    things.found["problem"] = Thing(_problem(world, place), "problem", team)
    things.found["priority"] = Thing(_priority(world, place), "priority", team)
    linked, link = _link(world, place)
    things.found["linked"] = Thing(linked, "observation", team, officer)
    things.found["link"] = Thing(link, "link", team)
    things.found["session"] = Thing(_session(world, officer), "session", team, officer)
    return things


def _problem(world: World, place: Place) -> str:
    told = {"title": "Noise behind the school", "scanning": "Every Friday night."}
    return str(world.client(place.who("officer1")).post("/problems", told)["id"])


def _priority(world: World, place: Place) -> str:
    residents = [{"kind": "residents", "name": "The meeting of March"}]
    told = {"month": "2026-03", "title": "Light", "text": "More of it.", "agreed_with": residents}
    return str(world.client(place.who("supervisor2")).post("/priorities", told)["id"])


def _link(world: World, place: Place) -> tuple[str, str]:
    """One of two further reports of the team, and the link between them."""
    ends = [{"kind": "observation", "id": observe(world, place.who("officer1"))} for _ in range(2)]
    told = {"a": ends[0], "b": ends[1], "reason": "The same leaflet."}
    return ends[0]["id"], str(world.client(place.who("supervisor2")).post("/links", told)["id"])


def _concerns(world: World, place: Place, things: Things) -> None:
    """What somebody told, and what somebody told about a danger with how to reach them."""
    team, commander = (place.team,), ("duty_commander", place.local)
    _who, plain = public.concern(world, area=place.team, place=None)
    things.found["concern"] = Thing(plain, "concern", team)
    contact = {"channel": "phone", "value": "0160 1234567", "say_police": False}
    _who, danger = public.concern(world, area=place.team, place=None, immediate_danger=True, contact=contact)
    desk = world.client(place.who("supervisor2"))
    reply = {"text": "We will look.", "language": "en", "kind": "status"}
    things.proposed["replies"] = desk.post(f"/concerns/{plain}/replies", reply)["id"]
    reason = {"reason": "They may be hurt and do not answer."}
    things.proposed["contact-unlocks"] = desk.post(f"/concerns/{danger}/contact-unlocks", reason)["id"]
    things.found["danger"] = Thing(danger, "concern", team, addressed=(commander,))


def observe(world: World, who: str) -> str:
    told = {"occurred_at": _ago(world, hours=1), **words.OBSERVATION}
    return str(world.client(who).post("/observations", told)["id"])


def _emergency(world: World, place: Place) -> str:
    told = {"occurred_at": _ago(world, hours=1), **words.OBSERVATION, "immediate_danger": True}
    return str(world.client(place.who("officer1")).post("/observations", told)["emergency"]["id"])


def _stand_down(world: World, place: Place) -> str:
    """A stand-down that waits for another commander, as if somebody who is not asked had wanted it."""
    commander, emergency = world.client(place.who("commander")), _emergency(world, place)
    commander.post(f"/emergencies/{emergency}/acknowledgement", {})
    told = {"emergencies": [emergency], "reason": "Nobody is in danger."}
    batch = str(commander.post("/emergencies/stand-downs", told)["id"])
    with world.uow() as tx:
        tx.update_where(EmergencyBatch, {"id": UUID(batch)}, {"person_id": uuid4()})
    return batch


def _safeguarding(world: World, place: Place) -> tuple[Thing, Thing]:
    """A record of the place; that of the one that is foreign to our partner was handed to nobody."""
    with world.uow() as tx:
        record = str(safeguarding.open_record(tx, unit_id=world.unit_id(place.local), child=False).id)
    made = Thing(record, "safeguarding_record", (place.local,))
    if place is not HERE:
        return made, Thing(str(uuid4()), "handover")
    told = {"partner_unit": "school", "consent": "given", "minimum_dataset": {"need": "Somebody to talk to"}}
    lead = world.client(place.who("safeguarding"))
    handover = str(lead.post(f"/safeguarding-records/{record}/handovers", told)["id"])
    given = (("partner", "school"),)
    return replace(made, addressed=given), Thing(handover, "handover", addressed=given)


def bias_review(world: World, unit: str) -> str:
    """That somebody asks whether an unusual share of flags from a unit is bias."""
    until = world.clock.now()
    with world.uow() as tx:
        found = Unusual(world.unit_id(unit), reports=40, flags=20, percent=50)
        return str(bias.ask(tx, found, until - timedelta(days=90), until).id)


def flag(world: World, who: str, observation: str) -> str:
    client = world.client(who)
    version = client.get("/indicators")["version"]
    grounds = [{"indicator": code, "fact": fact} for code, fact in words.GROUNDS.items()]
    told = {"kind": "verlt", "indicator_list_version": version, "grounds": grounds, **words.FLAG}
    return str(client.post(f"/observations/{observation}/flags", told)["id"])


def confirmed(world: World, place: Place, observation: str) -> str:
    """Flag a report and confirm it; the referral that this opened."""
    raised = flag(world, place.who("officer1"), observation)
    decided = world.client(place.who("supervisor2")).post(f"/flags/{raised}/decision", words.CONFIRMATION)
    listed = world.client(place.who("manager")).get("/referrals").items
    return str(next(one["id"] for one in listed if one["reference"] == decided["referral_reference"]))


def _up_to_the_region(world: World, place: Place, referral: str) -> str:
    """Every step of the local unit, so that the report is the region's as well."""
    analyst, second, manager = (place.who(who) for who in ("analyst1", "analyst2", "manager"))
    factors = [{"code": "harmful_objectives", "evidence": "The words at the loading, heard by two people."}]
    review_on = (world.clock.now() + timedelta(days=90)).date().isoformat()
    _step(world, analyst, referral, "assess", factors=factors)
    _step(world, analyst, referral, "evaluate")
    _step(world, analyst, referral, "sanitise")
    _step(world, second, referral, "approve_sanitised")
    _step(world, manager, referral, "decide", answers="escalate", review_on=review_on)
    _step(world, manager, referral, "disseminate", to_units=[place.region])
    path = f"/referrals/{referral}"
    return str(world.client(manager).get(path, purpose="assessment")["report_id"])


def _disseminated(world: World, place: Place, referral: str) -> tuple[str, str]:
    """How the region came to the report, and a notice of its new grade that waits to be confirmed."""
    manager = place.who("manager")
    grades = {"scheme": "4x4", "source_grade": "B", "information_grade": "3", "reason": "Seen by another."}
    _step(world, manager, referral, "regrade", **grades)
    path = "/intelligence-reports/{}/disseminations"
    seen = world.client(manager).get(f"/referrals/{referral}", purpose="assessment")
    [given] = world.client(manager).get(path.format(seen["report_id"]), purpose="assessment").items
    return str(given["id"]), str(given["notices"][0]["id"])


def _step(world: World, who: str, referral: str, action: str, *, answers: str = "", **more: Any) -> Answer:
    client, path = world.client(who), f"/referrals/{referral}"
    fields = words.ANSWERS.get(answers or action, {}) | more
    version = client.get(path, purpose="assessment")
    return client.post(f"{path}/steps", {"action": action, "fields": fields}, if_match=version)


def _answered(world: World, place: Place) -> str:
    """The answer to a decided flag, written by a supervisor and in the officer's inbox."""
    writer = world.client(place.who("supervisor2"))
    told = {"obligation_id": _owed(writer), **words.FEEDBACK["flag"]}
    writer.post("/feedback", told)
    world.work()
    return str(world.client(place.who("officer1")).get("/feedback").items[0]["id"])


def _owed(client: Client) -> str:
    return str(client.get("/feedback/obligations", query={"state": "open"}).items[0]["id"])


def _proposal(world: World, account: str, unit: str) -> str:
    """A change that waits for its second person: a further role in the unit."""
    body = {"account": account, "role": "trainer", "unit": unit}
    return str(world.client(ADMINISTRATOR).post("/proposals", {"kind": "grant", "body": body})["id"])


def _certificate(world: World, account: str) -> str:
    told = {
        "account": account,
        "course": "verlt",
        "passed_at": _ago(world, days=1),
        "expires_at": _ago(world, days=-300),
    }
    return str(world.client("trainer.nor").post("/certificates", told)["id"])


def _session(world: World, who: str) -> str:
    """Another session than the one that the person's client is in."""
    world.sign_in(who)
    sessions = world.client(who).get("/auth/sessions").items
    return str(next(one["id"] for one in sessions if not one["current"]))


def _ago(world: World, **time: float) -> str:
    return (world.clock.now() - timedelta(**time)).isoformat()


def missing(thing: Thing) -> Thing:
    """The same, but not there."""
    return Thing(str(uuid4()), thing.kind)
