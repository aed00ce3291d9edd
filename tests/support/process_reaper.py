"""Outlives a test session to end what it left running: python -m tests.support.process_reaper.

Told on each line of its standard input that a process group began (+123) or ended (-123). When the input
closes, which the kernel sees to even when the session is killed, it kills the groups that are left.
Standard library only.
"""

import os
import signal
import sys


def main() -> None:
    left = set()
    for line in sys.stdin:
        number = int(line)
        if number > 0:
            left.add(number)
        else:
            left.discard(-number)
    for group in left:
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
