"""A chain of cases as the product has it: played over HTTP, looked at in the database.

Beside it a `Chain` is played by the engine and a plain model; ids of cases and questions differ between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from community_api import feedback
from community_api.access.models import RoleGrant
from community_api.demo.loader import account_id
from community_api.feedback.models import Obligation
from community_api.intelligence.chain.referrals.models import Referral, ReferralStep
from community_api.intelligence.chain.reports.models import OriginatorQuestion
from tests.support.app import World
from tests.support.workflow import OFFICER, SECOND_PERSON, Police
from tests.unit.procedure_engine.playing.chain import Chain, Played

# Who works where; some in two roles at once, some who had to do with the flag.
PEOPLE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "lin": {
        "analyst1.lin": frozenset({"analyst"}),
        "analyst2.lin": frozenset({"analyst"}),
        "manager.lin": frozenset({"intelligence_manager", "analyst"}),
        "registrar.lin": frozenset({"intelligence_manager", "analyst"}),
        OFFICER: frozenset({"analyst"}),
        SECOND_PERSON: frozenset({"analyst", "intelligence_manager"}),
    },
    **{
        unit: {
            f"analyst1.{unit}": frozenset({"analyst"}),
            f"analyst2.{unit}": frozenset({"analyst"}),
            f"manager.{unit}": frozenset({"intelligence_manager"}),
        }
        for unit in ("bru", "hav", "ost", "wes", "nor")
    },
}
# What the demo organisation does not give them.
FURTHER = (
    ("manager.lin", "analyst"),
    ("registrar.lin", "analyst"),
    ("registrar.lin", "intelligence_manager"),
    (OFFICER, "analyst"),
    (SECOND_PERSON, "analyst"),
    (SECOND_PERSON, "intelligence_manager"),
)
# How the chain names those who had to do with the flag.
KNOWN_AS = {OFFICER: "officer", SECOND_PERSON: "sara"}


@dataclass
class Product:
    """The product under one procedure, and what in it is what in the chain beside it."""

    world: World
    cases: dict[int, UUID] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    taken: dict[UUID, list[str]] = field(default_factory=dict)

    @classmethod
    def under(cls, first: World, procedure: str) -> Product:
        """Over the database of ``first``; its people have all their roles."""
        settings = replace(first.settings, procedure=procedure)
        world = first.beside(settings)
        with world.uow() as tx:
            for username, role in FURTHER:
                tx.add(
                    RoleGrant(
                        id=uuid4(), account_id=account_id(username), role=role, unit_id=world.unit_id("lin"),
                        since=tx.now,
                    )
                )  # fmt: skip
        return cls(world)

    def passed(self, username: str) -> set[str]:
        """The courses of which somebody holds a certificate that is good today."""
        today = self.world.clock.now().date()
        held = self.world.actor(username).certificates
        return {one.course for one in held if one.revoked_at is None and one.expires_on >= today}

    def begin(self, first: Played) -> None:
        """A confirmed flag opens the first case."""
        self._is(first, UUID(Police(self.world).confirmed()))

    def attempt(self, played: Played, who: str, action: str, form: Mapping[str, Any]) -> str:
        """Send a step; ``allowed``, or the code of the refusal."""
        case = self.cases[id(played)]
        fields = {name: self.questions.get(value, value) if isinstance(value, str) else value
                  for name, value in form.items()}  # fmt: skip
        answer = self.world.client(who).call(
            "POST",
            f"/referrals/{case}/steps",
            body={"action": action, "fields": fields},
            if_match=f'"{self.row(played).version}.0"',
        )
        if answer.status != 201:
            return str(answer.code)
        self.taken[case].append(action)
        return "allowed"

    def work(self, chain: Chain) -> None:
        """Let the product do what it does by itself, and see which of its cases are which of the chain's."""
        self.world.work()
        chain.settle()
        with self.world.uow() as tx:
            for one in chain.givings:
                if one.child is None or id(one.child) in self.cases:
                    continue
                query = select(Referral.id).where(
                    Referral.parent_id == self.cases[id(one.giver)],
                    Referral.unit_id == self.world.unit_id(one.unit),
                    Referral.id.not_in(self.cases.values()),
                )
                self._is(one.child, tx.first(query))
            for question, (asking, _asked) in chain.questions.items():
                if question not in self.questions:
                    waiting = select(OriginatorQuestion.id).where(
                        OriginatorQuestion.asking_id == self.cases[id(asking)],
                        OriginatorQuestion.answer.is_(None),
                    )
                    self.questions[question] = str(tx.first(waiting))

    def answer(self, outcome: str) -> None:
        """Everybody who owes an answer gives it."""
        police = Police(self.world)
        for unit in PEOPLE:
            police.answers_everything(f"manager.{unit}", outcome=outcome)
        for desk in ("supervisor.lin-a", "supervisor2.lin-a"):
            police.answers_everything(desk, outcome=outcome)

    def owed(self, played: Played) -> int:
        """How many answers about a case are still owed."""
        case = self.cases[id(played)]
        with self.world.uow() as tx:
            return len(tx.all(select(Obligation.id).where(feedback.is_owed_about(case))))

    def row(self, played: Played) -> Referral:
        """A case as it is stored."""
        with self.world.uow() as tx:
            row: Referral = tx.first(select(Referral).where(Referral.id == self.cases[id(played)]))
        return row

    def steps(self, played: Played) -> list[str]:
        """What people did in a case, in the order of the record."""
        with self.world.uow() as tx:
            query = select(ReferralStep.action).where(
                ReferralStep.referral_id == self.cases[id(played)], ReferralStep.person_id.is_not(None)
            )
            return tx.all(query.order_by(ReferralStep.ordinal))

    def close(self) -> None:
        self.world.close()

    def _is(self, played: Played, case: UUID) -> None:
        assert case is not None, "the product has opened every case that the chain has"
        self.cases[id(played)] = case
        self.taken[case] = []
