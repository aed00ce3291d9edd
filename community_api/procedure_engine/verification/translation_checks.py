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
    texts = words_of(root)
    for text, node in texts.items():
        lacking = [language for language in pack.languages or () if not is_said(pack, text, language, says)]
        if lacking:
            named = ", ".join(f"`{one}`" for one in lacking)
            said_nowhere = Sentence(N_("`{text}` is not said in {named}"), text=shown_text(text), named=named)
            notebook.note(place_of(node), said_nowhere)
    for index, one in enumerate(pack.translations):
        if one.text not in texts:
            of_nothing = Sentence(N_("this is a translation of nothing in this pack"))
            notebook.note_at(("translations", index, "text"), of_nothing)


def words_of(root: yaml.Node) -> dict[str, yaml.Node]:
    """Each text for people once, with where it stands first."""
    found: dict[str, yaml.Node] = {}
    for node in _words(root):
        found.setdefault(str(node.value), node)
    return found


def is_said(pack: Pack, text: str, language: str, says: Says) -> bool:
    """Whether a text is said in a language.

    The pack itself says it, or, for an English one, the product's catalogs.
    """
    own = next((one for one in pack.translations if one.text == text), None)
    if own is not None and own.into(language):
        return True
    return pack.header.language == SOURCE_LANGUAGE and says(text, language)


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
