"""What goes wrong: workers that die, items that fail, databases that are away, clocks that differ."""

from datetime import timedelta

import pytest

from community_api.core.errors import DomainError, Stale
from community_api.core.monitoring import metrics
from community_api.outbox import queries
from community_api.outbox.terms import ATTEMPTS, CLAIM
from community_api.outbox.worker import Worker

HOUR = timedelta(hours=1)


class Killed(BaseException):
    """Ends a worker as kill -9 would: nothing behind it runs."""


def test_a_worker_that_is_killed_before_the_commit_leaves_the_item_to_the_next(
    handled, worker_with, worker, clock
):
    def die(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        raise Killed

    item = handled.later()
    with pytest.raises(Killed):
        worker_with(die).step()
    assert worker.drain() == 0, "the claim still holds"
    clock.advance(CLAIM)
    assert worker.drain() == 1
    assert handled.effects(item) == 1


def test_the_only_worker_takes_over_at_once_what_a_killed_one_had(handled, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = handled.later()
    with pytest.raises(Killed):
        worker_with(die).step()
    assert worker_with(sole=True).drain() == 1
    assert handled.effects(item) == 1


def test_two_workers_with_one_item_have_one_effect(handled, worker_with, worker, clock):
    """The first is so slow that its claim runs out while it is at work."""

    def slow(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        clock.advance(CLAIM)
        assert worker.drain() == 1

    item = handled.later()
    worker_with(slow).step()
    assert handled.effects(item) == 1


def test_a_lost_race_is_run_again(handled, worker_with):
    tries = []

    def raced(tx, item):
        tries.append(item.id)
        if len(tries) < 3:
            raise Stale
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    item = handled.later()
    worker_with(raced).drain()
    assert (len(tries), handled.effects(item), handled.item(item).last_error) == (3, 1, None)


def test_a_failing_item_rests_longer_and_longer_and_then_is_a_dead_letter(uow, handled, worker_with, clock):
    def broken(_tx, _item):
        raise RuntimeError("what a person wrote")

    item, worker = handled.later(), worker_with(broken)
    for attempt in range(1, ATTEMPTS + 1):
        assert worker.step() == 1, attempt
        assert worker.step() == 0, "it rests"
        assert handled.item(item).attempts == attempt
        clock.advance(HOUR)
    assert worker.step() == 0, "it is given up"
    dead = handled.item(item)
    assert (dead.dead_at is None, dead.last_error, handled.effects(item)) == (False, "RuntimeError", 0)
    with uow() as tx:
        depth = queries.depth(tx)
    assert (depth.unfinished, depth.due, depth.dead) == (0, 0, 1)


def test_a_refusal_is_remembered_by_its_code(handled, worker_with):
    def refuse(_tx, _item):
        raise DomainError("not_found")

    item = handled.later()
    worker_with(refuse).step()
    assert handled.item(item).last_error == "not_found"


def test_an_unknown_kind_is_a_failure_not_a_loss(uow, handled):
    item = handled.later()
    Worker(uow, {}).step()
    assert handled.item(item).last_error == "no_handler"


def test_one_broken_item_holds_up_no_other(handled, worker_with):
    broken, sound = handled.later(), handled.later()

    def picky(tx, item):
        if item.id == broken.id:
            raise RuntimeError
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    worker_with(picky).drain()
    assert (handled.effects(sound), handled.effects(broken)) == (1, 0)


def test_an_item_that_kills_every_worker_is_given_up(handled, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = handled.later()
    for _ in range(ATTEMPTS):
        with pytest.raises(Killed):
            worker_with(die).step()
        clock.advance(CLAIM)
    assert worker_with(die).step() == 1
    assert (handled.item(item).dead_at is None, handled.item(item).last_error) == (False, "abandoned")


def test_a_database_that_is_away_is_no_fault_of_the_item(handled, worker_with, worker):
    def away(_tx, _item):
        raise DomainError("database_unavailable", retry_after=5)

    item, first = handled.later(), worker_with(away)
    with pytest.raises(DomainError):
        first.step()
    assert handled.item(item).last_error is None


def test_a_worker_that_met_trouble_gives_back_what_it_had_and_goes_on(handled, uow):
    calls = []

    def sometimes(tx, item):
        calls.append(item.id)
        if len(calls) == 1:
            raise DomainError("database_unavailable", retry_after=5)
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    item = handled.later()
    rounds = iter([False, False, False, False, False, True])
    Worker(uow, {"reminder": sometimes}).run(lambda seconds: next(rounds) if seconds else False)
    assert (handled.effects(item), handled.item(item).attempts) == (1, 1)


def test_a_claim_made_under_a_clock_that_was_ahead_is_not_waited_for(uow, handled, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = handled.later()
    clock.advance(timedelta(days=30))
    with pytest.raises(Killed):
        worker_with(die).step()
    clock.advance(timedelta(days=-30))
    assert worker_with().drain() == 1
    assert handled.effects(item) == 1


def counted(outcome):
    """How many items this process has counted with that outcome."""
    value = metrics.REGISTRY.get_sample_value(
        "community_outbox_items_total", {"kind": "reminder", "outcome": outcome}
    )
    return int(value or 0)


def test_what_came_of_each_item_is_counted_for_operators(handled, worker_with, worker):
    def refuse(_tx, _item):
        raise DomainError("conflict")

    before = counted("done"), counted("resting")
    handled.later()
    worker.drain()
    handled.later()
    worker_with(refuse).drain()
    assert (counted("done"), counted("resting")) == (before[0] + 1, before[1] + 1)
