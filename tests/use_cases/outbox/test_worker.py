"""What is due is done once, in the order in which it became due, whoever does it."""

import threading
import uuid
from datetime import timedelta

import pytest

from community_api.core.errors import DomainError
from community_api.outbox import queries
from community_api.outbox import service as outbox
from community_api.outbox.models import OutboxItem
from community_api.outbox.terms import BATCH, CLAIM, KEPT_WHEN_DONE
from community_api.outbox.worker import Periodic

HOUR = timedelta(hours=1)


def test_an_item_waits_until_it_is_due(handled, worker, clock):
    item = handled.later(HOUR)
    assert worker.drain() == 0
    clock.advance(HOUR)
    assert worker.drain() == 1
    assert handled.effects(item) == 1


def test_a_done_item_is_never_done_again(handled, worker, clock):
    item = handled.later()
    worker.drain()
    clock.advance(10 * CLAIM)
    assert worker.drain() == 0
    assert (handled.effects(item), handled.item(item).done_at is None) == (1, False)


def test_items_of_a_use_case_that_failed_never_existed(uow, worker):
    def refused_in_the_end() -> None:
        with uow() as tx:
            outbox.schedule(tx, "reminder", uuid.uuid4(), tx.now)
            raise DomainError("conflict")

    with pytest.raises(DomainError):
        refused_in_the_end()
    assert worker.drain() == 0


def test_the_longest_due_come_first(handled, worker_with, clock):
    seen = []
    late, early = handled.later(2 * HOUR), handled.later(HOUR)
    clock.advance(3 * HOUR)
    worker_with(lambda _tx, item: seen.append(item.id)).drain()
    assert seen == [early.id, late.id]


def test_more_than_a_batch_is_done(handled, worker):
    items = [handled.later() for _ in range(BATCH + 5)]
    assert worker.drain() == BATCH + 5
    assert [handled.effects(item) for item in items] == [1] * (BATCH + 5)


def test_an_item_cancelled_in_time_is_not_done(handled, worker, clock):
    item = handled.later(HOUR)
    handled.cancel(item.ref_id)
    clock.advance(HOUR)
    assert worker.drain() == 0
    assert handled.effects(item) == 0


def test_an_item_cancelled_while_it_is_handled_has_no_effect(handled, worker_with):
    def overtaken(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        handled.cancel(item.ref_id)

    item = handled.later()
    worker_with(overtaken).drain()
    assert handled.effects(item) == 0


def test_cancelling_comes_too_late_for_what_is_done(handled, worker):
    item = handled.later()
    worker.drain()
    handled.cancel(item.ref_id)
    assert handled.item(item).cancelled_at is None


def test_cancel_then_later_in_one_commit_moves_a_deadline(uow, handled, worker, clock):
    old = handled.later(HOUR)
    with uow() as tx:
        outbox.cancel(tx, "reminder", old.ref_id)
        new = outbox.schedule(tx, "reminder", old.ref_id, tx.now + 2 * HOUR)
    clock.advance(HOUR)
    assert worker.drain() == 0
    clock.advance(HOUR)
    assert worker.drain() == 1
    assert handled.item(new).done_at is not None


def test_later_then_cancel_in_one_commit_is_nothing(uow, worker):
    with uow() as tx:
        ref_id = outbox.schedule(tx, "reminder", uuid.uuid4(), tx.now).ref_id
        outbox.cancel(tx, "reminder", ref_id)
    assert worker.drain() == 0


def test_a_handler_may_cancel_its_own_kind_and_is_done_all_the_same(handled, worker_with, clock):
    def settle(tx, item):
        tx.changed(item.kind, item.ref_id, 1, item.ref_id)
        outbox.cancel(tx, item.kind, item.ref_id)

    item = handled.later()
    sibling = handled.later(HOUR, item.ref_id)
    worker_with(settle).drain()
    assert handled.item(item).done_at is not None
    assert handled.item(item).cancelled_at is None
    assert handled.item(sibling).cancelled_at is not None


def test_a_worker_told_to_stop_gives_back_what_it_has_not_begun(handled, worker_with, worker):
    first, second = handled.later(), handled.later()
    stopping = iter([False, True])
    worker_with().step(lambda _seconds: next(stopping))
    assert handled.effects(first) + handled.effects(second) == 1
    assert worker.drain() == 1, "another worker need not wait for the claim to run out"
    assert {handled.item(item).attempts for item in (first, second)} == {1}


def test_eight_workers_at_once_do_everything_once(handled, worker_with):
    items = [handled.later() for _ in range(60)]
    workers = [worker_with() for _ in range(8)]
    threads = [threading.Thread(target=worker.drain) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    workers[0].drain()
    assert [handled.effects(item) for item in items] == [1] * 60


def test_a_periodic_task_is_done_once_in_its_interval_by_one_of_the_workers(worker_with, clock):
    done: list[object] = []
    periodic = Periodic("junk", timedelta(minutes=1), done.append)
    first, second = worker_with(periodics=(periodic,)), worker_with(periodics=(periodic,))
    for _ in range(4):
        first.step()
        second.step()
        clock.advance(timedelta(seconds=20))
    assert len(done) == 2


def test_a_periodic_task_that_fails_holds_up_nothing(handled, worker_with):
    def broken(_uow):
        raise RuntimeError

    item = handled.later()
    worker_with(periodics=(Periodic("broken", HOUR, broken),)).drain()
    assert handled.effects(item) == 1


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


def test_what_was_done_long_ago_is_swept_and_nothing_else(uow, handled, worker, clock):
    done, cancelled, waiting = handled.later(), handled.later(), handled.later(KEPT_WHEN_DONE * 3)
    handled.cancel(cancelled.ref_id)
    worker.drain()
    clock.advance(KEPT_WHEN_DONE)
    assert outbox.sweep(uow) == 0
    clock.advance(timedelta(seconds=1))
    assert outbox.sweep(uow) == 2
    with uow() as tx:
        assert tx.get(OutboxItem, done.id) is None
    assert handled.item(waiting).done_at is None


def test_the_depth_tells_how_late_the_oldest_is(uow, handled, clock):
    handled.later()
    handled.later(2 * HOUR)
    clock.advance(HOUR)
    with uow() as tx:
        depth = queries.depth(tx)
    assert (depth.unfinished, depth.due, depth.dead, depth.lag) == (2, 1, 0, HOUR)


def test_a_public_request_leaves_the_day_alone(uow):
    with uow() as tx:
        item = outbox.schedule(tx, "reminder", uuid.uuid4(), tx.now, day_only=True)
    assert item.created_at.time().isoformat() == "00:00:00"
