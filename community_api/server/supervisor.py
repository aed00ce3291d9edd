"""The server's processes: `python -m community_api.server.supervisor PLAN`, which `flask serve` becomes.

The process that prepared has things loaded that are not needed again; this one starts anew, keeps the
lock that it inherits, and has the processes that answer, and on PostgreSQL the worker, as its children.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import orjson
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from community_api.core.database import dialects, engine
from community_api.server import limits, signals, web_process
from community_api.server.terms import APPLICATION, INTERPRETER, STOP_SECONDS

RESPAWN_SECONDS = 1.0
ANNOUNCEMENT = "announcement"
CONNECTIONS = 1024
# Bytes of a request's line and headers together; also what the engine reads of a body in advance.
LARGEST_HEAD = 16_384


@dataclass(frozen=True)
class Plan:
    """How to run. ``folder`` is ours alone while we run: counters and the announcement lie there."""

    host: str
    port: int
    processes: int
    threads: int
    dialect: str
    folder: str
    # On SQLite the worker is a thread of the one process that answers.
    worker_beside: bool

    def dumps(self) -> str:
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def loads(cls, text: str) -> Plan:
        return cls(**orjson.loads(text))


def run(plan: Plan) -> None:
    """Serve until Ctrl-C or SIGTERM; every child is gone when this returns."""
    limits.raise_file_limit()
    server = Granian(
        APPLICATION,
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        workers=plan.processes,
        blocking_threads=plan.threads,
        # Without it a thread that idled is ended and the next request pays for a new one.
        blocking_threads_idle_timeout=600,
        backlog=CONNECTIONS,
        # Of each process; what is more waits in the system's queue.
        backpressure=CONNECTIONS,
        # HTTP/1.1 alone: h2c would bring up to 200 requests by one connection past every limit.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(max_buffer_size=LARGEST_HEAD),
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        process_name=None,
    )
    if plan.worker_beside:
        beside = WorkerBeside()
        server.on_startup(beside.start)
        server.on_shutdown(beside.stop)
    announcement = Path(plan.folder) / ANNOUNCEMENT
    load = partial(web_process.load, os.getpid(), announcement, worker_inside=not plan.worker_beside)
    # Once, before the children branch off (the application was loaded with this module): they start at once,
    # also again, and share the memory.
    dialects.of(plan.dialect)
    engine.configure()
    gc.collect()
    gc.freeze()
    try:
        server.serve(target_loader=load, wrap_loader=False)
    finally:
        shutil.rmtree(plan.folder, ignore_errors=True)


class WorkerBeside:
    """The worker's process, started again when it dies."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker keeper", daemon=True)

    def start(self) -> None:
        self._process = self._spawn()
        self._keeper.start()

    def stop(self) -> None:
        """End it; killed when it does not end in time."""
        self._stopping.set()
        process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _keep(self) -> None:
        while self._process is not None:
            self._process.wait()
            if self._stopping.wait(RESPAWN_SECONDS):
                return
            self._process = self._spawn()

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, *INTERPRETER, "-m", "community_api.server.worker_process",
            "--parent", str(os.getpid()),
        ]  # fmt: skip
        with signals.ctrl_c_held_back():
            return subprocess.Popen(command, stdin=subprocess.DEVNULL)


if __name__ == "__main__":
    # Ctrl-C while modules load is no reason for a traceback.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    run(Plan.loads(sys.argv[1]))
