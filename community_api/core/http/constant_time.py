"""What is refused to a signed-in caller is told on a beat: how long it took tells nothing of what was found.

A record of others and one that there is not are refused in the same words (404). To find the first takes a
little longer, in each use case by other work; so every such answer waits until whole beats have passed since
the request came. A beat is far longer than that difference, and far shorter than a person notices.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

BEAT_SECONDS: Final = 0.025
# What waits for so many seconds.
Pause = Callable[[float], None]


def keep(started: float, pause: Pause) -> None:
    """Wait for the next beat since ``started``, a moment of ``time.perf_counter``."""
    pause(BEAT_SECONDS - (time.perf_counter() - started) % BEAT_SECONDS)
