"""Forms that the server describes by JSON Schema, filled in from prepared answers.

The client knows no procedure: which actions there are, what they ask and which choices are open to this
person now, all comes from ``GET /referrals/{id}/actions``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from community_api.clients.demo_tour.stage import fail

# The factors of the framework that the prepared assessment speaks about.
SEEN, UNKNOWN = "harmful_objectives", "group_influence"
# An answer, or how to answer when the form's own choices are seen.
Prepared = Any | Callable[[Mapping[str, Any]], Any]


def offered(schema: Mapping[str, Any]) -> list[Any]:
    """The choices of a field, in the form's order; empty when it is free."""
    return list(dict.fromkeys(_constants(schema)))


def _constants(schema: Mapping[str, Any]) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
    yield from schema.get("enum", ())
    for key in ("oneOf", "anyOf"):
        for part in schema.get(key, ()):
            yield from _constants(part)


def fill(action: Mapping[str, Any], prepared: Mapping[str, Prepared]) -> dict[str, Any]:
    """The fields of a step: every prepared answer that the form asks for.

    A required field without an answer, or an answer that is not among the choices, ends the walk.
    """
    form = action["fields"]
    asked: Mapping[str, Any] = form.get("properties", {})
    filled = {name: _answer(prepared[name], schema) for name, schema in asked.items() if name in prepared}
    missing = [name for name in form.get("required", ()) if name not in filled]
    if missing:
        fail(
            f"The form of {action['action']!r} asks for {', '.join(missing)}, which no prepared answer meets."
        )
    for name, answer in filled.items():
        choices = offered(asked[name])
        if choices and answer not in choices:
            fail(f"The form of {action['action']!r} should offer {answer!r} as {name}; it offers {choices}.")
    return filled


def _answer(prepared: Prepared, schema: Mapping[str, Any]) -> Any:
    return prepared(schema) if callable(prepared) else prepared


def factors(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One factor with its evidence, and one that is honestly not known."""
    codes = offered(schema.get("items", {}).get("properties", {}).get("code", {}))
    missing = {SEEN, UNKNOWN}.difference(codes)
    if missing:
        fail(f"The form of the assessment should offer the factors {', '.join(sorted(missing))}.")
    return [
        {"code": SEEN, "evidence": "The words at the loading, as the officer and a neighbour heard them."},
        {"code": UNKNOWN, "not_known": True},
    ]
