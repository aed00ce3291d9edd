"""A case in every stage, for tests that change none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from community_api.procedure_engine.repository import pack
from tests.support.workflow import ANALYST, MANAGER, STATIONS, Police

BASELINE = pack("osce-baseline", 1)


@dataclass(frozen=True)
class Standing:
    """One case in its stage: where it stands, and by whom its actions may be taken there."""

    stage: str
    id: str
    unit: str

    def doer(self, action: str) -> str:
        """Somebody of the unit who may take an action, as far as the person goes."""
        if "analyst" not in BASELINE.action_by_code[action].roles:
            return f"manager.{self.unit}"
        return f"analyst2.{self.unit}" if action == "approve_sanitised" else f"analyst1.{self.unit}"


@pytest.fixture(scope="module")
def shared_police(shared_world):
    return Police(shared_world)


@pytest.fixture
def alone(world):
    """The people of a world of the test's own."""
    return Police(world)


@pytest.fixture(scope="module")
def standing(shared_police) -> dict[str, Standing]:
    """A case in every stage of the baseline, by stage."""
    police = shared_police
    found = {}
    for stage in STATIONS:
        found[stage] = Standing(stage, police.brings_to(stage, police.confirmed()), "lin")
    regional = police.referral_at("ost", parent=found["sent"].id)
    found["to_acknowledge"] = Standing("to_acknowledge", regional, "ost")
    owing = police.brings_to("to_disseminate", police.confirmed(), outcome="investigate")
    found["to_feed_back"] = Standing("to_feed_back", owing, "lin")
    found["closed"] = Standing("closed", closed(police), "lin")
    return found


def closed(police: Police) -> str:
    """A local case that has been answered and closed."""
    case = police.confirmed()
    police.takes_step(ANALYST, case, "assess", outcome="no_further_action")
    owed = [one for one in police.owes(MANAGER, state="open") if one["subject"]["id"] == case]
    for one in owed:
        police.answers(MANAGER, one["id"], outcome="no_further_action")
    police.takes_step(MANAGER, case, "close")
    return case


def raw_step(police: Police, who: str, case: str, body: dict[str, Any], **values: Any) -> Any:
    """A step as anybody might send it: whatever comes back."""
    return police.of(who).call("POST", f"/referrals/{case}/steps", body=body, **values)


def tag(police: Police, case: Standing) -> str:
    """The entity tag of a case now."""
    return police.reads_referral(case.id, f"manager.{case.unit}").etag


def every_action() -> list[str]:
    """The actions of the baseline, in its order."""
    return [action.code for action in BASELINE.actions]
