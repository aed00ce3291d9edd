"""How believable offered duplicates are: on made-up paraphrases, and on published rows where given.

    .venv/bin/python -m benchmarks.likely_duplicates [--data FOLDER] [--part tuned|held_out|both]

The rubric, written before the weights had their last values: an offer is plausible when a supervisor who
knows both reports would look at them together. For paraphrases: the same matter; or the same or a declared
related category within 150 m and a day. For Boston: the same kind of request (`type`), or one heading and
one street in common, within 200 m and two days.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from benchmarks.paraphrases import tellings
from community_api.clients.importer.language import read_map
from community_api.community.triage import rules
from community_api.community.triage.rules import ComparedReport, LikelyDuplicate
from community_api.community.triage.weights import Weights, weights
from community_api.community.triage.words import Rarity, Stemming, TextWords, similarity

ROOT = Path(__file__).resolve().parents[1]
BOSTON = ("concerns_boston_311_2011q3.csv", "examples/feed/boston-311-notes.yaml", "concern")
LONDON = (
    "observations_stop_search_london_2024-09_2024-12.csv",
    "examples/maps/london-stop-search.yaml",
    "observation",
)
ZURICH = ("concerns_zurich_2016-2021_de.csv", "examples/maps/zurich-zueriwieneu.yaml", "concern")


@dataclass(frozen=True)
class Source:
    """A report with what the desk would compare, and the row it came from."""

    report: ComparedReport
    words: TextWords
    row: dict[str, str]


@dataclass(frozen=True)
class Offer:
    """One offer: for which report, at which rank (from 1)."""

    to: Source
    other: Source
    rank: int
    likely: LikelyDuplicate


def offers(sources: Sequence[Source], declared: Weights) -> list[Offer]:
    """What the desk offers to each report, as the queue does it: nearest first, then compared."""
    by_day: dict[date, list[Source]] = defaultdict(list)
    by_id = {source.report.id: source for source in sources}
    for source in sources:
        by_day[source.report.day].append(source)
    return [offer for source in sources for offer in _offers(source, by_day, by_id, declared)]


def _offers(
    source: Source, by_day: dict[date, list[Source]], by_id: dict[UUID, Source], declared: Weights
) -> Iterable[Offer]:
    around = range(-declared.days_around, declared.days_around + 1)
    days = [one for away in around for one in by_day.get(source.report.day + timedelta(days=away), [])]
    near = rules.nearest(source.report, [one.report for one in days])[: declared.nearest]
    found = rules.candidates(source.report, near, declared)
    compared = {one.other.id: by_id[one.other.id].words for one in found}
    compared |= {one.id: by_id[one.id].words for one in (source.report, *near[: declared.background])}
    rarity = Rarity(list(compared.values()))

    def alike(other: UUID) -> float:
        return similarity(source.words, by_id[other].words, rarity, declared.words)

    judged = rules.likely(found, alike, declared)
    return [Offer(source, by_id[one.other.id], rank, one) for rank, one in enumerate(judged, start=1)]


def paraphrases(part: str, declared: Weights) -> dict[str, float]:
    """Of matters told twice, how many find the other among the first five; how plausible first offers are."""
    stemming, sources = Stemming(), []
    for index, one in enumerate(tellings(part)):
        report = ComparedReport(
            one.kind, UUID(int=index + 1), one.category, one.at.date(), None if one.by_day else one.at,
            one.lat, one.lon, one.accuracy_m,
        )  # fmt: skip
        row = {"matter": str(one.matter), "text": one.text, "category": one.category}
        sources.append(Source(report, stemming.words(one.text, one.language), row))
    found = offers(sources, declared)
    twice = {matter for matter, times in Counter(s.row["matter"] for s in sources).items() if times == 2}
    hits = {offer.to.report.id for offer in found if offer.to.row["matter"] == offer.other.row["matter"]}
    planted = [s.report.id for s in sources if s.row["matter"] in twice]
    first = [offer for offer in found if offer.rank == 1]
    plausible = [offer for offer in first if _plausible_telling(offer, declared)]
    return {
        "reports": len(sources),
        "planted": len(planted),
        "found among the first five": sum(one in hits for one in planted) / len(planted),
        "offers": len(found),
        "first offers": len(first),
        "plausible first offers": len(plausible) / max(1, len(first)),
    }


def _plausible_telling(offer: Offer, declared: Weights) -> bool:
    a, b = offer.to, offer.other
    if a.row["matter"] == b.row["matter"]:
        return True
    related = a.report.category == b.report.category or declared.are_related(
        a.report.category, b.report.category
    )
    return related and offer.likely.distance_m <= 150 and abs((a.report.day - b.report.day).days) <= 1


def published(
    folder: Path, source: tuple[str, str, str], keep: Callable[[dict[str, str]], bool]
) -> list[Source]:
    """The rows of a published file as the desk would have them."""
    name, map_file, kind = source
    feed_map, stemming, found = read_map(ROOT / map_file), Stemming(), []
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for index, row in enumerate(csv.DictReader(file)):
            if not keep(row):
                continue
            body = feed_map.body(row)
            at = datetime.fromisoformat(body["occurred_at"]) if "occurred_at" in body else None
            place = body.get("place", {})
            report = ComparedReport(
                kind, UUID(int=index + 1), body["category"],
                at.date() if at else date.fromisoformat(body["occurred_on"]), at,
                place.get("lat"), place.get("lon"), place.get("accuracy_m"),
            )  # fmt: skip
            words = body.get("facts") or body["text"]
            found.append(Source(report, stemming.words(words, body.get("language")), row))
    return found


def _plausible_request(offer: Offer) -> bool:
    a, b = offer.to.row, offer.other.row
    days = abs((offer.to.report.day - offer.other.report.day).days)
    street = {a["location_street_name"]} & {b["location_street_name"]} - {""}
    same = a["type"] == b["type"] or (a["reason"] == b["reason"] and bool(street))
    return same and offer.likely.distance_m <= 200 and days <= 2


def spread(sources: Sequence[Source], results: Sequence[Offer], declared: Weights) -> dict[str, float]:
    """How far apart offers lie, and how many pair with a report without a place."""
    placeless = [one for one in results if one.other.report.lat is None or one.to.report.lat is None]
    beyond = [one for one in results if one.likely.distance_m > declared.place.reach_m]
    near = [one for one in results if one.likely.distance_m <= 150]
    same = [one for one in near if one.to.report.category == one.other.report.category]
    return {
        "reports": len(sources),
        "without a place": sum(one.report.lat is None for one in sources),
        "offers": len(results),
        "with a missing place": len(placeless),
        "beyond the reach": len(beyond),
        "within 150 m": len(near) / max(1, len(results)),
        "same category within 150 m": len(same) / max(1, len(results)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="How believable the offered duplicates are.")
    parser.add_argument("--data", type=Path, help="folder with the published files")
    parser.add_argument("--part", choices=("tuned", "held_out", "both"), default="both")
    parser.add_argument(
        "--show", type=int, default=0, help="print so many first offers to be judged by a person"
    )
    chosen = parser.parse_args()
    declared = weights()
    for part in ("tuned", "held_out") if chosen.part == "both" else (chosen.part,):
        _print(f"paraphrases, {part}", paraphrases(part, declared))
    if chosen.data:
        _published(chosen.data, declared, chosen.show)


def _published(folder: Path, declared: Weights, show: int) -> None:
    noted = published(folder, BOSTON, lambda row: len(row["closure_reason"].split()) > 5)
    found = offers(noted, declared)
    first = [one for one in found if one.rank == 1]
    figures = spread(noted, found, declared)
    figures["plausible first offers"] = sum(map(_plausible_request, first)) / max(1, len(first))
    _print("Boston, rows with a note", figures)
    for one in first[:: max(1, len(first) // show)][:show] if show else ():
        _print_offer(one)
    for name, source in (("London", LONDON), ("Zürich", ZURICH)):
        sources = published(folder, source, lambda _: True)
        _print(name, spread(sources, offers(sources, declared), declared))


def _print_offer(item: Offer) -> None:
    print(f"  {item.likely.score} {[(r.sign.value, round(r.points), r.amount) for r in item.likely.reasons]}")
    for row in (item.to.row, item.other.row):
        print("     ", row["case_title"], "|", row["location_street_name"], "|", row["closure_reason"][:150])


def _print(title: str, figures: dict[str, float]) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name}: {value if isinstance(value, int) else f'{value:.3f}'}")


if __name__ == "__main__":
    main()
