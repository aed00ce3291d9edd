"""A member of the public as they call: no account, a code that they got before, words of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from community_api.core.database.engine import Base
from tests.support.app import Answer, World

# In the area of team lin-a, as tests/support/workflow.py has it.
PLACE = {"lat": 51.2417, "lon": 10.4533, "precision": "street", "description": "Behind the school"}
TEXT = "Every Friday night somebody races up and down our street with a loud motorbike."


def concern_body(**changes: Any) -> dict[str, Any]:
    """What somebody tells about a place of team lin-a."""
    everything = {"category": "noise_nuisance", "text": TEXT, "place": PLACE, "language": "en", **changes}
    return {name: value for name, value in everything.items() if value is not None}


@dataclass
class Reporter:
    """The holder of a code."""

    world: World
    code: str

    def post(self, path: str, *, expect: int | None = None, **body: Any) -> Answer:
        """Call something with the code."""
        return self.world.anybody().post(f"/public/{path}", {"code": self.code, **body}, expect=expect)

    def follow_up(self) -> Answer:
        """Read on."""
        return self.post("follow-ups")


def reporter(world: World) -> Reporter:
    """Somebody who has just got a code and told nothing."""
    return Reporter(world, world.anybody().post("/public/receipts")["code"])


def concern(world: World, **changes: Any) -> tuple[Reporter, str]:
    """Somebody who has told something, and the id under which the desk has it."""
    known = {one["id"] for one in listed(world)}
    who = reporter(world)
    who.post("concerns", **concern_body(**changes))
    (new,) = [one["id"] for one in listed(world) if one["id"] not in known]
    return who, new


def listed(world: World) -> list[Any]:
    """Every concern there is, as the desk of last resort lists them."""
    return list(world.client("supervisor.nor").pages("/concerns"))


def answer(
    world: World, concern_id: str, kind: str, text: str = "We looked at it.", *, desk: str = "lin-a"
) -> str:
    """A reply written by one supervisor of the desk and approved by the other; its id."""
    body = {"text": text, "language": "en", "kind": kind}
    reply = world.client(f"supervisor.{desk}").post(f"/concerns/{concern_id}/replies", body)
    path = f"/concerns/{concern_id}/replies/{reply['id']}/approval"
    world.client(f"supervisor2.{desk}").post(path, {})
    return str(reply["id"])


def everything_kept(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table by the name of the table, texts still sealed."""
    with world.uow.database.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def new_rows(before: dict[str, list[tuple[Any, ...]]], after: dict[str, list[tuple[Any, ...]]]) -> list[Any]:
    """Rows that were not there as they are now: (table, {column: value})."""
    found = []
    for table in Base.metadata.sorted_tables:
        known = {repr(row) for row in before[table.name]}
        names = table.columns.keys()
        found += [
            (table.name, dict(zip(names, row, strict=True)))
            for row in after[table.name]
            if repr(row) not in known
        ]
    return found
