"""The languages of a pack: its own, those that it promises, and its translations into them."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from community_api.core.i18n.translations import N_
from community_api.procedure_engine.language.readers import (
    FindingCollector,
    Key,
    Path,
    Reader,
    Skip,
    pairs_of,
    shape_of,
    shaped,
    spelled,
    words,
)
from community_api.procedure_engine.language.unknown_names import lacking
from community_api.procedure_engine.language.yaml_nodes import place_of
from community_api.procedure_engine.pack.pack_national import Translation

LANGUAGE_CODE: Final = re.compile(r"[a-z]{2,3}")
_EXAMPLE: Final = N_("`fr` or `pl` (the code of a language, two or three letters)")
LANGUAGE: Final[Reader] = spelled(LANGUAGE_CODE, _EXAMPLE)

# For the handbook: a translation has the key `text` and one key for each language.
TRANSLATION: Final = (
    Key("text", words, "a title or text of this pack, in its own language"),
    Key("fr", words, "the same in French; any code of a language is a key", default=None),
)


def _translation(notebook: FindingCollector, node: yaml.Node, path: Path) -> Translation:
    pairs = pairs_of(notebook, node, path)
    values = {}
    for name, value in pairs.items():
        at = (*path, name)
        try:
            if name != "text":
                LANGUAGE(notebook, yaml.ScalarNode("tag:yaml.org,2002:str", name, value.start_mark), at)
            values[name] = words(notebook, value, at)
        except Skip:
            continue
    if "text" not in pairs:
        notebook.note(place_of(node), lacking("text"))
    if len(values) < len(pairs) or "text" not in values:
        raise Skip
    text = values.pop("text")
    return Translation(text, tuple(values.items()))


def _shape() -> dict[str, Any]:
    text, other = (shape_of(key.read) | {"description": key.says} for key in TRANSLATION)
    return {
        "type": "object",
        "properties": {"text": text},
        "patternProperties": {"^(?!text$)[a-z]{2,3}$": other},
        "required": ["text"],
        "additionalProperties": False,
    }


translation: Final[Reader] = shaped(_translation, _shape)
