"""`probing`: how long a refusal takes says nothing of what was found (promises, P8 and P23).

What is no code of a concern is refused in the same time, whatever it is; and a record of others in the time
of one that was never made. For each kind the share of pairs in which it took longer than what was never
there, halves of ties counted: 0.5 tells nothing, 1 everything.
"""

from __future__ import annotations

import bisect
import contextlib
import http.client
import json
import random
import sqlite3
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from benchmarks.bench import Bench
from benchmarks.child_process import HandError
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.product import ANALYST, API, OFFICER, Product, installed
from benchmarks.scenarios import step
from benchmarks.servers import Dialect

NEVER_USED = "never used"
# Of each kind; all together stay below what everybody may ask in a minute.
PROBES = 1_250
# Each of these waits for its beat.
PROBES_OF_RECORDS = 600
WARMING_UP = 50
RECORDS = 20
# Who may see none of what lin-a made.
OTHER_SUPERVISOR, OTHER_ANALYST = "supervisor.hav-a", "analyst1.hav"
# Both ways from a half.
TELLING = 0.05
ALIKE = Requirement(at_most=TELLING)
TOLD = {"category": "traffic", "text": "Loud motorbikes.", "area": "lin-a"}


@dataclass(frozen=True)
class _Probe:
    """One request; ``body`` None: it has none."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Kind:
    """Something that is refused; ``like`` names the kind from which nobody may tell it."""

    name: str
    like: str
    probe: Callable[[], _Probe]


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """One connection, the kinds interleaved in an order of chance."""
    product = installed(bench, dialect)
    product.serve()
    judged = bench.plan.judged
    codes = _probe(product, _codes(product), PROBES if judged else WARMING_UP)
    records = _probe(product, _records(bench, product), PROBES_OF_RECORDS if judged else WARMING_UP)
    return [_section("probing codes", dialect, codes), _section("probing records", dialect, records)]


def _section(title: str, dialect: Dialect, took: Mapping[_Kind, list[float]]) -> Section:
    by_name = {kind.name: seconds for kind, seconds in took.items()}
    rows, figures = [], []
    for kind, seconds in took.items():
        longer = share_longer(seconds, by_name[kind.like])
        median = sorted(seconds)[len(seconds) // 2] * 1000
        rows.append([kind.name, f"{len(seconds)}", f"{median:.2f}", f"{longer:.3f}"])
        if kind.name != kind.like:
            told = f"{kind.name}: share of longer pairs, from a half"
            figures.append(Figure(told, abs(longer - 0.5), "", ALIKE))
    header = ["", "probes", "median ms", "longer"]
    return Section(title, dialect, header, rows, figures, data={"seconds": by_name})


def share_longer(these: Sequence[float], those: Sequence[float]) -> float:
    """The share of pairs in which one of ``these`` is longer than one of ``those``; ties count half."""
    ordered = sorted(those)
    found = 0.0
    for one in these:
        below = bisect.bisect_left(ordered, one)
        found += below + (bisect.bisect_right(ordered, one) - below) / 2
    return found / (len(these) * len(those))


def _codes(product: Product) -> list[_Kind]:
    unused = [_receipt(product) for _ in range(20)]
    erased = [_receipt(product) for _ in range(20)]
    for code in erased:
        product.ask("POST", "/public/concerns", body={"code": code, **TOLD})
    _erase_concerns(product)
    codes: dict[str, Callable[[], str]] = {
        NEVER_USED: lambda: random.choice(unused),
        "mistyped": lambda: _mistyped(random.choice(unused)),
        "made up": lambda: "".join(random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=32)),
        "erased": lambda: random.choice(erased),
    }
    return [_Kind(name, NEVER_USED, _asking(code)) for name, code in codes.items()]


def _asking(code: Callable[[], str]) -> Callable[[], _Probe]:
    return lambda: _Probe("POST", "/public/follow-ups", {"code": code()})


def _records(bench: Bench, product: Product) -> list[_Kind]:
    """Flags and cases of a local unit, read from another one, beside some that were never made."""
    step.open_referrals(bench, product, RECORDS)
    flags = [one["id"] for one in product.ask("GET", "/flags", username=OFFICER)["items"]]
    cases = [one["id"] for one in product.ask("GET", "/referrals", username=ANALYST)["items"]]
    return [
        *_beside_nothing(product, "flag", "/flags", flags, OTHER_SUPERVISOR, "supervision"),
        *_beside_nothing(product, "case", "/referrals", cases, OTHER_ANALYST, "assessment"),
    ]


def _beside_nothing(
    product: Product, what: str, path: str, ids: Sequence[str], username: str, purpose: str
) -> list[_Kind]:
    def reading(chosen: Callable[[], str]) -> Callable[[], _Probe]:
        def probe() -> _Probe:
            headers = {"Authorization": f"Bearer {product.token(username)}", "X-Purpose": purpose}
            return _Probe("GET", f"{path}/{chosen()}", headers=headers)

        return probe

    nothing = f"{what} never made"
    return [
        _Kind(nothing, nothing, reading(lambda: str(uuid.uuid4()))),
        _Kind(f"{what} of others", nothing, reading(lambda: random.choice(ids))),
    ]


def _receipt(product: Product) -> str:
    return str(product.ask("POST", "/public/receipts", body={})["code"])


def _mistyped(code: str) -> str:
    place = random.randrange(26)
    return code[:place] + ("0" if code[place] != "0" else "1") + code[place + 1 :]


def _erase_concerns(product: Product) -> None:
    """As an erasure run leaves them: the row with its lookup, no content."""
    statement = "UPDATE community_concern SET sealed = NULL, category = NULL, erased_at = received_at"
    if product.place.dialect == "sqlite":
        with contextlib.closing(sqlite3.connect(product.place.target, timeout=30)) as connection:
            connection.execute(statement)
            connection.commit()
        return
    with psycopg.connect(product.place.target) as connection:
        connection.execute(statement.encode())


def _probe(product: Product, kinds: Sequence[_Kind], number: int) -> dict[_Kind, list[float]]:
    took: dict[_Kind, list[float]] = {kind: [] for kind in kinds}
    order = [kind for kind in kinds for _ in range(number)]
    random.shuffle(order)
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
    try:
        for kind in [*random.choices(kinds, k=WARMING_UP), *order]:
            probe = kind.probe()
            body = None if probe.body is None else json.dumps(probe.body)
            headers = {**probe.headers, **({"Content-Type": "application/json"} if body else {})}
            began = time.perf_counter()
            line.request(probe.method, API + probe.path, body, headers)
            answer = line.getresponse()
            answer.read()
            took[kind].append(time.perf_counter() - began)
            if answer.status != 404:
                raise HandError(f"{kind.name}: answered with {answer.status}")
    finally:
        line.close()
    return took
