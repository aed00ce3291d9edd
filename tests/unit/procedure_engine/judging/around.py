"""What a nation must set around the chain, and never below what rights ask: read as plain YAML."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

from tests.unit.procedure_engine.judging.parts import POSTS, Pack, levels_of

LOCALES = Path(__file__).parents[4] / "locales"
NEEDED = (
    "threshold", "classification", "children", "safeguarding", "emergency", "special_categories", "rights",
    "meetings", "products", "statistics", "oversight", "logs", "languages",
)  # fmt: skip


@cache
def catalog(language: str) -> frozenset[str]:
    """What the product says in a language."""
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return frozenset(
            str(one.id) for one in read_po(file) if one.string and not one.fuzzy and not one.context
        )


def around(pack: Pack) -> Iterator[str]:
    """Everything that a nation sets and must not."""
    if pack["procedure"]["language_version"] < 3:
        return
    missing = [
        name for name in NEEDED if name not in pack or (pack[name] in ([], None) and name != "languages")
    ]
    if missing:
        yield f"nothing is said of {missing}"
        return
    if any("text" not in outcome for outcome in pack["feedback"]["outcomes"]):
        yield "an outcome without its sentence"
    yield from _classified(pack)
    yield from _helped(pack)
    yield from _in_danger(pack)
    yield from _controlled(pack)
    if any(untranslated(pack)):
        yield "a word that somebody cannot read"


def _classified(pack: Pack) -> Iterator[str]:
    values = [one["code"] for one in pack["classification"]["values"]]
    ceilings = pack["classification"]["ceilings"]
    if len(set(values)) < len(values) or not {one["highest"] for one in ceilings} <= set(values):
        yield "a classification that is not there"
    if not {one["level"] for one in ceilings} <= set(levels_of(pack)):
        yield "a ceiling over nobody"


def _helped(pack: Pack) -> Iterator[str]:
    within = pack["children"].get("referred_within", {"hours": 1})
    if within.get("hours", 99) > 24:
        yield "a child waits for more than a day"
    told = pack["children"]["guardian_told"]
    if "no" in told and "unsafe" not in told:
        yield "a guardian is told whatever comes"
    rules = pack["safeguarding"]
    if bool(rules.get("grounds")) is not (rules["without_consent"] == "ground"):
        yield "grounds without a rule, or a rule without grounds"
    for partner in rules["partners"]:
        if not set(partner["needs"]) <= set(partner["gets"]):
            yield "a partner does not get what it needs"
    known = {partner["code"] for partner in rules["partners"]}
    for panel in rules.get("panels", ()):
        if not set(panel["members"]) <= known or panel["quorum"] > len(set(panel["members"])):
            yield "a panel that cannot meet"
        if not has_post(panel["chair"]):
            yield "a panel without a chair"
    for action in pack["actions"]:
        for form in pack["forms"]:
            if form["code"] != action.get("form"):
                continue
            for field in form["fields"]:
                panels = {panel["code"] for panel in rules.get("panels", ())}
                if field["type"] == "panel" and field["panel"] not in panels:
                    yield "nobody sits there"


def _in_danger(pack: Pack) -> Iterator[str]:
    rules = pack["emergency"]
    if rules["justified_within"].get("hours", 999) > 72:
        yield "nobody remembers what was done"
    if not all(rules["heard_by"] in POSTS[level].split() for level in ("local", "national")):
        yield "nobody hears that no account came"


def _controlled(pack: Pack) -> Iterator[str]:
    answered = pack["rights"]["answered_within"]
    if answered.get("working_days", 0) > 90 or answered.get("hours", 0) > 2160:
        yield "a person waits too long"
    for key, days in (("public_first_answer", 5), ("public_status_every", 20)):
        clock = pack["feedback"][key]
        if clock.get("working_days", 0) > days or clock.get("hours", 0) > 24 * days:
            yield "the public waits longer than it is promised"
    if not has_post(pack["special_categories"]["approved_by"]):
        yield "nobody agrees to it"
    for meeting in pack["meetings"]:
        if meeting["level"] not in levels_of(pack):
            yield "a meeting nowhere"
        if meeting["chair"] not in POSTS[meeting["level"]].split():
            yield "a meeting without a chair"
        if not all(
            role in (POSTS[meeting["level"]] + " " + POSTS["community"]).split()
            for role in meeting["attended_by"]
        ):
            yield "a meeting of nobody"
    for product in pack["products"]:
        if product["made_by"] not in {"analyst", "intelligence_manager"}:
            yield "a product made in the community"
    for name in ("meetings", "products"):
        codes = [one["code"] for one in pack[name]]
        if len(codes) > len(set(codes)):
            yield "two of one name"
    if len(set(pack["languages"])) < len(pack["languages"]):
        yield "a language twice"


def has_post(role: str) -> bool:
    return any(role in posts.split() for posts in POSTS.values())


def untranslated(pack: Pack) -> Iterator[str]:
    own = {one["text"]: one for one in pack.get("translations", ())}
    said = set(_words({name: part for name, part in pack.items() if name != "translations"}))
    for language in pack["languages"]:
        known = catalog(language) if pack["procedure"].get("language", "en") == "en" else ()
        for text in said:
            if not own.get(text, {}).get(language) and text not in known:
                yield f"{language}: {text}"
    yield from set(own) - said


def _words(thing: Any) -> Iterator[str]:
    if isinstance(thing, list):
        for one in thing:
            yield from _words(one)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            if key in {"title", "text"} and isinstance(value, str):
                yield value
            else:
                yield from _words(value)
