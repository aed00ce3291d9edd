"""The words in which the stories are told: people of the demo organisation and what they do.

Everything goes through the public API, as the officers' app or a manager's desk would do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.support.app import Answer, Client, World

FERTILISER = (
    "At 21:40 a man loaded eight sacks of ammonium nitrate into a van at garage 14, paid in cash, and said "
    "to a neighbour that the town hall will remember this Friday."
)
BEHAVIOUR = "acquiring_materials"


@dataclass
class Person:
    """Somebody with an account: what they do is a sentence of a story."""

    world: World
    username: str

    @property
    def app(self) -> Client:
        """The app or desk in front of them."""
        return self.world.client(self.username)

    # --- the community side -------------------------------------------------------------------

    def reports(
        self, facts: str, *, category: str = "weapons", danger: bool = False, **values: Any
    ) -> Answer:
        """Tell what was seen or heard; ``danger``: somebody is in danger now."""
        body = {
            "occurred_at": self.world.clock.now().isoformat(),
            "purpose": "crime_prevention",
            "category": category,
            "facts": facts,
            "source_relation": "witnessed",
            "place": {"lat": 51.2, "lon": 9.4, "precision": "exact", "description": "Garage 14, Mill Lane"},
        }
        return self.app.post(
            "/observations", {**body, **({"immediate_danger": True} if danger else {}), **values}
        )

    def flags(
        self, report: Answer, *grounds: tuple[str, str], refused: int | None = None, **values: Any
    ) -> Answer:
        """Ask that a report enter the VERLT path, for what was done and said."""
        named = grounds or ((BEHAVIOUR, FERTILISER),)
        body = {
            "kind": "verlt",
            "indicator_list_version": self.app.get("/indicators")["version"],
            "grounds": [{"indicator": code, "fact": fact} for code, fact in named],
            "alternative_explanation": "He may be a gardener who sells on.",
            "necessity": "No milder way tells whether the building is in danger.",
            "proportionality": "Only the act and the words, no circle of friends.",
            "subjects": [],
            **values,
        }
        return self.app.post(f"/observations/{report['id']}/flags", body, expect=refused)

    def likely_the_same_as(self, report: Answer) -> set[str]:
        """What the queue offers as likely duplicates of a report: their ids."""
        (waiting,) = [one for one in self.app.get("/triage").items if one["id"] == report["id"]]
        return {one["id"] for one in waiting["duplicates"]}

    def links(self, first: tuple[str, str], other: tuple[str, str], reason: str) -> Answer:
        """Say that two reports, each told by kind and id, belong together."""
        ends = [{"kind": kind, "id": report_id} for kind, report_id in (first, other)]
        return self.app.post("/links", {"a": ends[0], "b": ends[1], "reason": reason})

    def triages(self, kind: str, report_id: str, route: str, reason: str, **values: Any) -> Answer:
        """Decide where a report goes."""
        return self.app.post(f"/{kind}s/{report_id}/triage", {"route": route, "reason": reason, **values})

    def closes(self, kind: str, report_id: str, reason: str, text: str, **values: Any) -> Answer:
        """End the community's work on a report, with the text that answers its reporter."""
        body = {"reason": reason, "text_for_reporter": text, **values}
        return self.app.post(f"/{kind}s/{report_id}/closing", body)

    def confirms(self, flag: Answer) -> Answer:
        """Decide as second person that a flag stands."""
        body = {
            "decision": "confirmed",
            "reason": "Concrete acts and words, independent of who he is.",
            "stands_without_protected_ground": "yes",
            "teller_protected": "yes",
        }
        return self.app.post(f"/flags/{flag['id']}/decision", body)

    # --- the chain ----------------------------------------------------------------------------

    def case(self, reference: str | None = None) -> Answer:
        """The case of the unit with that reference; None: the most urgent one that is open."""
        found = [
            one
            for one in self.app.get("/referrals").items
            if one["reference"] == reference or (reference is None and one["phase"] != "ended")
        ]
        return self.app.get(f"/referrals/{found[0]['id']}", purpose="assessment")

    def does(self, action: str, case: Answer, *, refused: int | None = None, **fields: Any) -> Answer:
        """Take a step of the procedure in a case, as it stands now."""
        now = self.app.get(f"/referrals/{case['id']}", purpose="assessment")
        path = f"/referrals/{case['id']}/steps"
        return self.app.post(path, {"action": action, "fields": fields}, if_match=now, expect=refused)

    def may(self, case: Answer) -> set[str]:
        """What this person is offered to do in a case now."""
        return {one["action"] for one in self.app.get(f"/referrals/{case['id']}/actions").items}

    def assesses(self, case: Answer) -> Answer:
        """Weigh the facts; what is not known is said to be not known."""
        return self.does(
            "assess",
            case,
            outcome="continue",
            summary="Means and words point to an act against a building.",
            factors=[
                {"code": "harmful_objectives", "evidence": "His words"},
                {"code": "status", "not_known": True},
            ],
            protective_factors="Has work and family in town.",
            plan="Ask the seller about quantities.",
            ideology="none_identified",
        )

    def grades(self, case: Answer, source: str, information: str) -> Answer:
        """Grade source and information by the 4x4 scheme."""
        return self.does(
            "evaluate",
            case,
            scheme="4x4",
            source_grade=source,
            source_reason="Reliable before",
            information_grade=information,
            information_reason="Seen by the source",
            malicious_suspected=False,
        )

    def sanitises(self, case: Answer, text: str) -> Answer:
        """Write the text without anything that leads to its source."""
        return self.does("sanitise", case, text=text, residual_risk="Low: the act is not rare.")

    def decides(self, case: Answer, outcome: str) -> Answer:
        """Decide as manager, with a reason and a day of review."""
        return self.does(
            "decide",
            case,
            outcome=outcome,
            reason="Graded, sanitised and serious enough.",
            review_on=(self.world.clock.now().date() + timedelta(days=30)).isoformat(),
            feedback_outcome="retained_useful",
        )

    def sends(self, case: Answer, *units: str, handling: str = "H1") -> Answer:
        """Give the report of a case to other units."""
        return self.does(
            "disseminate",
            case,
            to_units=list(units),
            purpose="Prevention of an attack",
            legal_basis="Police act, section 12",
            handling_code=handling,
            need_to_know="The building lies in their district.",
        )

    # --- feedback -----------------------------------------------------------------------------

    def owes(self) -> list[dict[str, Any]]:
        """What the posts of this person have to answer still."""
        return self.app.get("/feedback/obligations", query={"state": "open"}).items

    def answers(self, text: str, outcome: str = "retained_useful") -> None:
        """Give every answer that is owed."""
        for owed in self.owes():
            self.app.post("/feedback", {"obligation_id": owed["id"], "outcome": outcome, "text": text})

    def inbox(self) -> list[Answer]:
        """What this person was told about their reports, newest first."""
        return [self.app.get(f"/feedback/{one['id']}") for one in self.app.get("/feedback").items]


def person(world: World, username: str) -> Person:
    """Somebody of the demo organisation."""
    return Person(world, username)


def log_of(world: World, object_id: str) -> list[str]:
    """What oversight reads about a record: the actions."""
    events = person(world, "overseer.oversight").app.get(
        "/audit/events", query={"object": object_id, "limit": 200}
    )
    return [event["action"] for event in reversed(events.items)]


@dataclass
class Caller:
    """A member of the public: no account, no name, a code on a slip of paper."""

    world: World
    code: str

    def tells(self, text: str, category: str, **values: Any) -> Answer:
        """Tell something on the public page."""
        body = {"code": self.code, "category": category, "text": text, "place": TOWN_HALL, **values}
        return self.world.anybody().post("/public/concerns", body)

    def comes_back(self) -> Answer:
        """Return with the code, and read."""
        return self.world.anybody().post("/public/follow-ups", {"code": self.code})


# In the area of team lin-a: the public's reports go where their place is.
TOWN_HALL = {"lat": 51.2, "lon": 10.4, "precision": "exact", "description": "The town hall, Mill Lane"}


def caller(world: World) -> Caller:
    """Somebody who opens the public page and gets a code."""
    return Caller(world, world.anybody().post("/public/receipts")["code"])


def newest_concern(desk: Person) -> str:
    """The id under which a desk has what was told last, when nothing else waits there."""
    (concern,) = [one for one in desk.app.get("/triage").items if one["kind"] == "concern"]
    return str(concern["id"])


# Expectations of the journeys that need what is not built yet; each joins its story with that part.
OPEN = {
    "journey 2": (
        "the record of the refused matter is purged after thirty days (retention runs)",
        "the neighbour asks what is held, and reads the same letter whether it is or not (rights requests)",
    ),
    "journey 3": (
        "a second and a third report about the pupil show the earlier matters (earlier matters)",
        "whether a guardian is told follows a rule of the pack (safeguarding in packs)",
    ),
    "journey 4": (
        "products that cite the report are listed and redrafted (products)",
        "what was taken back is purged after its time (retention runs)",
    ),
    "journey 10": (
        "a correction that reached the sender is followed up abroad with a receipt (transfers)",
        "whether the officer may hear that it was used abroad is asked of the originator (feedback)",
    ),
    "other procedures": (
        "five years after its beginning a record is validated anew or purged (retention runs)",
        "who sits on the panel, and what each partner gets, is declared in the pack (safeguarding in packs)",
    ),
    "main job": (
        "the assessor sees earlier closed matters (earlier matters)",
        "a product that cites the report is named when it is corrected (products)",
        "what is no longer needed is purged after review (retention runs)",
        "the person concerned asks what is held (rights requests)",
    ),
}
