"""Forms filled in well, by what the pack says of each field; `pick` chooses where there is a choice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

Pick = Callable[[list[Any]], Any]


def choosing(chance: Random) -> Pick:
    """What leads on stands first in most lists, and is chosen more often than the rest."""
    return lambda options: options[0] if chance.random() < 0.4 else chance.choice(options)


def fill(
    pack: dict[str, Any],
    fields: list[dict[str, Any]],
    pick: Pick,
    units: list[str],
    ids: list[str],
    at: datetime,
) -> dict[str, Any]:
    """A form with everything that is obligatory; `units` and `ids` are what may be named in it."""
    said: dict[str, Any] = {}
    for one in fields:
        told = one.get("required_when")
        needed = one.get("required", True) and (told is None or said.get(told["field"]) in told["is"])
        if needed:
            said[one["code"]] = _value(pack, one, fields, pick, units, ids, at)
    return said


def _value(
    pack: dict[str, Any],
    item: dict[str, Any],
    fields: list[dict[str, Any]],
    pick: Pick,
    units: list[str],
    ids: list[str],
    at: datetime,
) -> Any:
    kind = item["type"]
    if kind == "text":
        return "x" * max(item.get("min_length", 1), 3)
    if kind == "boolean":
        return pick([True, False])
    if kind == "integer":
        return item["least"]
    if kind == "date":
        return (at + timedelta(days=30)).date().isoformat()
    if kind == "choice":
        return pick([choice["code"] for choice in item["choices"]])
    if kind == "choices":
        return [choice["code"] for choice in item["choices"][: max(item.get("least", 1), 1)]]
    if kind == "units":
        return [pick(units)]
    if kind == "uuid":
        return pick(ids)
    if kind == "feedback_outcome":
        return pick([outcome["code"] for outcome in pack["feedback"]["outcomes"]])
    if kind == "scheme":
        return item["schemes"][0]
    if kind == "grade":
        scheme = item.get("scheme") or next(
            f["schemes"][0] for f in fields if f["code"] == item["scheme_from"]
        )
        axes = next(s["axes"] for s in pack["schemes"] if s["code"] == scheme)
        return pick([value["code"] for value in next(a for a in axes if a["code"] == item["axis"])["values"]])
    if kind == "classification":
        return pack["classification"]["values"][0]["code"]
    if kind == "panel":
        panel = next(p for p in pack["safeguarding"]["panels"] if p["code"] == item["panel"])
        return panel["members"][: panel["quorum"]]
    if kind == "factor":
        return next(f for f in pack["frameworks"] if f["code"] == item["framework"])["factors"][0]["code"]
    if kind == "records":
        record = fill(pack, item["fields"], pick, units, ids, at)
        alternatives = item.get("exactly_one_of", ())
        for inner in item["fields"]:
            if alternatives and inner["code"] == alternatives[0]:
                record[inner["code"]] = _value(pack, inner, item["fields"], pick, units, ids, at)
        return [record]
    raise AssertionError(f"no value for a field of type {kind}")
