"""Texts are sealed to their place; keys rotate without touching a text."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from community_api.core.crypto.sealing import Sealer, rotate
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import SealBroken
from community_api.core.ids import new_id
from tests.support.factories import key_ring, unit_of_work

WORDS = {"facts": "Zwölf Säcke Dünger in Garage 14"}


@pytest.fixture
def uow(database_url: str) -> Iterator[UnitOfWork]:
    made = unit_of_work(database_url)
    yield made
    made.database.close()


def seal_one(uow: UnitOfWork, owner: UUID, label: str = "a.label") -> bytes:
    with uow() as tx:
        return tx.sealer.seal_new(tx, owner, label, WORDS)


def test_what_was_sealed_opens_in_its_own_place_and_shows_nothing_before(uow: UnitOfWork) -> None:
    owner = new_id()
    sealed = seal_one(uow, owner)
    assert b"Garage" not in sealed
    with uow() as tx:
        assert tx.sealer.open(tx, owner, "a.label", 1, sealed) == WORDS


@pytest.mark.parametrize("moved", ["row", "label", "version", "byte"])
def test_a_text_that_was_moved_or_changed_does_not_open_and_raises_the_alarm(
    uow: UnitOfWork, moved: str
) -> None:
    alarmed: list[UUID] = []
    uow.sealer.alarm = alarmed.append
    owner, other = new_id(), new_id()
    sealed = seal_one(uow, owner)
    seal_one(uow, other)
    place = {
        "row": (other, "a.label", 1, sealed),
        "label": (owner, "b.label", 1, sealed),
        "version": (owner, "a.label", 2, sealed),
        "byte": (owner, "a.label", 1, sealed[:-1] + bytes([sealed[-1] ^ 1])),
    }[moved]
    with uow() as tx, pytest.raises(SealBroken):
        tx.sealer.open(tx, *place)
    assert alarmed == [place[0]]


def test_data_keys_of_two_rows_that_were_swapped_do_not_unwrap(uow: UnitOfWork) -> None:
    owner, other = new_id(), new_id()
    sealed = seal_one(uow, owner)
    seal_one(uow, other)
    with uow() as tx:
        wrapped = {row.owner_id: row.wrapped for row in tx.all(select(DataKey))}
        tx.update_where(DataKey, {"owner_id": owner}, {"wrapped": wrapped[other]})
    with uow() as tx, pytest.raises(SealBroken):
        tx.sealer.open(tx, owner, "a.label", 1, sealed)


def test_rotation_wraps_data_keys_anew_and_leaves_texts_as_they_are(uow: UnitOfWork) -> None:
    owners = [new_id() for _ in range(7)]
    texts = {owner: seal_one(uow, owner) for owner in owners}
    ring = key_ring()
    newer = Sealer(replace(ring, wrapping={**ring.wrapping, "wrap-0002": bytes(range(32))}))
    uow.sealer = newer
    assert rotate(uow, newer, batch=3) == 7
    assert rotate(uow, newer, batch=3) == 0
    with uow() as tx:
        assert set(tx.all(select(DataKey.key_id))) == {"wrap-0002"}
        assert all(newer.open(tx, owner, "a.label", 1, sealed) == WORDS for owner, sealed in texts.items())


def test_without_its_data_key_a_text_is_gone(uow: UnitOfWork) -> None:
    owner = new_id()
    sealed = seal_one(uow, owner)
    with uow() as tx:
        tx.delete_where(DataKey, {"owner_id": owner}, expect=1)
    with uow() as tx, pytest.raises(SealBroken):
        tx.sealer.open(tx, owner, "a.label", 1, sealed)
