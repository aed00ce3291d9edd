"""Whether every word of a pack is said in every language that it promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import yaml

from community_api.core.i18n.translations import N_, SOURCE_LANGUAGE, Sentence
from community_api.procedure_engine.language.readers import FindingCollector
from community_api.procedure_engine.language.unknown_names import shown_text
from community_api.procedure_engine.language.yaml_nodes import place_of
from community_api.procedure_engine.pack.definition import Pack

# Whether the product's catalogs say a text in a language.
Says: TypeAlias = Callable[[str, str], bool]

_WORD_KEYS: Final = frozenset({"title", "text"})


def note_untranslated(pack: Pack, root: yaml.Node, notebook: FindingCollector, says: Says) -> None:
    """Write down every word that lacks a language, and every translation of what the pack does not say."""
    own = {one.text: one for one in pack.translations}
    said = set()
    for node in _words(root):
        text = str(node.value)
        if text in said:
            continue
        said.add(text)
        lacking = [
            language
            for language in pack.languages or ()
            if not (text in own and own[text].into(language))
            and not (pack.header.language == SOURCE_LANGUAGE and says(text, language))
        ]
        if lacking:
            named = ", ".join(f"`{one}`" for one in lacking)
            said_nowhere = Sentence(N_("`{text}` is not said in {named}"), text=shown_text(text), named=named)
            notebook.note(place_of(node), said_nowhere)
    for index, one in enumerate(pack.translations):
        if one.text not in said:
            of_nothing = Sentence(N_("this is a translation of nothing in this pack"))
            notebook.note_at(("translations", index, "text"), of_nothing)


def _words(node: yaml.Node, *, top: bool = True) -> Iterator[yaml.ScalarNode]:
    """What people read, wherever it stands but in the translations."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _words(item, top=False)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if top and key.value == "translations":
                continue
            if key.value in _WORD_KEYS and isinstance(value, yaml.ScalarNode):
                yield value
            else:
                yield from _words(value, top=False)
