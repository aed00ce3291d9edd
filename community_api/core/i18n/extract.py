"""The translator's tools: collect the marked words, bring the catalogs up to date, check them.

``python -m community_api.core.i18n.extract`` collects and updates every language, then tells what is
left to translate (status 1 when something is); with ``--check`` it writes nothing.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from community_api.core.i18n.public_extract import said_in, unknown_names
from community_api.core.i18n.translations import LOCALES, SOURCE_LANGUAGE, Words, placeholders

ROOT = LOCALES.parent
TEMPLATE = "messages.pot"
# The keys of declared content under which a person reads what stands there.
WORD_KEYS = frozenset(
    {
        "behaviour",
        "caution",
        "description",
        "detail",
        "help",
        "hint",
        "innocent_when",
        "label",
        "message",
        "min_facts",
        "not_a_sign_because",
        "question",
        "summary",
        "text",
        "title",
        "why_relevant",
    }
)
_KEYWORDS = {"N_": None, "NC_": ((1, "c"), 2), "NN_": (1, 2)}
_HEADER = "# The words of the product in {language}. Made by `make i18n`; translators change msgstr only.\n#"
# Header fields that change with the day or the person, or hold babel's placeholders.
_UNWANTED = re.compile(
    rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid)[^\n]*\n',
    re.MULTILINE,
)
# A long text that reads the same in two languages was copied, not translated.
_SAME_TEXT_LIMIT = 4


def extract_words(
    file: BinaryIO,
    _keywords: object,
    _comment_tags: object,
    options: object = None,  # noqa: ARG001 - babel's protocol
) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """A babel extractor for declared content: the texts and lists of texts under WORD_KEYS.

    A top-level ``context`` of the file goes with each of its words, so that a short label ("other")
    may read differently from list to list.
    """
    root = yaml.compose(file, Loader=yaml.SafeLoader)
    context = _context(root)
    for node in _word_nodes(root):
        if context is None:
            yield node.start_mark.line + 1, "N_", node.value, []
        else:
            yield node.start_mark.line + 1, "NC_", (context, node.value), []


def _context(root: yaml.Node | None) -> str | None:
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "context" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return None


def _word_nodes(node: yaml.Node | None, *, is_shown: bool = False) -> Iterator[yaml.ScalarNode]:
    """The scalars under a word key; a mapping under one is structure again (a field called "text")."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _word_nodes(value, is_shown=key.value in WORD_KEYS)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _word_nodes(value, is_shown=is_shown)
    elif isinstance(node, yaml.ScalarNode) and is_shown and node.tag == "tag:yaml.org,2002:str":
        yield node


def collect(root: Path = ROOT) -> Catalog:
    """Every marked text of the product, as a template; nothing is written.

    Raises yaml.YAMLError, which names file and line, for declared content that cannot be read.
    """
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    template = _empty(None)
    found = extract_from_dir(
        root,
        methods,
        options,
        keywords=_KEYWORDS,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: (root / "community_api") in (Path(folder), *Path(folder).parents),
    )
    for filename, _line, words, comments, context in found:
        template.add(
            words, locations=[(Path(filename).as_posix(), 1)], auto_comments=comments, context=context
        )
    return template


def extract(root: Path = ROOT) -> int:
    """Write ``locales/messages.pot``; the number of its texts comes back."""
    template = collect(root)
    _write(root / "locales" / TEMPLATE, template)
    return len(template)


def update(language: str, root: Path = ROOT) -> int:
    """Bring one language's catalog up to the template; the number of texts still missing comes back.

    A changed English text loses its translation (the old one stands in the history): no text that
    was approved for other words is shown. English translates itself.
    """
    path = _path(language, root)
    catalog = _read(path, language) if path.is_file() else _empty(language)
    template = said_in(language, _read(root / "locales" / TEMPLATE, None), root)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    if language == SOURCE_LANGUAGE:
        _speak_source(catalog)
    _write(path, catalog)
    return sum(1 for message in _texts(catalog) if not _complete(message))


def check(root: Path = ROOT) -> list[str]:
    """What is wrong with the catalogs, one sentence each; empty means complete and current."""
    template, words = collect(root), Words(root / "locales")
    wanted = _by_key(template)
    told = _differences(wanted, _by_key(_read(root / "locales" / TEMPLATE, None)), TEMPLATE)
    for source in (message for message in wanted.values() if _untidy(message)):
        told.append(f"{_where(source)}: begins or ends with a space or line end: {_quoted(source)}")
    told += unknown_names(words.public, template, root)
    for language in (*words.languages, *words.public_languages):
        catalog = _read(_path(language, root), language)
        told += _differences(_by_key(said_in(language, template, root)), _by_key(catalog), language)
        told += [f"{language}: {fault}" for message in _texts(catalog) for fault in _faults(message, catalog)]
    return told


def _differences(
    wanted: Mapping[tuple[str | None, str], Message],
    messages: Mapping[tuple[str | None, str], Message],
    name: str,
) -> list[str]:
    missing = [f"{name}: lacks {_quoted(wanted[key])}" for key in wanted if key not in messages]
    stale = [
        f"{name}: stale, no longer said: {_quoted(messages[key])}" for key in messages if key not in wanted
    ]
    return missing + stale


def _faults(message: Message, catalog: Catalog) -> Iterator[str]:
    """What is wrong with one translation."""
    if not _complete(message):
        yield f"{'fuzzy' if message.fuzzy else 'missing'}: {_quoted(message)}"
        return
    sources, said = _forms(message.id), _forms(message.string)
    if len(sources) > 1 and len(said) != catalog.num_plurals:
        yield f"needs {catalog.num_plurals} plural forms: {_quoted(message)}"
    for form in said:
        # One plural form may leave the number out ("one report"), no form may ask for more.
        lost = placeholders(sources[-1]) - placeholders(form) if len(sources) == 1 else frozenset()
        added = placeholders(form) - placeholders(sources[-1])
        if lost or added:
            yield f"placeholders differ ({', '.join(sorted(lost | added))}): {_quoted(message)}"
    if catalog.locale_identifier != SOURCE_LANGUAGE and sources == said and _long(sources[0]):
        yield f"copied, not translated: {_quoted(message)}"
    if catalog.locale_identifier == SOURCE_LANGUAGE and sources != said:
        yield f"English differs from the text in the code: {_quoted(message)}"


def _long(text: str) -> bool:
    return len(re.findall(r"\w+", text)) > _SAME_TEXT_LIMIT


def _untidy(message: Message) -> bool:
    return any(form != form.strip() for form in _forms(message.id))


def _speak_source(catalog: Catalog) -> None:
    for message in _texts(catalog):
        message.string = message.id
        message.flags.discard("fuzzy")


def _complete(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message.string))


def _forms(words: Any) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ("",))


def _texts(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _by_key(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    return {(message.context, _forms(message.id)[0]): message for message in _texts(catalog)}


def _where(message: Message) -> str:
    return ", ".join(sorted({str(path) for path, _ in message.locations}))


def _quoted(message: Message) -> str:
    text = _forms(message.id)[0]
    words = text if len(text) <= 80 else text[:77] + "…"
    return f"“{words}” ({message.context})" if message.context else f"“{words}”"


def _path(language: str, root: Path) -> Path:
    return root / "locales" / language / "LC_MESSAGES" / "messages.po"


def _empty(language: str | None) -> Catalog:
    return Catalog(locale=language, project="Community API", version="1", charset="utf-8", fuzzy=False)


def _read(path: Path, language: str | None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _write(path: Path, catalog: Catalog) -> None:
    """Write a catalog that differs only where the words differ: sorted, no dates, no line numbers."""
    catalog.fuzzy = False
    catalog.header_comment = _HEADER.format(language=catalog.locale_identifier or "every language")
    text = io.BytesIO()
    write_po(text, catalog, width=100, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_UNWANTED.sub(b"", text.getvalue()))


def main(arguments: list[str]) -> int:
    """Update everything unless told ``--check``; 1 when something is left to translate."""
    if "--check" not in arguments:
        sys.stdout.write(f"{extract()} texts\n")
        words = Words()
        for language in (*words.languages, *words.public_languages):
            sys.stdout.write(f"{language}: {update(language)} missing\n")
    told = check()
    sys.stdout.write("".join(f"{line}\n" for line in told) or "catalogs complete\n")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
