"""What the scenes of the walk hand on to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from community_api.clients.demo_tour.cast import Cast
from community_api.clients.demo_tour.stage import Stage


@dataclass
class Story:
    """The case as it grows; ``now`` is the server's present when the play began.

    ``referrals`` holds the id of the referral at each unit, ``obligations`` that of the answer which each
    decision owes the officer, by the one who owes it. ``code`` leads back somebody without an
    account, and ``lamp`` tells their concern from others; the last three are what the desk works on.
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
    code: str = ""
    lamp: str = ""
    concern_id: str = ""
    report_of_lamps: dict[str, Any] = field(default_factory=dict)
    problem_id: str = ""

    @property
    def reference(self) -> str:
        """The observation's reference, for people."""
        return str(self.observation["reference"])

    @property
    def place(self) -> dict[str, float]:
        """Where the lamps are out: in the area of team lin-a, and elsewhere in every walk."""
        return {"lat": 51 + int(self.lamp[:3], 16) / 4096, "lon": 10 + int(self.lamp[3:], 16) / 4096}

    def find_answer_owed(self, username: str, known_as: str, subject_id: str) -> None:
        """Remember the answer that a decision on this flag or referral made ``username`` owe."""
        owing = self.cast[username]

        def look() -> dict[str, Any] | None:
            owed = owing.items("/feedback/obligations", {"state": "open"})
            return next((each for each in owed if each["subject"]["id"] == subject_id), None)

        self.obligations[known_as] = owing.expect_soon(
            look, f"The decision should make {username} owe the officer an answer (/feedback/obligations)."
        )
