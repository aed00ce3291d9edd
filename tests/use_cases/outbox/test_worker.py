"""What is due is done once, in the order in which it became due, whoever does it."""

import threading
import uuid
from datetime import timedelta

import pytest

from community_api.core.errors import Refused, Stale
from community_api.outbox import queries
from community_api.outbox import service as outbox
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import ATTEMPTS, BATCH, CLAIM, KEPT_WHEN_DONE
from community_api.outbox.worker import Periodic, Worker

HOUR = timedelta(hours=1)


class Killed(BaseException):
    """Ends a worker as kill -9 would: nothing behind it runs."""


def test_an_item_waits_until_it_is_due(told, worker, clock):
    item = told.later(HOUR)
    assert worker.drain() == 0
    clock.advance(HOUR)
    assert worker.drain() == 1
    assert told.effects(item) == 1


def test_a_done_item_is_never_done_again(told, worker, clock):
    item = told.later()
    worker.drain()
    clock.advance(10 * CLAIM)
    assert worker.drain() == 0
    assert (told.effects(item), told.item(item).done_at is None) == (1, False)


def test_items_of_a_use_case_that_failed_never_existed(uow, worker):
    def refused_in_the_end() -> None:
        with uow() as tx:
            outbox.later(tx, "reminder", uuid.uuid4(), tx.now)
            raise Refused("conflict")

    with pytest.raises(Refused):
        refused_in_the_end()
    assert worker.drain() == 0


def test_the_longest_due_come_first(told, worker_with, clock):
    seen = []
    late, early = told.later(2 * HOUR), told.later(HOUR)
    clock.advance(3 * HOUR)
    worker_with(lambda _tx, item: seen.append(item.id)).drain()
    assert seen == [early.id, late.id]


def test_more_than_a_batch_is_done(told, worker):
    items = [told.later() for _ in range(BATCH + 5)]
    assert worker.drain() == BATCH + 5
    assert [told.effects(item) for item in items] == [1] * (BATCH + 5)


def test_a_worker_that_is_killed_before_the_commit_leaves_the_item_to_the_next(
    told, worker_with, worker, clock
):
    def die(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        raise Killed

    item = told.later()
    with pytest.raises(Killed):
        worker_with(die).step()
    assert worker.drain() == 0, "the claim still holds"
    clock.advance(CLAIM)
    assert worker.drain() == 1
    assert told.effects(item) == 1


def test_the_only_worker_takes_over_at_once_what_a_killed_one_had(told, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = told.later()
    with pytest.raises(Killed):
        worker_with(die).step()
    assert worker_with(sole=True).drain() == 1
    assert told.effects(item) == 1


def test_two_workers_with_one_item_have_one_effect(told, worker_with, worker, clock):
    """The first is so slow that its claim runs out while it is at work."""

    def slow(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        clock.advance(CLAIM)
        assert worker.drain() == 1

    item = told.later()
    worker_with(slow).step()
    assert told.effects(item) == 1


def test_an_item_cancelled_in_time_is_not_done(told, worker, clock):
    item = told.later(HOUR)
    told.cancel(item.ref_id)
    clock.advance(HOUR)
    assert worker.drain() == 0
    assert told.effects(item) == 0


def test_an_item_cancelled_while_it_is_handled_has_no_effect(told, worker_with):
    def overtaken(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        told.cancel(item.ref_id)

    item = told.later()
    worker_with(overtaken).drain()
    assert told.effects(item) == 0


def test_cancelling_comes_too_late_for_what_is_done(told, worker):
    item = told.later()
    worker.drain()
    told.cancel(item.ref_id)
    assert told.item(item).cancelled_at is None


def test_cancel_then_later_in_one_commit_moves_a_deadline(uow, told, worker, clock):
    old = told.later(HOUR)
    with uow() as tx:
        outbox.cancel(tx, "reminder", old.ref_id)
        new = outbox.later(tx, "reminder", old.ref_id, tx.now + 2 * HOUR)
    clock.advance(HOUR)
    assert worker.drain() == 0
    clock.advance(HOUR)
    assert worker.drain() == 1
    assert told.item(new).done_at is not None


def test_later_then_cancel_in_one_commit_is_nothing(uow, worker):
    with uow() as tx:
        ref_id = outbox.later(tx, "reminder", uuid.uuid4(), tx.now).ref_id
        outbox.cancel(tx, "reminder", ref_id)
    assert worker.drain() == 0


def test_a_handler_may_cancel_its_own_kind_and_is_done_all_the_same(told, worker_with, clock):
    def settle(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        outbox.cancel(tx, item.kind, item.ref_id)

    item = told.later()
    sibling = told.later(HOUR, item.ref_id)
    worker_with(settle).drain()
    assert told.item(item).done_at is not None
    assert told.item(item).cancelled_at is None
    assert told.item(sibling).cancelled_at is not None


def test_a_lost_race_is_run_again(told, worker_with):
    tries = []

    def raced(tx, item):
        tries.append(item.id)
        if len(tries) < 3:
            raise Stale
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    item = told.later()
    worker_with(raced).drain()
    assert (len(tries), told.effects(item), told.item(item).last_error) == (3, 1, None)


def test_a_failing_item_rests_longer_and_longer_and_then_is_a_dead_letter(uow, told, worker_with, clock):
    def broken(_tx, _item):
        raise RuntimeError("what a person wrote")

    item, worker = told.later(), worker_with(broken)
    for attempt in range(1, ATTEMPTS + 1):
        assert worker.step() == 1, attempt
        assert worker.step() == 0, "it rests"
        assert told.item(item).attempts == attempt
        clock.advance(HOUR)
    assert worker.step() == 0, "it is given up"
    dead = told.item(item)
    assert (dead.dead_at is None, dead.last_error, told.effects(item)) == (False, "RuntimeError", 0)
    with uow() as tx:
        depth = queries.depth(tx)
    assert (depth.unfinished, depth.due, depth.dead) == (0, 0, 1)


def test_a_refusal_is_remembered_by_its_code(told, worker_with):
    def refuse(_tx, _item):
        raise Refused("not_found")

    item = told.later()
    worker_with(refuse).step()
    assert told.item(item).last_error == "not_found"


def test_an_unknown_kind_is_a_failure_not_a_loss(uow, told):
    item = told.later()
    Worker(uow, {}).step()
    assert told.item(item).last_error == "no_handler"


def test_one_broken_item_holds_up_no_other(told, worker_with):
    broken, sound = told.later(), told.later()

    def picky(tx, item):
        if item.id == broken.id:
            raise RuntimeError
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    worker_with(picky).drain()
    assert (told.effects(sound), told.effects(broken)) == (1, 0)


def test_an_item_that_kills_every_worker_is_given_up(told, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = told.later()
    for _ in range(ATTEMPTS):
        with pytest.raises(Killed):
            worker_with(die).step()
        clock.advance(CLAIM)
    assert worker_with(die).step() == 1
    assert (told.item(item).dead_at is None, told.item(item).last_error) == (False, "abandoned")


def test_a_database_that_is_away_is_no_fault_of_the_item(told, worker_with, worker):
    def away(_tx, _item):
        raise Refused("database_unavailable", retry_after=5)

    item, first = told.later(), worker_with(away)
    with pytest.raises(Refused):
        first.step()
    assert told.item(item).last_error is None


def test_a_worker_that_met_trouble_gives_back_what_it_had_and_goes_on(told, uow):
    calls = []

    def sometimes(tx, item):
        calls.append(item.id)
        if len(calls) == 1:
            raise Refused("database_unavailable", retry_after=5)
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)

    item = told.later()
    rounds = iter([False, False, False, False, False, True])
    Worker(uow, {"reminder": sometimes}).run(lambda seconds: next(rounds) if seconds else False)
    assert (told.effects(item), told.item(item).attempts) == (1, 1)


def test_a_worker_told_to_stop_gives_back_what_it_has_not_begun(told, worker_with, worker):
    first, second = told.later(), told.later()
    stopping = iter([False, True])
    worker_with().step(lambda _seconds: next(stopping))
    assert told.effects(first) + told.effects(second) == 1
    assert worker.drain() == 1, "another worker need not wait for the claim to run out"
    assert {told.item(item).attempts for item in (first, second)} == {1}


def test_a_claim_made_under_a_clock_that_was_ahead_is_not_waited_for(uow, told, worker_with, clock):
    def die(_tx, _item):
        raise Killed

    item = told.later()
    clock.advance(timedelta(days=30))
    with pytest.raises(Killed):
        worker_with(die).step()
    clock.advance(timedelta(days=-30))
    assert worker_with().drain() == 1
    assert told.effects(item) == 1


def test_eight_workers_at_once_do_everything_once(told, worker_with):
    items = [told.later() for _ in range(60)]
    workers = [worker_with() for _ in range(8)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workers[0].drain()
    assert [told.effects(item) for item in items] == [1] * 60


def test_a_periodic_task_is_done_once_in_its_interval_by_one_of_the_workers(worker_with, clock):
    done: list[object] = []
    periodic = Periodic("junk", timedelta(minutes=1), done.append)
    first, second = worker_with(periodics=(periodic,)), worker_with(periodics=(periodic,))
    for _ in range(4):
        first.step()
        second.step()
        clock.advance(timedelta(seconds=20))
    assert len(done) == 2


def test_a_periodic_task_that_fails_holds_up_nothing(told, worker_with):
    def broken(_uow):
        raise RuntimeError

    item = told.later()
    worker_with(periodics=(Periodic("broken", HOUR, broken),)).drain()
    assert told.effects(item) == 1


def test_a_worker_elsewhere_is_seen_while_it_lives(uow, worker, clock):
    def seen() -> bool:
        with uow() as tx:
            return queries.is_worker_seen(tx)

    assert not seen()
    worker.step()
    assert seen()
    clock.advance(timedelta(minutes=2))
    assert not seen()
    worker.step()
    assert seen()
    worker.run(lambda _seconds: True)
    assert not seen(), "it said that it goes"


def test_what_was_done_long_ago_is_swept_and_nothing_else(uow, told, worker, clock):
    done, cancelled, waiting = told.later(), told.later(), told.later(KEPT_WHEN_DONE * 3)
    told.cancel(cancelled.ref_id)
    worker.drain()
    clock.advance(KEPT_WHEN_DONE)
    assert outbox.sweep(uow) == 0
    clock.advance(timedelta(seconds=1))
    assert outbox.sweep(uow) == 2
    with uow() as tx:
        assert tx.get(OutboxItem, done.id) is None
    assert told.item(waiting).done_at is None


def test_the_depth_tells_how_late_the_oldest_is(uow, told, clock):
    told.later()
    told.later(2 * HOUR)
    clock.advance(HOUR)
    with uow() as tx:
        depth = queries.depth(tx)
    assert (depth.unfinished, depth.due, depth.dead, depth.lag) == (2, 1, 0, HOUR)


def test_a_public_request_leaves_the_day_alone(uow):
    with uow() as tx:
        item = outbox.later(tx, "reminder", uuid.uuid4(), tx.now, day_only=True)
    assert item.created_at.time().isoformat() == "00:00:00"
