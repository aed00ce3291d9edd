"""A progress bar on a terminal; silence anywhere else."""

from __future__ import annotations

import time
from typing import TextIO

WIDTH = 30
# Redrawing more often than this (seconds) would cost time that nobody sees.
PERIOD = 0.1


class Progress:
    """Draws on ``stream`` how many of ``total`` rows are done."""

    def __init__(self, total: int, stream: TextIO) -> None:
        self._total = total
        self._stream = stream
        self._shown = stream.isatty() and total > 0
        self._began = self._drawn = time.monotonic()

    def show(self, done: int, refused: int, already: int) -> None:
        """Draw anew. ``already``: rows that cost no time, so that they say nothing about what is left."""
        now = time.monotonic()
        if not self._shown or (now - self._drawn < PERIOD and done < self._total):
            return
        self._drawn = now
        filled = WIDTH * done // self._total
        rate = (done - already) / max(now - self._began, 0.001)
        left = f"{(self._total - done) / rate:,.0f} s left" if rate else "…"
        self._stream.write(
            f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,} of {self._total:,} rows"
            f" · {refused:,} refused · {rate:,.0f}/s · {left}\x1b[K"
        )
        self._stream.flush()

    def end(self) -> None:
        """Leave the bar where it is and go on below it."""
        if self._shown:
            self._stream.write("\n")
            self._stream.flush()
