"""`python -m benchmarks`: measure, print a table with verdicts, keep everything as JSON.

Ends with 1 when a run failed or a required figure is missed.
"""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import bench, report, synchronisation
from benchmarks.bench import Bench, Plan
from benchmarks.child_process import ROOT, HandError
from benchmarks.figures import Section
from benchmarks.postgres import NoPostgres
from benchmarks.scenarios import create, desk, footprint, lists, pack_check, places, start, step, timing_leak
from benchmarks.servers import Dialect
from community_api.core.clock import Clock

Scenario = Callable[[Bench, Dialect], list[Section]]
SCENARIOS: dict[str, Scenario] = {
    "create": create.measure,
    "places": places.measure,
    "list": lists.measure,
    "desk": desk.measure,
    "step": step.measure,
    "cases": step.measure_among_cases,
    "check": pack_check.measure,
    "probing": timing_leak.measure,
    "start": start.measure,
    "memory": footprint.measure,
}
DATABASES: dict[str, tuple[Dialect, ...]] = {
    "both": ("postgresql", "sqlite"),
    "postgresql": ("postgresql",),
    "sqlite": ("sqlite",),
}


def main(arguments: Sequence[str]) -> int:
    plan, file = _plan(arguments)
    try:
        sections, about = _measure(plan)
    except (NoPostgres, HandError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    passed, last = report.verdict(sections, judged=plan.judged)
    print(f"\n{report.text(sections, judged=plan.judged)}\n\n{last}")
    report.save(file, about, sections)
    print(f"every turn: {file}")
    return 0 if passed else 1


def _measure(plan: Plan) -> tuple[list[Section], dict[str, object]]:
    sections: list[Section] = []
    with bench.opened(plan, lambda line: print(line, flush=True)) as opened:
        for dialect in plan.databases:
            with opened.scenario():
                sections += synchronisation.measure(opened, dialect)
            for name in plan.only:
                opened.tell(f"{name} · {dialect}")
                with opened.scenario():
                    sections += SCENARIOS[name](opened, dialect)
        about: dict[str, object] = {
            "plan": asdict(plan),
            "postgresql": opened.settings(),
            "python": platform.python_version(),
        }
    return sections, about


def _plan(arguments: Sequence[str]) -> tuple[Plan, Path]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="one short turn of everything: does it run at all")
    size.add_argument("--long", action="store_true", help="list over a million observations, more turns")
    parser.add_argument("--only", default=",".join(SCENARIOS), help="comma-separated: %(default)s")
    parser.add_argument("--database", choices=DATABASES, default="both")
    parser.add_argument("--connections", type=int, default=16, help="requests under way at once")
    parser.add_argument("--processes", type=int, help="of every server on PostgreSQL (as the product)")
    parser.add_argument("--turns", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--json", type=Path, help="where every turn is kept (var/bench-<time>.json)")
    told = parser.parse_args(arguments)
    only = tuple(told.only.split(","))
    if unknown := [name for name in only if name not in SCENARIOS]:
        parser.error(f"--only knows {', '.join(SCENARIOS)}; not {', '.join(unknown)}")
    turns, seconds = (1, 0.4) if told.quick else (9, 4.0) if told.long else (6, 3.0)
    plan = Plan(
        databases=DATABASES[told.database],
        only=only,
        turns=told.turns or turns,
        seconds=told.seconds or seconds,
        connections=told.connections,
        processes=told.processes,
        small=100 if told.quick else 1_000,
        large=1_000 if told.quick else 1_000_000 if told.long else 100_000,
        starts=1 if told.quick else 5,
        judged=not told.quick,
    )
    return plan, told.json or ROOT / "var" / f"bench-{Clock().now():%Y%m%dT%H%M%SZ}.json"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
