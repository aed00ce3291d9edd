"""Who has the database and not the keys cannot tell which flags are about the same person."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from community_api.core.database.engine import Base
from community_api.intelligence.flags import plain_relations, relations, slots, subjects
from community_api.intelligence.flags.models import (
    Flag,
    FlagRelation,
    RelatedFlag,
    SubjectSlot,
    SubjectToken,
)
from community_api.intelligence.flags.relations import Pair
from community_api.intelligence.flags.terms import Why
from tests.support.app import Answer, World
from tests.support.workflow import Police, at_once, subject

JONAS = {"subjects": [subject(identifying="Jonas Brandt, born 12 March 1984")]}
MIRA = {"subjects": [subject(identifying="Mira Holm, born 3 May 1991")]}


@pytest.fixture
def police(world: World) -> Police:
    return Police(world)


def refused(police: Police, **values: Any) -> uuid.UUID:
    """A flag on a report of its own, refused; the next one comes some minutes later."""
    raised = police.raises_flag(police.observes()["id"], **values)
    police.decides_flag(raised["id"], decision="refused")
    police.world.later(minutes=7)
    return uuid.UUID(raised["id"])


def known_around(world: World, flag_id: uuid.UUID) -> set[Any]:
    """Every value in every row of the database that names a flag: what a reader can join it by."""
    found: set[Any] = set()
    with world.uow() as tx:
        for table in Base.metadata.sorted_tables:
            for row in tx.session.execute(select(table)).mappings():
                values = {value for value in row.values() if isinstance(value, str | bytes | uuid.UUID)}
                if flag_id in values or any(names(value, flag_id) for value in values):
                    found |= values
    return found


def names(value: Any, flag_id: uuid.UUID) -> bool:
    spelled = (str(flag_id), flag_id.hex)
    return any(one in value for one in spelled) if isinstance(value, str) else value == flag_id.bytes


def earlier(police: Police, **values: Any) -> list[str]:
    """What the assessor is shown of earlier matters, in a case about this person."""
    case = police.confirmed_of(police.observes()["id"], **values)
    return [one["id"] for one in police.reads_referral(case)["earlier"]]


def test_two_flags_about_one_person_have_no_more_in_common_than_flags_about_two(world, police):
    first, second = refused(police, **JONAS), refused(police, **JONAS)
    other = refused(police, **MIRA)
    one, two, three = (known_around(world, flag_id) for flag_id in (first, second, other))
    assert one & two <= three, "what they share, a flag about somebody else shares as well"
    assert earlier(police, **JONAS) == [str(first), str(second)]
    assert earlier(police, **MIRA) == [str(other)]


def test_no_two_rows_are_alike_and_none_names_another_flag(world, police):
    flags = [refused(police, **JONAS) for _ in range(3)]
    with world.uow() as tx:
        tokens = [*tx.all(select(SubjectSlot.token)), *tx.all(select(FlagRelation.token))]
        masked = tx.all(select(FlagRelation.masked))
        assert tx.all(select(SubjectToken.id)) == tx.all(select(RelatedFlag.id)) == []
    # Of three flags there are three pairs, each with two sides.
    assert len(tokens) == len(set(tokens)) == 3 + 6
    assert len(set(masked)) == 6
    assert not [row for row in masked for flag_id in flags if flag_id.bytes[:6] in row]


def test_another_key_finds_nothing(world, police):
    first = refused(police, **JONAS)
    refused(police, **JONAS)
    with world.uow() as tx:
        assert relations.of(tx, (first,)) != {}
        right = slots.tokens(tx.keys, relations.PURPOSE, first.bytes)
        kept = set(tx.all(select(FlagRelation.token)))
    other = type(tx.keys)(**{**vars(tx.keys), "lookup": b"another key of thirty-two bytes!"})
    assert set(right) & kept
    assert not set(slots.tokens(other, relations.PURPOSE, first.bytes)) & kept


def _raises(report: str, police: Police) -> Answer:
    return police.raises_flag(report, subjects=JONAS["subjects"])


def test_two_that_are_raised_at_once_find_each_other(police):
    reports = [police.observes()["id"] for _ in range(2)]
    raised = at_once(police.world, [partial(_raises, report) for report in reports])
    ids = [uuid.UUID(one["id"]) for one in raised]
    with police.world.uow() as tx:
        found = relations.of(tx, ids)
    assert [[one.other for one in found[flag_id]] for flag_id in ids] == [[ids[1]], [ids[0]]]


def test_more_than_one_block_is_found_and_ended(world):
    one, others = uuid.uuid4(), [uuid.uuid4() for _ in range(2 * slots.BLOCK + 3)]
    with world.uow() as tx:
        relations.add(tx, [Pair(one, other, Why.REPORT) for other in others])
    with world.uow() as tx:
        relations.add(tx, [Pair(other, one, Why.REPORT) for other in others])
    with world.uow() as tx:
        assert {found.other for found in relations.of(tx, (one,))[one]} == set(others)
        assert len(tx.all(select(FlagRelation.id))) == 2 * len(others), "kept once, whichever comes first"
        relations.end(tx, one, others[0], Why.REPORT)
    with world.uow() as tx:
        assert {found.other for found in relations.of(tx, (one,))[one]} == set(others[1:])
        relations.forget(tx, one)
    with world.uow() as tx:
        assert tx.all(select(FlagRelation.id)) == []


def test_a_relation_that_somebody_changed_is_not_believed(world, police):
    first = refused(police, **JONAS)
    refused(police, **JONAS)
    with world.uow() as tx:
        for row in tx.all(select(FlagRelation)):
            tx.update_where(
                FlagRelation, {"id": row.id}, {"masked": bytes([row.masked[0] ^ 1]) + row.masked[1:]}
            )
    with world.uow() as tx, pytest.raises(ValueError, match="was changed"):
        relations.of(tx, (first,))


def test_what_earlier_releases_kept_in_plain_is_hidden_and_found_as_before(world, police):
    first, second = refused(police, **JONAS), refused(police, **JONAS)
    to_plain(world, first, second)
    world.later(minutes=2)
    with world.uow() as tx:
        assert tx.all(select(SubjectToken.id)) == tx.all(select(RelatedFlag.id)) == []
        assert [one.other for one in relations.of(tx, (second,))[second]] == [first]
        assert relations.of(tx, (second,))[second][0].earlier
    assert earlier(police, **JONAS) == [str(first), str(second)]
    plain_relations.hide(world.app.extensions["community"].uow)


def to_plain(world: World, first: uuid.UUID, second: uuid.UUID) -> None:
    """The rows as a database has them that was just migrated."""
    with world.uow() as tx:
        (secret,) = subjects.secrets_of(tx, {"the man": "Jonas Brandt, born 12 March 1984"})
        for flag in tx.all(select(Flag).where(Flag.id.in_((first, second)))):
            tx.insert(SubjectToken, id=uuid.uuid4(), flag_id=flag.id, token=secret)
            tx.delete_where(SubjectSlot, {"flag_id": flag.id})
        for row in tx.all(select(FlagRelation)):
            tx.delete_where(FlagRelation, {"id": row.id})
        tx.insert(RelatedFlag, id=uuid.uuid4(), flag_id=second, earlier_id=first, why=Why.SUBJECT.value)
