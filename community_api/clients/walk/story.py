"""What the scenes of the walk hand on to each other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from community_api.clients.walk.cast import Cast
from community_api.clients.walk.stage import Stage


@dataclass
class Story:
    """The case as it grows; ``now`` is the server's present when the play began.

    ``referrals`` holds the id of the referral at each unit, ``obligations`` that of the answer which each
    decision owes the officer, by the one who owes it.
    """

    stage: Stage
    cast: Cast
    now: datetime
    observation: dict[str, Any] = field(default_factory=dict)
    flag_id: str = ""
    referral_reference: str = ""
    report_id: str = ""
    referrals: dict[str, str] = field(default_factory=dict)
    obligations: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The observation's reference, for people."""
        return str(self.observation["reference"])

    @contextmanager
    def answers_owed_by(self, username: str, known_as: str) -> Iterator[None]:
        """Around a decision: finds the answer that it makes ``username`` owe.

        Above the local level nothing in an obligation tells whose report it answers, so that the one that was
        not there before must be ours.
        """
        owing = self.cast[username]
        query = {"state": "open"}
        before = {each["id"] for each in owing.items("/feedback/obligations", query)}
        yield

        def new() -> dict[str, Any] | None:
            found = [o for o in owing.items("/feedback/obligations", query) if o["id"] not in before]
            ours = [o for o in found if o.get("report_reference") in (None, self.reference)]
            return max(ours, key=lambda o: str(o["opened_at"]), default=None)

        self.obligations[known_as] = owing.expect_soon(
            new, f"The decision should make {username} owe the officer an answer (/feedback/obligations)."
        )
