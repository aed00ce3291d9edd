"""A small chain of units, its people, and what they fill in: players for the tests of the pure engine."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from community_api.procedure_engine.engine import engine
from community_api.procedure_engine.engine.clocks import Calendar
from community_api.procedure_engine.engine.state import ActorView, CaseState, Facts, Refusal, Step, UnitView
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.repository import pack
from community_api.procedure_engine.terms import Entry

OSLO = Calendar("Europe/Oslo")
# A Tuesday without a change of the clock or a holiday near it.
TUESDAY = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)

LIN = UnitView("lin", "local", frozenset({"ost", "nor"}))
BRU = UnitView("bru", "local", frozenset({"ost", "nor"}))
OST = UnitView("ost", "regional", frozenset({"nor"}))
WES = UnitView("wes", "regional", frozenset({"nor"}))
NOR = UnitView("nor", "national")
SUDRIA = UnitView("sudria", "external")
UNITS = (LIN, BRU, OST, WES, NOR, SUDRIA)

FILLED_IN: Mapping[str, dict[str, Any]] = {
    "assess": {
        "outcome": "continue",
        "summary": "A purchase without a purpose, twice, at night.",
        "factors": [
            {"code": "knowledge_skill", "evidence": "Asked how the two substances are kept apart."},
            {"code": "grievance", "not_known": True},
        ],
        "protective_factors": "A steady job and a family nearby.",
        "plan": "Ask the seller for the register of sales.",
        "ideology": "none_identified",
    },
    "evaluate": {
        "scheme": "4x4",
        "source_grade": "B",
        "source_reason": "Told us the truth before.",
        "information_grade": "2",
        "information_reason": "Seen by the source, not by the officer.",
        "malicious_suspected": False,
    },
    "sanitise": {"text": "Fertiliser was bought in bulk for cash.", "residual_risk": "The shop is small."},
    "approve_sanitised": {"decision": "approved", "reason": "Nothing points to the reporter."},
    "decide": {
        "outcome": "investigate",
        "reason": "The register can be checked.",
        "review_on": "2026-05-04",
        "feedback_outcome": "acted_on",
    },
    "disseminate": {
        "to_units": ["ost"],
        "purpose": "Prevention of terrorism",
        "legal_basis": "Police Act, section 12",
        "handling_code": "H1",
        "need_to_know": "Sales in the neighbouring district.",
    },
    "acknowledge": {},
    "close": {"reason": "Everything is answered."},
}


def baseline() -> Pack:
    return pack("osce-baseline", 1)


@cache
def person(name: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_DNS, name)


def analyst(name: str = "ana") -> ActorView:
    return ActorView(person(name), frozenset({"analyst"}))


def manager(name: str = "mia") -> ActorView:
    return ActorView(person(name), frozenset({"intelligence_manager"}))


def facts(unit: UnitView = LIN, **values: Any) -> Facts:
    return replace(Facts(unit, units=UNITS, calendar=OSLO), **values)


def case(stage: str, level: str = "local", **more: Any) -> CaseState:
    return CaseState(stage, level, **more)


def decide(
    stage: str,
    who: ActorView,
    action: str,
    fields: Any = None,
    *,
    at: datetime = TUESDAY,
    given_facts: Facts | None = None,
    **changed: Any,
) -> Step | Refusal:
    """One step in the baseline with fields that are filled in well, but for what is `changed`."""
    given_facts = given_facts or facts()
    filled = {**FILLED_IN[action], **changed} if fields is None else fields
    return engine.decide(
        baseline(), case(stage, given_facts.unit.level), who, action, filled, at=at, facts=given_facts
    )


@dataclass
class Running:
    """A case that remembers who did what, as the product would."""

    unit: UnitView
    state: CaseState
    acts: dict[str, frozenset[uuid.UUID]] = field(default_factory=dict)
    owed: int = 0
    at: datetime = TUESDAY
    children: int = 0
    open_children: int = 0
    holders: frozenset[str] = frozenset()
    history: list[Step] = field(default_factory=list)

    @classmethod
    def begins(cls, unit: UnitView, by: Entry, **acts: str) -> Running:
        opening = engine.open_case(baseline(), by, unit.level, TUESDAY, OSLO)
        done = {act.replace("_", ".", 1): frozenset({person(name)}) for act, name in acts.items()}
        return cls(unit, opening.case, done)

    @property
    def facts(self) -> Facts:
        return facts(
            self.unit,
            acts=self.acts,
            units=tuple(unit for unit in UNITS if unit.name not in self.holders),
            open_obligations=self.owed,
            children=self.children,
            open_children=self.open_children,
        )

    def take(self, who: ActorView, action: str, **changed: Any) -> Step | Refusal:
        filled = {**FILLED_IN[action], **changed}
        answer = engine.decide(baseline(), self.state, who, action, filled, at=self.at, facts=self.facts)
        if isinstance(answer, Step):
            self.acts[action] = self.acts.get(action, frozenset()) | {who.person_id}
            self._follow(answer)
        return answer

    def goes_on(self) -> Step | None:
        move = engine.move_due(baseline(), self.state, self.at, self.facts)
        if move is not None:
            self._follow(move)
        return move

    def _follow(self, step: Step) -> None:
        self.state = step.case
        self.owed += len(step.obligations)
        self.children += len(step.recipients)
        self.open_children += len(step.recipients)
        self.history.append(step)

    def offered(self, who: ActorView) -> list[str]:
        offers = engine.actions_for(baseline(), self.state, who, self.facts)
        return [offer.action for offer in offers if offer.withheld is None]
