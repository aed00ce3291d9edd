"""Whose processor time it was."""

import pytest

from benchmarks import cpu
from benchmarks.cpu import Machine, Process, Snapshot

HARNESS, SERVER, WORKER, OTHER, KERNEL = 10, 11, 12, 20, 30


def snapshot(at: float, worked: float, *, stolen: float = 0.0, **used: float) -> Snapshot:
    """A machine on which a harness has a server, which has a worker; beside them another process."""
    processes = [
        Process(HARNESS, 1, is_kernel=False, used=used.get("harness", 0.0)),
        Process(SERVER, HARNESS, is_kernel=False, used=used.get("server", 0.0)),
        Process(WORKER, SERVER, is_kernel=False, used=used.get("worker", 0.0)),
        Process(OTHER, 1, is_kernel=False, used=used.get("other", 0.0)),
        Process(KERNEL, 2, is_kernel=True, used=used.get("kernel", 0.0)),
    ]
    gone = used.get("gone", ())
    return Snapshot(at, Machine(worked, stolen), {one.pid: one for one in processes if one.pid != gone})


BEFORE = snapshot(100.0, 50.0, harness=1.0, server=5.0, worker=6.0, other=9.0, kernel=2.0)


def used(after: Snapshot, before: Snapshot = BEFORE) -> cpu.Usage:
    return cpu.usage(before, after, {"server": [SERVER]}, HARNESS)


def test_a_part_is_its_process_and_all_below_it():
    after = snapshot(102.0, 52.0, harness=1.0, server=5.5, worker=7.5, other=9.0, kernel=2.0)
    assert used(after).by_part == {"server": 2.0}


def test_what_we_and_the_kernel_used_is_nobody_elses():
    after = snapshot(102.0, 53.0, harness=1.5, server=5.5, worker=7.5, other=9.0, kernel=2.5)
    assert used(after).others == 0.0


def test_other_process_that_lives_is_counted_exactly():
    after = snapshot(102.0, 50.0, harness=1.0, server=5.0, worker=6.0, other=9.5, kernel=2.0)
    assert used(after).others == 0.25


def test_other_process_that_came_and_went_is_seen_in_the_total():
    after = snapshot(102.0, 51.0, harness=1.0, server=5.0, worker=6.0, other=9.0, kernel=2.0)
    assert used(after).others == 0.5


def test_parent_that_waits_for_an_old_process_took_nothing_new():
    processes = {
        1: Process(1, 0, is_kernel=False, used=3.0),
        **{pid: one for pid, one in BEFORE.processes.items() if pid != OTHER},
    }
    before = Snapshot(100.0, Machine(50.0, 0.0), {**BEFORE.processes, 1: processes[1]})
    reaped = {**processes, 1: Process(1, 0, is_kernel=False, used=3.0 + 9.0)}
    assert used(Snapshot(102.0, Machine(50.0, 0.0), reaped), before).others == 0.0


@pytest.mark.parametrize(("share", "contaminated"), [(0.05, False), (0.06, False), (0.07, True)])
def test_round_is_contaminated_above_six_percent_of_a_processor(share, contaminated):
    assert cpu.Usage(1.0, {}, others=share, stolen=0.0).contaminated is contaminated


def test_time_stolen_by_the_host_is_told_apart():
    after = snapshot(102.0, 50.0, stolen=0.5, harness=1.0, server=5.0, worker=6.0, other=9.0, kernel=2.0)
    assert (used(after).stolen, used(after).others) == (0.25, 0.0)


def test_process_is_read_whatever_its_name():
    line = "4711 (a ) name (x) 12) S 17 4711 4711 0 -1 4194560 1 2 3 4 300 100 50 50 20 0 1 0 99 0 0"
    assert cpu.parse_process(line) == Process(4711, 17, is_kernel=False, used=500 * cpu.TICK)


def test_kernel_thread_is_known_by_its_flag():
    line = "21 (kworker/1:1) I 2 0 0 0 -1 69238880 0 0 0 0 0 7 0 0 20 0 1 0 5 0 0"
    assert cpu.parse_process(line).is_kernel


def test_machine_counts_work_of_processes_and_not_waiting_or_interrupts():
    text = "cpu  100 10 40 5000 60 7 8 9 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n"
    assert cpu.parse_machine(text) == Machine(worked=150 * cpu.TICK, stolen=9 * cpu.TICK)
