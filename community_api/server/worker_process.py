"""The worker as a process: `flask worker`, and beside the server on PostgreSQL."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from community_api.composition import make_worker
from community_api.core.config import SettingError, Settings, read_settings
from community_api.core.errors import StartupError
from community_api.core.monitoring import logs
from community_api.server import signals


def work(settings: Settings) -> None:
    """Work until SIGTERM or Ctrl-C; what is at hand is finished first."""
    logs.configure()
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    worker = make_worker(settings)
    # Until here a signal ends the process as usual: nothing is at hand yet.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.run(stopping.wait)


def main() -> None:
    """Work as the child of a server, and end with it."""
    parser = argparse.ArgumentParser(prog="community worker")
    parser.add_argument("--parent", type=int, required=True)
    signals.leave_signals_to_parent()
    signals.end_with_parent(parser.parse_args().parent)
    try:
        work(read_settings())
    except (SettingError, StartupError) as refusal:
        sys.exit(str(refusal))


if __name__ == "__main__":
    main()
