"""What a pack says, read as plain YAML: nothing here comes from the product."""

from __future__ import annotations

from typing import Any

LEVELS = ["community", "local", "regional", "national", "external"]
POSTS = {
    "community": "officer supervisor",
    "local": "safeguarding_lead duty_commander analyst intelligence_manager source_registrar tasking_chair",
    "regional": "analyst intelligence_manager",
    "national": "supervisor duty_commander analyst intelligence_manager tasking_chair records_manager dpo "
    "trainer administrator",
    "external": "",
}
BEFORE_CASE = {"report.author", "report.supplement", "flag.raise", "flag.cosign", "flag.confirm"}

Pack = dict[str, Any]


def fields_of(pack: Pack, action: Pack) -> list[Pack]:
    return next((form["fields"] for form in pack["forms"] if form["code"] == action.get("form")), [])


def ended(pack: Pack) -> set[str]:
    return {stage["code"] for stage in pack["stages"] if stage["phase"] == "ended"}


def levels_of(pack: Pack) -> list[str]:
    return [level["code"] for level in pack["levels"]]


def targets(pack: Pack, action: Pack, level: str) -> set[str]:
    """The levels to which an action's form lets a unit of a level send."""
    found = set()
    for field in fields_of(pack, action):
        if field["type"] == "units":
            for edge in pack["edges"]:
                if edge["from"] == level and edge["to"] in field.get("levels", LEVELS):
                    found.add(edge["to"])
    return found


def graded(pack: Pack, action: Pack) -> set[str]:
    """The sides of a report that an action obliges to grade."""
    return {
        field["axis"]
        for field in fields_of(pack, action)
        if field["type"] == "grade" and field.get("required", True)
    } & {"source", "information"}
