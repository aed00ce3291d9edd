"""Packs in which a nation sets one thing otherwise around the chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Pack = dict[str, Any]
Change = Callable[[Pack], None]
SECTIONS = (
    "threshold", "classification", "children", "safeguarding", "emergency", "special_categories", "rights",
    "meetings", "products", "statistics", "oversight", "logs", "languages",
)  # fmt: skip
NOBODY_SAYS = "Nobody has translated this"
WORDS: dict[str, list[Any]] = {
    "guardian_told": [["yes"], ["no"], ["no", "unsafe"]],
    "referred_within": [{"hours": 24}, {"hours": 25}, {"working_days": 1}],
    "without_consent": ["basis", "ground", "never"],
    "justified_within": [{"hours": 72}, {"hours": 73}, {"working_days": 1}],
    "heard_by": ["duty_commander", "tasking_chair", "partner", "intelligence_manager"],
    "answered_within": [{"working_days": 90}, {"working_days": 91}, {"hours": 2161}],
    "approved_by": ["oversight", "dpo"],
    "public_first_answer": [{"working_days": 4}, {"working_days": 6}, {"hours": 120}, {"hours": 121}],
    "public_status_every": [{"working_days": 19}, {"working_days": 21}, {"hours": 481}],
}


def around(pack: Pack) -> Iterator[tuple[str, Change]]:
    if "threshold" not in pack:
        return
    for name in SECTIONS:
        yield f"no {name}", _gone(name)
    yield from _changed(pack)
    yield from _helped(pack)
    yield from _classified(pack)
    yield from _met(pack)
    yield from _mutated_texts(pack)


def _changed(pack: Pack) -> Iterator[tuple[str, Change]]:
    for section in ("children", "safeguarding", "emergency", "rights", "special_categories", "feedback"):
        for key, values in WORDS.items():
            if key in pack[section] or (key, section) == ("referred_within", "children"):
                for value in values:
                    yield f"{section}.{key}: {value}", _put(value, section, key)


def _helped(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index in range(len(pack["safeguarding"].get("grounds", ()))):
        yield f"no ground {index}", _gone("safeguarding", "grounds", index)
    for index, partner in enumerate(pack["safeguarding"]["partners"]):
        yield f"no partner {partner['code']}", _gone("safeguarding", "partners", index)
        for at, name in enumerate(partner["gets"]):
            if len(partner["gets"]) > 1:
                path = ("safeguarding", "partners", index, "gets", at)
                yield f"{partner['code']} does not get {name}", _gone(*path)
    for index, panel in enumerate(pack["safeguarding"].get("panels", ())):
        yield f"no panel {index}", _gone("safeguarding", "panels", index)
        yield "a panel of three", _put(panel["members"][:3], "safeguarding", "panels", index, "members")
        yield "a panel of two", _put(panel["members"][:2], "safeguarding", "panels", index, "members")
        for role in ("oversight", "supervisor"):
            yield f"a panel chaired by {role}", _put(role, "safeguarding", "panels", index, "chair")


def _classified(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, value in enumerate(pack["classification"]["values"]):
        yield f"nothing is {value['code']}", _gone("classification", "values", index)
    for index, ceiling in enumerate(pack["classification"]["ceilings"]):
        yield f"no ceiling over {ceiling['level']}", _gone("classification", "ceilings", index)
        yield "a ceiling over teams", _put("community", "classification", "ceilings", index, "level")


def _met(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index in range(len(pack["meetings"])):
        for role in ("tasking_chair", "analyst", "partner", "dpo"):
            yield f"meeting {index} chaired by {role}", _put(role, "meetings", index, "chair")
            yield f"meeting {index} of {role}", _put([role], "meetings", index, "attended_by")
        for level in ("local", "national", "community", "regional"):
            yield f"meeting {index} at {level}", _put(level, "meetings", index, "level")
        yield f"meeting {index} twice", _twice("meetings", index)
    for index in range(len(pack["products"])):
        for role in ("supervisor", "officer", "intelligence_manager", "tasking_chair"):
            yield f"product {index} by {role}", _put(role, "products", index, "made_by")


def _mutated_texts(pack: Pack) -> Iterator[tuple[str, Change]]:
    for index, outcome in enumerate(pack["feedback"]["outcomes"]):
        path = ("feedback", "outcomes", index)
        yield f"{outcome['code']} without a sentence", _gone(*path, "text")
        yield f"{outcome['code']} says something new", _put(NOBODY_SAYS, *path, "text")
    for section in ("stages", "actions", "forms", "marks", "levels", "retention"):
        for index, one in enumerate(pack[section]):
            yield f"{one['code']} is called something new", _put(NOBODY_SAYS, section, index, "title")
    yield "a language twice", _put(["de", "de"], "languages")
    yield "no language", _put([], "languages")
    new = [{"text": NOBODY_SAYS, **dict.fromkeys(("de", "fr", "lt", "ru"), "x")}]
    yield "a translation of nothing", _put(new, "translations")
    renamed = _put(NOBODY_SAYS, "marks", 0, "title")
    lacking = [{name: text for name, text in new[0].items() if name != "lt"}]
    yield "something new, translated", _both(renamed, _put(new, "translations"))
    yield "something new, not in Lithuanian", _both(renamed, _put(lacking, "translations"))


def _gone(*path: Any) -> Change:
    def change(pack: Pack) -> None:
        thing: Any = pack
        *way, last = path
        for step in way:
            thing = thing[step]
        del thing[last]

    return change


def _put(value: Any, *path: Any) -> Change:
    def change(pack: Pack) -> None:
        thing: Any = pack
        *way, last = path
        for step in way:
            thing = thing[step]
        thing[last] = value

    return change


def _twice(section: str, index: int) -> Change:
    return lambda pack: pack[section].append(dict(pack[section][index]))


def _both(first: Change, second: Change) -> Change:
    def change(pack: Pack) -> None:
        first(pack)
        second(pack)

    return change
