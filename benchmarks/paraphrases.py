"""Made-up reports of two tellers each, in words of their own and five languages, among others alike."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import cos, radians
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "expected" / "paraphrases"
LANGUAGES = ("en", "de", "fr", "lt", "ru")
# A town of four kilometres by four, over ten days.
MIDDLE, SIDE_M, DAYS = (51.24, 10.45), 4_000, 10
METRES_A_DEGREE = 111_195
BEGAN = datetime(2026, 11, 2, tzinfo=UTC)
HOURS = ("23:00", "0:30", "21 h", "22:15", "18:40")


@dataclass(frozen=True)
class Telling:
    """One report. ``matter`` is what it is truly about; ``at`` None: the teller knows the day only."""

    matter: int
    scenario: str
    kind: str
    language: str
    category: str
    text: str
    lat: float
    lon: float
    accuracy_m: int
    at: datetime

    @property
    def by_day(self) -> bool:
        return self.kind == "concern"


def scenarios(part: str, language: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The words that fill gaps, and the matters of a part (``tuned``, ``held_out``) in a language."""
    told = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return told, told[part]


def tellings(part: str, seed: int = 18) -> list[Telling]:
    """Two hundred reports of a part: twenty in a hundred matters are told twice, the others once."""
    drawn = random.Random(seed)
    return list(_tellings(part, drawn))


def _tellings(part: str, drawn: random.Random) -> Iterator[Telling]:
    matter = 0
    for language in LANGUAGES:
        told, matters = scenarios(part, language)
        for _ in range(2):
            for name, scenario in matters.items():
                yield from _matter(matter, language, told, name, scenario, drawn, twice=True)
                matter += 1
        for _ in range(8):
            name = drawn.choice(list(matters))
            yield from _matter(matter, language, told, name, matters[name], drawn, twice=False)
            matter += 1


def _matter(
    number: int,
    language: str,
    body: Mapping[str, Any],
    name: str,
    scenario: Mapping[str, Any],
    drawn: random.Random,
    *,
    twice: bool,
) -> Iterator[Telling]:
    gaps = {
        "colour": drawn.choice(body["colours"]), "street": drawn.choice(body["streets"]),
        "number": drawn.randint(2, 9), "hour": drawn.choice(HOURS),
    }  # fmt: skip
    lat, lon = _moved(*MIDDLE, drawn, SIDE_M / 2)
    at = BEGAN + timedelta(minutes=drawn.uniform(0, DAYS * 24 * 60))
    texts = list(scenario["texts"])
    drawn.shuffle(texts)
    for index in range(2 if twice else 1):
        # Of two tellers one in four chooses a neighbouring category, one in twelve another one altogether.
        chance = drawn.random() if index else 1.0
        category = (
            "other" if chance < 1 / 12 else scenario["related"] if chance < 1 / 3 else scenario["category"]
        )
        accuracy = drawn.choice((10, 30, 50, 100, 150))
        where = _moved(lat, lon, drawn, min(accuracy, 120))
        yield Telling(
            number, name, drawn.choice(("observation", "concern")), language, category,
            texts[index].format(**gaps), *where, accuracy, at + timedelta(hours=index * drawn.uniform(0, 10)),
        )  # fmt: skip


def _moved(lat: float, lon: float, drawn: random.Random, most: float) -> tuple[float, float]:
    north, east = (drawn.uniform(-most, most) / METRES_A_DEGREE for _ in range(2))
    return lat + north, lon + east / cos(radians(lat))
