"""A concern ends: ninety days after it was closed nothing of it is left but a tombstone."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.community.concerns import erasure
from community_api.community.concerns.models import Concern
from community_api.core.database.tables import DataKey
from tests.support import public
from tests.support.app import World

DESK, SECOND = "supervisor.lin-a", "supervisor2.lin-a"
CONTACT = {"channel": "phone", "value": "0160 1234567", "say_police": False}
SEALED = (
    "community_concern", "community_concern_message", "community_concern_reply",
    "community_concern_translation", "community_concern_contact", "community_concern_contact_unlock",
    "community_concern_decision", "community_desk_act",
)  # fmt: skip


def closed(world: World, **values: Any) -> tuple[public.Reporter, str]:
    """A concern with everything that can belong to one, closed today."""
    who, known = public.concern(world, contact=CONTACT, how_known="I live there.", **values)
    desk = world.client(DESK)
    who.post("messages", text="It was red.")
    desk.post(f"/concerns/{known}/translations", {"text": "Jeden Freitag.", "language": "de"})
    unlock = desk.post(f"/concerns/{known}/contact-unlocks", {"reason": "They may be hurt."})
    path = f"/concerns/{known}/contact-unlocks/{unlock['id']}/approval"
    world.client(SECOND).post(path, {})
    desk.post(f"/concerns/{known}/triage", {"route": "problem", "reason": "A matter of the street."})
    public.answer(world, known, "final", "They ride elsewhere now.")
    return who, known


def rows_of(world: World) -> list[tuple[str, dict[str, Any]]]:
    kept = public.everything_kept(world)
    columns = {table.name: table.columns.keys() for table in Concern.metadata.sorted_tables}
    return [(name, dict(zip(columns[name], row, strict=True))) for name in SEALED for row in kept[name]]


def test_after_its_days_no_word_and_no_key_of_it_is_left(world: World) -> None:
    who, known = closed(world)
    everything = rows_of(world)
    assert {name for name, _row in everything} == set(SEALED)
    assert (
        world.client(DESK).get(f"/concerns/{known}", purpose="triage")["retention"]["class"]
        == "concern_closed"
    )
    world.later(days=89)
    assert who.follow_up()["state"] == "closed"

    world.later(days=1, hours=1)

    after = rows_of(world)
    assert len(after) == len(everything)
    assert [name for name, row in after if row["sealed"] is not None or row["erased_at"] is None] == []
    ids = {row["id"] for _name, row in after}
    with world.uow() as tx:
        assert tx.all(select(DataKey.owner_id).where(DataKey.owner_id.in_(ids))) == []
        kept = tx.all(select(AuditEvent.payload_ct).where(AuditEvent.object_id.in_(ids)))
        assert [payload for payload in kept if payload is not None] == []
        erased = select(AuditEvent.id).where(
            AuditEvent.object_id == UUID(known), AuditEvent.action == "erase"
        )
        assert len(tx.all(erased)) == 1
        (row,) = tx.all(select(Concern))
    assert (row.category, row.lat, row.cell, row.language) == (None, None, None, None)


def test_its_code_opens_nothing_and_never_opens_another(world: World) -> None:
    who, known = closed(world)
    world.later(days=91)
    unknown = public.Reporter(world, "7" * 32).post("follow-ups", expect=404)
    gone = who.post("follow-ups", expect=404)
    assert {**gone.body, "instance": ""} == {**unknown.body, "instance": ""}
    assert who.post("concerns", expect=404, **public.concern_body()).code == "receipt_unknown"
    assert world.client(DESK).get(f"/concerns/{known}", purpose="triage", expect=410).code == "erased"
    assert world.client(DESK).get("/concerns").items == []


def test_how_to_reach_somebody_goes_after_a_month_and_the_thread_stays(world: World) -> None:
    who, known = closed(world)
    desk, path = world.client(DESK), f"/concerns/{known}/contact"
    world.later(days=13)
    assert desk.get(path, purpose="feedback")["value"] == CONTACT["value"]
    world.later(days=18)
    assert desk.call("GET", path, purpose="feedback").status in {403, 404, 410}
    with world.uow() as tx:
        erased = select(AuditEvent.object_kind).where(AuditEvent.action == "erase")
        assert tx.all(erased) == ["concern_contact"]
    assert len(who.follow_up()["messages"]) == 2


def test_what_was_taken_back_goes_as_well(world: World) -> None:
    who, _known = public.concern(world)
    who.post("withdrawals")
    world.later(days=89)
    assert who.follow_up()["state"] == "closed"
    world.later(days=2)
    who.post("follow-ups", expect=404)


def test_who_disputes_the_last_word_is_answered_before_anything_goes(world: World) -> None:
    who, known = closed(world)
    world.later(days=60)
    who.post("disputes", text="They ride again.")
    world.later(days=60)
    assert who.follow_up()["state"] != "received"
    told = {"text": "We were there again on Friday.", "language": "en", "kind": "final"}
    reply = world.client(SECOND).post(f"/concerns/{known}/replies", told)
    world.client(DESK).post(f"/concerns/{known}/replies/{reply['id']}/approval", {})
    world.later(days=89)
    assert who.follow_up()["state"] == "closed"
    world.later(days=2)
    who.post("follow-ups", expect=404)


def test_what_is_taken_up_again_stays(world: World) -> None:
    who, known = closed(world)
    world.client(DESK).post(f"/concerns/{known}/reopening", {"reason": "They ride again."})
    world.later(days=120)
    assert who.follow_up()["state"] != "closed"


def test_a_legal_hold_keeps_it(world: World) -> None:
    who, known = closed(world)
    with world.uow() as tx:
        (row,) = tx.all(select(Concern).where(Concern.id == UUID(known)))
        tx.update_row(row, legal_hold=True)
    world.later(days=120)
    assert who.follow_up()["state"] == "closed"


def test_the_same_command_again_says_that_it_was_erased(world: World) -> None:
    told = {**public.concern_body(), "channel": "told", "id": str(uuid4())}
    desk = world.client(DESK)
    taken = desk.post("/concerns", told)
    public.Reporter(world, taken["code"]).post("withdrawals")
    world.later(days=91)
    assert desk.post("/concerns", told, expect=410).code == "erased"


def test_two_workers_erase_it_once(world: World) -> None:
    closed(world)
    world.clock.set(world.clock.now().replace(year=2027))
    assert erasure.sweep(world.uow) >= 1
    assert erasure.sweep(world.uow) == 0


def test_the_search_for_what_is_left_looks_everywhere(world: World) -> None:
    """The search is no good if it cannot find."""
    closed(world)
    assert {name for name, row in rows_of(world) if row["sealed"] is not None} == set(SEALED)
