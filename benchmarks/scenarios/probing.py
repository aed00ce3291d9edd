"""`probing`: what is no code of a concern is refused in the same time, whatever it is (promises, P23).

For each kind of wrong code the share of pairs in which it took longer than a code that was never used, halves
of ties counted: 0.5 tells nothing, 1 everything.
"""

from __future__ import annotations

import bisect
import contextlib
import http.client
import json
import random
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psycopg

from benchmarks.bench import Bench
from benchmarks.figures import Figure, Requirement, Section
from benchmarks.hands import HandError
from benchmarks.product import API, Product, installed
from benchmarks.servers import Dialect

NEVER_USED = "never used"
# Of each kind; all together stay below what everybody may ask in a minute.
PROBES = 1_250
WARMING_UP = 50
# Both ways from a half.
TELLING = 0.05
ALIKE = Requirement(at_most=TELLING)
TOLD = {"category": "traffic", "text": "Loud motorbikes.", "area": "lin-a"}


@dataclass(frozen=True)
class _Kind:
    name: str
    code: Callable[[], str]


def measure(bench: Bench, dialect: Dialect) -> list[Section]:
    """One connection, the kinds of code interleaved in an order of chance."""
    product = installed(bench, dialect)
    product.serve()
    took = _probe(product, _kinds(product), PROBES if bench.plan.judged else WARMING_UP)
    usual = took[NEVER_USED]
    rows, figures = [], []
    for name, seconds in took.items():
        longer = share_longer(seconds, usual)
        median = sorted(seconds)[len(seconds) // 2] * 1000
        rows.append([name, f"{len(seconds)}", f"{median:.2f}", f"{longer:.3f}"])
        if name != NEVER_USED:
            figures.append(
                Figure(f"{name}: share of longer pairs, from a half", abs(longer - 0.5), "", ALIKE)
            )
    section = Section("probing", dialect, ["", "probes", "median ms", "longer"], rows, data={"seconds": took})
    section.figures = figures
    return [section]


def share_longer(these: Sequence[float], those: Sequence[float]) -> float:
    """The share of pairs in which one of ``these`` is longer than one of ``those``; ties count half."""
    ordered = sorted(those)
    found = 0.0
    for one in these:
        below = bisect.bisect_left(ordered, one)
        found += below + (bisect.bisect_right(ordered, one) - below) / 2
    return found / (len(these) * len(those))


def _kinds(product: Product) -> list[_Kind]:
    unused = [_receipt(product) for _ in range(20)]
    erased = [_receipt(product) for _ in range(20)]
    for code in erased:
        product.ask("POST", "/public/concerns", body={"code": code, **TOLD})
    _erase_concerns(product)
    return [
        _Kind(NEVER_USED, lambda: random.choice(unused)),
        _Kind("mistyped", lambda: _mistyped(random.choice(unused))),
        _Kind("made up", lambda: "".join(random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=32))),
        _Kind("erased", lambda: random.choice(erased)),
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


def _probe(product: Product, kinds: Sequence[_Kind], number: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {kind.name: [] for kind in kinds}
    order = [kind for kind in kinds for _ in range(number)]
    random.shuffle(order)
    line = http.client.HTTPConnection("127.0.0.1", product.port, timeout=30)
    try:
        for kind in [*random.choices(kinds, k=WARMING_UP), *order]:
            body = json.dumps({"code": kind.code()})
            began = time.perf_counter()
            line.request("POST", f"{API}/public/follow-ups", body, {"Content-Type": "application/json"})
            answer = line.getresponse()
            answer.read()
            took[kind.name].append(time.perf_counter() - began)
            if answer.status != 404:
                raise HandError(f"a code that is {kind.name} was answered with {answer.status}")
    finally:
        line.close()
    return took
