"""Words in which tests speak of concerns whose tellers forbade something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from community_api import procedures
from community_api.procedure_engine.pack.pack_national import Pursued
from tests.support import public
from tests.support.app import Answer, World
from tests.support.workflow import SAFEGUARDING, flag

DESK, SECOND, COMMANDER = "supervisor.lin-a", "supervisor.lin-b", "commander.lin"
WEAPONS = {"category": "weapons", "text": "Two men carry heavy bags into garage 14 at night."}
BECAUSE: dict[str, Any] = {"exception_reason": "He said he would do it tonight."}
DATASET = {"need": "Somebody to talk to."}


def bound(world: World, **values: Any) -> tuple[public.Reporter, str]:
    """A concern whose teller does not want it passed on."""
    return public.concern(world, do_not_pass_on=True, **{**WEAPONS, **values})


def acknowledged(world: World) -> None:
    """The commander takes note of the one emergency there is."""
    (emergency,) = world.client(COMMANDER).get("/emergencies").items
    world.client(COMMANDER).post(f"/emergencies/{emergency['id']}/acknowledgement", {})


def triaged(world: World, concern: str, route: str, *, expect: int | None = None, **values: Any) -> Answer:
    body = {"route": route, "reason": "It should be looked at.", **values}
    return world.client(DESK).post(f"/concerns/{concern}/triage", body, expect=expect)


def flagged(world: World, concern: str, *, expect: int | None = None, **values: Any) -> Answer:
    return world.client(DESK).post(f"/concerns/{concern}/flags", flag(**values), expect=expect)


def closed(world: World, concern: str, *, expect: int | None = None, **values: Any) -> Answer:
    body = {
        "reason": "handed_over",
        "hand_over": "The town",
        "text_for_reporter": "The town does it.",
        **values,
    }
    return world.client(DESK).post(f"/concerns/{concern}/closing", body, expect=expect)


def handed_over(world: World, record: str, *, expect: int | None = None, **values: Any) -> Answer:
    body = {"partner_unit": "school", "consent": "given", "minimum_dataset": DATASET, **values}
    return world.client(SAFEGUARDING).post(f"/safeguarding-records/{record}/handovers", body, expect=expect)


def record_of(world: World) -> str:
    (listed,) = world.client(SAFEGUARDING).pages("/safeguarding-records")
    return str(listed["id"])


def pursues(monkeypatch: pytest.MonkeyPatch, *categories: str) -> None:
    """Let the procedure in force name what the law obliges the police to pursue."""
    known = procedures.in_force

    def in_force(tx: Any, day: Any = None) -> Any:
        pack = known(tx, day)
        laws = tuple(Pursued(category, "Criminal procedure act, section 152") for category in categories)
        return pack and replace(pack, duty_to_pursue=laws)

    monkeypatch.setattr(procedures, "in_force", in_force)
