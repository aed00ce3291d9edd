"""A write happens once, however often and however many at once it is sent."""

import threading
from collections import Counter
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from community_api.core.database.commands import Command, Performed, again, perform
from community_api.core.database.tables import Change, CommandRecord
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, Stale
from community_api.core.ids import new_id
from tests.support.factories import unit_of_work

MAKER = uuid4()


@pytest.fixture
def uow(database_url: str) -> Iterator[UnitOfWork]:
    made = unit_of_work(database_url)
    yield made
    made.database.close()


def a_command(record_id: UUID | None = None, *, digest: bytes = b"same", maker: UUID = MAKER) -> Command:
    return Command(record_id or new_id(), "POST /things", maker, digest)


def make(uow: UnitOfWork, command: Command) -> str:
    with uow(command) as tx:
        tx.changed("thing", command.record_id, 1, MAKER)
    return "made"


def send(uow: UnitOfWork, command: Command) -> Performed[str]:
    return perform(uow, command, lambda: make(uow, command), lambda record: f"shown {record.kind}")


def how_many(uow: UnitOfWork, model: type) -> int:
    with uow() as tx:
        return int(tx.first(select(func.count()).select_from(model)))


def test_fifty_parallel_sends_of_one_id_make_one_record(uow: UnitOfWork) -> None:
    record_id = new_id()
    answers: Counter[bool] = Counter()
    start = threading.Barrier(50)

    def send_one() -> None:
        start.wait()
        answers[send(uow, a_command(record_id)).replayed] += 1

    threads = [threading.Thread(target=send_one) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {False: 1, True: 49}
    assert (how_many(uow, CommandRecord), how_many(uow, Change)) == (1, 1)


@pytest.mark.parametrize("other", [{"digest": b"other"}, {"maker": uuid4()}], ids=["content", "caller"])
def test_an_id_used_for_something_else_is_refused_alike_and_the_first_stays(
    uow: UnitOfWork, other: dict
) -> None:
    record_id = new_id()
    send(uow, a_command(record_id))
    with pytest.raises(DomainError) as refusal:
        send(uow, a_command(record_id, **other))
    assert (refusal.value.code, refusal.value.params, refusal.value.errors) == ("id_reused", {}, ())
    assert how_many(uow, Change) == 1


def test_a_refused_write_leaves_no_trace_of_its_id_and_may_be_sent_again(uow: UnitOfWork) -> None:
    command = a_command()

    def refuse() -> str:
        with uow(command) as tx:
            tx.changed("thing", command.record_id, 1, MAKER)
            raise DomainError("already_decided")

    with pytest.raises(DomainError):
        perform(uow, command, refuse, lambda _known: "shown")
    assert how_many(uow, CommandRecord) == 0
    assert send(uow, command).replayed is False


def test_a_replay_is_answered_whatever_the_use_case_would_refuse_now(uow: UnitOfWork) -> None:
    command = a_command()
    send(uow, command)

    def refuse() -> str:
        raise DomainError("role_not_allowed")

    assert perform(uow, command, refuse, lambda _known: "as it is now").result == "as it is now"


def test_the_id_of_an_erased_record_stays_taken(uow: UnitOfWork) -> None:
    command = a_command()
    send(uow, command)
    with uow() as tx:
        tx.update_where(CommandRecord, {"id": command.id}, {"erased_at": tx.now})
    with pytest.raises(DomainError) as refusal:
        send(uow, command)
    assert refusal.value.code == "erased"


def test_a_change_of_what_somebody_else_changed_is_tried_again_from_the_new_state(uow: UnitOfWork) -> None:
    command = a_command()
    send(uow, command)
    seen: list[bytes] = []

    def append(tx: Transaction, letter: bytes) -> None:
        row = tx.get(CommandRecord, command.id)
        assert row is not None
        seen.append(row.digest)
        tx.update_where(CommandRecord, {"id": row.id, "digest": row.digest}, {"digest": row.digest + letter})

    def slow() -> None:
        with uow() as tx:
            append(tx, b"s")
            if len(seen) == 1:
                with uow() as faster:
                    append(faster, b"f")

    again(slow)
    assert seen == [b"same", b"same", b"samef"]
    with uow() as tx:
        assert tx.first(select(CommandRecord.digest)) == b"samefs"


def test_a_guard_that_fails_undoes_everything_of_its_commit(uow: UnitOfWork) -> None:
    def act() -> None:
        with uow() as tx:
            tx.changed("thing", new_id(), 1, MAKER)
            tx.update_where(CommandRecord, {"id": new_id()}, {"digest": b"x"})

    with pytest.raises(Stale):
        act()
    assert how_many(uow, Change) == 0


def test_an_exception_drops_what_was_buffered(uow: UnitOfWork) -> None:
    def act() -> None:
        with uow() as tx:
            tx.changed("thing", new_id(), 1, MAKER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert how_many(uow, Change) == 0
