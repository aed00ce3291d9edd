"""Reports that were there before the desk had a queue are in it afterwards, each with its day and field."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from community_api.community.concerns.models import Concern
from community_api.community.observations.models import Observation
from community_api.core.database import migrations
from community_api.units.models import Duty
from tests.support import public
from tests.support.app import World, make_world
from tests.support.databases import Databases
from tests.support.factories import seed_demo
from tests.support.workflow import OFFICER, SUPERVISOR, Police, observation

BEFORE_THE_QUEUE = "0003"


def stored_titles(world: World) -> dict[str, tuple[str | None, str | None]]:
    """Day and field of every report."""
    with world.uow() as tx:
        rows = [*tx.all(select(Observation)), *tx.all(select(Concern))]
    return {str(row.id): (str(row.happened_on), row.cell) for row in rows}


def queue(world: World) -> dict[str, str]:
    return {one["id"]: one["kind"] for one in world.client(SUPERVISOR).get("/triage").items}


def test_what_came_before_the_queue_is_in_it(databases: Databases, dialect: str, tmp_path: Path) -> None:
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        world = make_world(addresses, tmp_path)
        police = Police(world)
        told = {name: value for name, value in observation(world).items() if name != "place"}
        placed, placeless = police.observes(), police.of(OFFICER).post("/observations", told)
        gone = police.observes()
        police.of(OFFICER).post(f"/observations/{gone['id']}/withdrawal", {"reason": "Told twice."})
        public.concern(world, occurred_on="2026-03-01")
        public.concern(world, place=None, area="lin-a")
        before, waiting = stored_titles(world), queue(world)
        assert {placed["id"], placeless["id"]} < waiting.keys()
        world.close()

        migrations.downgrade(addresses.migration_url, BEFORE_THE_QUEUE)
        migrations.upgrade(addresses.migration_url)

        world = make_world(addresses, tmp_path)
        assert queue(world) == waiting
        assert stored_titles(world) == before
        with world.uow() as tx:
            assert len(tx.all(select(Duty).where(Duty.kind == "triage"))) == len(waiting)
        world.close()
