"""The main job as its people do it over HTTP: observing, flagging, confirming, stepping, answering.

Everything here is something a person of the demo organisation does with the public API; nothing looks into
tables. A call that is refused fails the test unless ``expect`` says which status is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier
from typing import Any

from tests.support.app import Answer, Client, World

OFFICER, COLLEAGUE = "officer1.lin-a", "officer2.lin-a"
SUPERVISOR, SECOND_PERSON = "supervisor.lin-a", "supervisor.lin-b"
SAFEGUARDING = "safeguarding.lin"
ANALYST, OTHER_ANALYST, MANAGER = "analyst1.lin", "analyst2.lin", "manager.lin"
# A behaviour of the indicator list, and traits that are none.
BEHAVIOUR = "acquiring_materials"
TRAITS = ("religion", "politics", "nationality", "union", "lawful_protest", "dress", "change_of_appearance")
FACT = "At 21:40 two men carried twelve bags of fertiliser into garage 14 and paid in cash."
STATIONS = ("to_assess", "to_evaluate", "to_sanitise", "to_approve", "to_decide", "to_disseminate", "sent")


def place(**changes: Any) -> dict[str, Any]:
    """A place in the area of team lin-a."""
    told = {
        "lat": 51.2417,
        "lon": 10.4533,
        "accuracy_m": 20,
        "precision": "exact",
        "description": "Garage 14",
    }
    return {**told, **changes}


def observation(world: World, **changes: Any) -> dict[str, Any]:
    """The body of an observation that happened an hour and some minutes ago."""
    seen = world.clock.now() - timedelta(minutes=73)
    told = {
        "occurred_at": seen.isoformat(),
        "purpose": "crime_prevention",
        "category": "weapons",
        "facts": FACT,
        "assessment": "It looked to me as if nobody should see them.",
        "source_relation": "witnessed",
        "place": place(),
    }
    return {**told, **changes}


def ground(indicator: str = BEHAVIOUR, fact: str = FACT) -> dict[str, str]:
    """One ground of a flag."""
    return {"indicator": indicator, "fact": fact}


def subject(age: str = "adult", **changes: Any) -> dict[str, Any]:
    """One person whom a flag may concern."""
    return {"label": "the man with the red van", "category": "not_yet_categorised", "age": age, **changes}


def flag(*indicators: str, **changes: Any) -> dict[str, Any]:
    """The body of a flag; no indicator named: the behaviour."""
    told = {
        "kind": "verlt",
        "indicator_list_version": 1,
        "grounds": [ground(indicator) for indicator in indicators or (BEHAVIOUR,)],
        "alternative_explanation": "They may keep an allotment and buy together.",
        "necessity": "The quantity and the hour cannot be explained by asking neighbours.",
        "proportionality": "Only what was seen in the open street is told.",
        "subjects": [],
    }
    return {**told, **changes}


def fields(world: World, action: str, **changes: Any) -> dict[str, Any]:
    """What a form of the baseline procedure is filled in with, at its plainest."""
    today = world.clock.now().date()
    filled: dict[str, dict[str, Any]] = {
        "assess": {
            "outcome": "continue",
            "summary": "A purchase without a purpose that anybody can name.",
            "factors": [{"code": "knowledge_skill", "evidence": "Asked how the bags must be stored."}],
            "protective_factors": "Works, and is known to the allotment society.",
            "plan": "A visit by the community team.",
            "ideology": "none_identified",
        },
        "evaluate": {
            "scheme": "4x4",
            "source_grade": "B",
            "source_reason": "An officer on duty.",
            "information_grade": "2",
            "information_reason": "Seen by the source.",
            "malicious_suspected": False,
        },
        "sanitise": {"text": "A bulk purchase of fertiliser for cash was seen.", "residual_risk": "Low."},
        "approve_sanitised": {"decision": "approved", "reason": "Tells nobody who told us."},
        "decide": {
            "outcome": "investigate",
            "reason": "Enough to look into.",
            "review_on": (today + timedelta(days=90)).isoformat(),
            "feedback_outcome": "acted_on",
        },
        "disseminate": {
            "to_units": ["ost"],
            "purpose": "To compare with purchases elsewhere.",
            "legal_basis": "Police act, section 12.",
            "handling_code": "H1",
            "need_to_know": "The region keeps the register of sales.",
        },
        "acknowledge": {},
        "pause": {"because": "translation", "note": "The letter is with the sworn translator."},
        "resume": {},
        "close": {"reason": "Everything is answered."},
    }
    return {**filled[action], **changes}


@dataclass(frozen=True)
class Police:
    """The people of a world at work."""

    world: World

    def of(self, who: str) -> Client:
        """One of them, signed in."""
        return self.world.client(who)

    # --- on the street ------------------------------------------------------------------------------

    def observes(self, who: str = OFFICER, *, expect: int | None = None, **values: Any) -> Answer:
        """Somebody records what was seen or heard."""
        return self.of(who).post("/observations", observation(self.world, **values), expect=expect)

    def raises_flag(
        self, report_id: str, who: str = OFFICER, *indicators: str, expect: int | None = None, **values: Any
    ) -> Answer:
        """Somebody asks that a report enter the path of violent extremism."""
        path = f"/observations/{report_id}/flags"
        return self.of(who).post(path, flag(*indicators, **values), expect=expect)

    def cosigns(
        self, flag_id: str, who: str = SAFEGUARDING, *, expect: int | None = None, **values: Any
    ) -> Answer:
        """The safeguarding lead agrees that a flag about a child goes on."""
        said = {
            "decision": "agreed",
            "best_interests": "Help comes with it.",
            "guardian_told": "yes",
            **values,
        }
        return self.of(who).post(f"/flags/{flag_id}/cosign", said, expect=expect)

    def decides_flag(
        self, flag_id: str, who: str = SECOND_PERSON, *, expect: int | None = None, **values: Any
    ) -> Answer:
        """A second person confirms a flag, or as told."""
        said = {
            "decision": "confirmed",
            "reason": "Acts that were seen, with time and place.",
            "stands_without_protected_ground": "yes",
            "teller_protected": "yes",
            **values,
        }
        return self.of(who).post(f"/flags/{flag_id}/decision", said, expect=expect)

    # --- in the chain -------------------------------------------------------------------------------

    def confirmed(self, who: str = OFFICER, second: str = SECOND_PERSON, **values: Any) -> str:
        """Observe, flag and confirm; the id of the referral that this opens at the local unit."""
        return self.confirmed_of(self.observes(who)["id"], who, second, **values)

    def confirmed_of(
        self, report_id: str, who: str = OFFICER, second: str = SECOND_PERSON, **values: Any
    ) -> str:
        """Flag an observation and confirm; the id of the referral that this opens at the local unit."""
        raised = self.raises_flag(report_id, who, **values)
        if raised["status"] == "awaiting_cosign":
            self.cosigns(raised["id"])
        return self.referral_called(self.decides_flag(raised["id"], second)["referral_reference"])

    def referral_called(self, reference: str, analyst: str = ANALYST) -> str:
        """The id of a referral by its reference."""
        listed = self.of(analyst).pages("/referrals")
        found = next(item for item in listed if item["reference"] == reference)
        return str(found["id"])

    def referral_at(self, unit: str, *, parent: str | None = None) -> str:
        """The id of the youngest referral of a unit; ``parent``: of the one that this case opened there."""
        listed = list(self.of(f"analyst1.{unit}").pages("/referrals"))
        fitting = [item for item in listed if parent is None or item["parent_id"] == parent]
        return str(max(fitting, key=lambda item: item["opened_at"])["id"])

    def reads_referral(self, referral_id: str, who: str = ANALYST) -> Answer:
        """One referral with what it works on."""
        return self.of(who).get(f"/referrals/{referral_id}", purpose="assessment")

    def takes_step(
        self,
        who: str,
        referral_id: str,
        action: str,
        *,
        expect: int | None = None,
        if_match: str | Answer | None = None,
        **values: Any,
    ) -> Answer:
        """One step with its form filled in; ``if_match`` None: what the unit's manager sees now."""
        tag = if_match or self.tag_of(referral_id, who)
        body = {"action": action, "fields": fields(self.world, action, **values)}
        return self.of(who).post(f"/referrals/{referral_id}/steps", body, if_match=tag, expect=expect)

    def tag_of(self, referral_id: str, who: str) -> str:
        """The entity tag of a referral as somebody of its unit sees it."""
        unit = who.partition(".")[2]
        return self.reads_referral(referral_id, f"manager.{unit}").etag

    def brings_to(self, stage: str, referral_id: str, **values: Any) -> str:
        """Take a local referral from its beginning to a stage, by the people who may; its id.

        ``values`` are changes to the form of the last step.
        """
        way = (
            (ANALYST, "assess", {}),
            (ANALYST, "evaluate", {}),
            (ANALYST, "sanitise", {}),
            (OTHER_ANALYST, "approve_sanitised", {}),
            (MANAGER, "decide", {"outcome": "escalate"}),
            (MANAGER, "disseminate", {}),
        )
        steps = way[: STATIONS.index(stage)]
        seen: Answer | None = None
        for index, (who, action, usual) in enumerate(steps):
            last = values if index == len(steps) - 1 else {}
            seen = self.takes_step(who, referral_id, action, if_match=seen, **{**usual, **last})
        return referral_id

    def finishes(self, unit: str, referral_id: str, *, outcome: str = "investigate") -> None:
        """A recipient acknowledges, decides, answers and closes."""
        analyst, manager = f"analyst1.{unit}", f"manager.{unit}"
        seen = self.takes_step(analyst, referral_id, "acknowledge")
        seen = self.takes_step(manager, referral_id, "decide", if_match=seen, outcome=outcome)
        self.answers_everything(manager)
        self.takes_step(manager, referral_id, "close", if_match=seen)

    def duties(self, who: str, about: str) -> list[str]:
        """The kinds of what somebody's posts owe now about one subject."""
        listed = self.of(who).pages("/duties")
        return sorted(one["kind"] for one in listed if one["subject"]["id"] == about)

    # --- and back -----------------------------------------------------------------------------------

    def owes(self, who: str, **query: Any) -> list[Any]:
        """The obligations that somebody sees, most urgent first."""
        return list(self.of(who).pages("/feedback/obligations", **query))

    def answers(
        self,
        who: str,
        obligation_id: str,
        *,
        expect: int | None = None,
        outcome: str = "acted_on",
        **values: Any,
    ) -> Answer:
        """Somebody answers what their post owes."""
        body = {"obligation_id": obligation_id, "outcome": outcome, "text": "Thank you. It helped.", **values}
        return self.of(who).post("/feedback", body, expect=expect)

    def answers_everything(self, who: str, **values: Any) -> list[Answer]:
        """Somebody answers all that their post still owes; what others owe and are late with is theirs."""
        _, unit = who.split(".", 1)
        owed = [one for one in self.owes(who, state="open") if one["owed_by"].endswith(f".{unit}")]
        return [self.answers(who, one["id"], **values) for one in owed]

    def inbox(self, who: str = OFFICER, **query: Any) -> list[Any]:
        """What somebody was told, newest first."""
        return list(self.of(who).pages("/feedback", **query))


def at_once(world: World, acts: Sequence[Callable[[Police], Answer]]) -> list[Answer]:
    """Let people act at the same moment, each with a connection of their own; their answers in order."""
    ready = Barrier(len(acts))

    def start(act: Callable[[Police], Answer]) -> Answer:
        # The same people, application and clock; another HTTP client, because one serves one thread.
        alone = Police(replace(world))
        ready.wait()
        return act(alone)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))
