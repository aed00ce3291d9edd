"""`step`: one step of a referral, the first assessment: beside a report, and among few and many cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from benchmarks import figures, interleaved_runs
from benchmarks.bench import Bench, Load
from benchmarks.child_process import module
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.interleaved_runs import Variant
from benchmarks.product import ANALYST, API, OFFICER, SECOND_PERSON, Product, installed
from benchmarks.requests import report, request
from benchmarks.scenarios import create
from benchmarks.servers import Dialect
from community_api.clients.demo_tour import forms, words
from community_api.core.clock import Clock

STEP, CREATE = "step", "create"
ACTION, STATE = "assess", "to_assess"
# Every step needs a referral of its own, for which three requests prepare.
ASSUMED_RATE = 120.0
# A step writes more rows than a report, and is decided by all that happened before.
REQUIRED = Requirement(at_least=0.6)
# However many cases there are, a step looks at one of them.
AMONG_MANY = Requirement(at_most=1.2)
# A referral that nobody has touched yet; only the version of a tag counts.
FIRST_VERSION = '"1.0"'


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """Steps and reports in turns, on the same server."""
    product = installed(bench, dialect)
    product.serve()
    variants = [_stepping(bench, product, STEP), create.creating(bench, product, CREATE)]
    # Preparing takes several times as long as measuring, so half the time is measured.
    series = interleaved_runs.compare(
        variants, turns=bench.plan.turns, seconds=bench.plan.seconds / 2, tell=bench.tell
    )
    section = figures.section("step", dialect, series)
    if not section.failures:
        section.figures = [
            Figure("step by create", series.ratio(STEP, CREATE, figures.rate), "x", REQUIRED),
            Figure(
                "CPU of server and database by that of create",
                series.ratio(STEP, CREATE, figures.cost),
                "x",
            ),
        ]
    return [section]


def measure_among_cases(bench: Bench, dialect: Dialect) -> list[Section]:
    """Steps in turns on two servers, one with few cases and one with many."""
    few, many = (f"among {number:,} cases" for number in (bench.plan.small, bench.plan.large))
    variants = [
        _stepping(bench, _with_cases(bench, dialect, bench.plan.small), few),
        _stepping(bench, _with_cases(bench, dialect, bench.plan.large), many),
    ]
    series = interleaved_runs.compare(
        variants, turns=bench.plan.turns, seconds=bench.plan.seconds / 2, tell=bench.tell
    )
    section = figures.section("step among cases", dialect, series)
    if not section.failures:
        section.figures = [
            Figure(
                f"CPU of a step {many} by one {few}", series.ratio(many, few, figures.cost), "x", AMONG_MANY
            ),
            Figure(f"steps {many} by those {few}", series.ratio(many, few, figures.rate), "x"),
        ]
    return [section]


def _with_cases(bench: Bench, dialect: Dialect, number: int) -> Product:
    """An installation with so many cases that wait for their grade, all like the first of them."""
    bench.tell(f"    filling {number:,} cases")
    product = installed(bench, dialect)
    product.serve()
    open_referrals(bench, product, 1)
    (first,) = _waiting(product)
    bench.send(product.serving, [_step(product, first, _fields(product, first))])
    product.run(*module("benchmarks.cases", "--like", first, "--number", str(number - 1)))
    return product


def _stepping(bench: Bench, product: Product, name: str) -> Variant:
    def requests(number: int) -> Sequence[bytes]:
        open_referrals(bench, product, number)
        waiting = list(_waiting(product))
        fields = _fields(product, waiting[0])
        return [_step(product, referral_id, fields) for referral_id in waiting]

    load = Load(product.serving, requests, rate=ASSUMED_RATE)
    counts = {"intel_referral_step": product.count("intel_referral_step")}
    return bench.load(name, load, counts, product.place.dialect)


def _step(product: Product, referral_id: str, fields: dict[str, Any]) -> bytes:
    body = {"id": str(uuid4()), "action": ACTION, "fields": fields}
    path = f"{API}/referrals/{referral_id}/steps"
    return request("POST", path, token=product.token(ANALYST), body=body, headers={"If-Match": FIRST_VERSION})


def open_referrals(bench: Bench, product: Product, number: int) -> None:
    """Reports, flags on them, and their confirmation by a second person."""
    told = [_report() for _ in range(number)]
    flags = [_flag(product) for _ in told]
    officer, second = product.token(OFFICER), product.token(SECOND_PERSON)
    bench.send(
        product.serving,
        [request("POST", f"{API}/observations", token=officer, body=one) for one in told],
    )
    bench.send(
        product.serving,
        [
            request("POST", f"{API}/observations/{one['id']}/flags", token=officer, body=flag)
            for one, flag in zip(told, flags, strict=True)
        ],
    )
    bench.send(
        product.serving,
        [request("POST", f"{API}/flags/{flag['id']}/decision", token=second, body=_yes()) for flag in flags],
    )


def _report() -> dict[str, Any]:
    """A report of this hour: the indicator list that is in force has to have been so when it happened."""
    return {**report(), "occurred_at": (Clock().now() - timedelta(minutes=30)).isoformat()}


def _flag(product: Product) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": "verlt",
        "indicator_list_version": product.indicator_list_version,
        "grounds": [{"indicator": code, "fact": fact} for code, fact in words.GROUNDS.items()],
        **words.FLAG,
    }


def _yes() -> dict[str, Any]:
    return {"id": str(uuid4()), **words.CONFIRMATION}


def _waiting(product: Product) -> Iterator[str]:
    """All referrals of the local unit that nobody has assessed."""
    path: str = f"/referrals?state={STATE}&limit=200"
    cursor = ""
    while True:
        page = product.ask("GET", path + cursor, username=ANALYST)
        yield from (item["id"] for item in page["items"])
        if page["next_cursor"] is None:
            return
        cursor = f"&cursor={page['next_cursor']}"


def _fields(product: Product, referral_id: str) -> dict[str, Any]:
    """What the form of the first assessment asks for, filled in as in the walk."""
    offered = product.ask("GET", f"/referrals/{referral_id}/actions", username=ANALYST)["items"]
    action = next(one for one in offered if one["action"] == ACTION)
    return forms.fill(action, {**words.ANSWERS[ACTION], "factors": forms.factors})
