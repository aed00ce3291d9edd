"""The words in which tests propose and adopt versions of procedures."""

from __future__ import annotations

from datetime import timedelta

from community_api.procedure_engine import repository
from tests.api.access.proposal_steps import decide
from tests.support.app import Answer, World
from tests.support.workflow import ANALYST

NEWEST = max(version for name, version in repository.files() if name == "osce-baseline")
FILE = (repository.SHIPPED / f"osce-baseline.v{NEWEST}.yaml").read_text(encoding="utf-8")
NATION = "manager.nor"


def further(day: str, *changes: tuple[str, str], version: int = NEWEST + 1) -> str:
    """The next version of the baseline, from a day on."""
    text = FILE
    for old, new in (
        (f"\n  version: {NEWEST}\n", f"\n  version: {version}\n"),
        ("effective_from: 2026-01-01", f"effective_from: {day}"),
        *changes,
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


UNHEARD = ("    escalates_to: intelligence_manager\n    warn", "    warn")
QUICKER = ("clock: {working_days: 20}\n    urgent_clock", "clock: {working_days: 10}\n    urgent_clock")


def propose(world: World, content: str, *, by: str = NATION, expect: int = 201) -> Answer:
    body = {"content": content, "reason": "Decisions took too long."}
    return world.client(by).post("/proposals", {"kind": "procedure_adopt", "body": body}, expect=expect)


def adopt(world: World, content: str) -> None:
    decide(world, propose(world, content))


def active(world: World) -> list[tuple[str, int]]:
    known = world.client(ANALYST).get("/procedures").items
    return [(one["name"], one["version"]) for one in known if one["active"]]


def today(world: World, days: int = 0) -> str:
    return (world.clock.now() + timedelta(days=days)).date().isoformat()
