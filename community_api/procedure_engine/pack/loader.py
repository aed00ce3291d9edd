"""From a file to a `Pack`: read, check, hash. Nothing becomes a `Pack` of others before it was proved."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from community_api.procedure_engine.language.findings import PackError, Problem
from community_api.procedure_engine.language.readers import FindingCollector, Skip
from community_api.procedure_engine.language.sections import read_pack
from community_api.procedure_engine.language.yaml_nodes import compose
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.verification.translation_checks import (
    Says,
    is_said,
    note_untranslated,
    words_of,
)


def load(path: Path) -> Pack:
    """The pack in a file. PackError: everything that is wrong with it; OSError: it cannot be read."""
    return parse(path.read_bytes(), path.name)


def parse(content: bytes, file: str, *, says: Says | None = None) -> Pack:
    """The pack in some bytes; `file` is what problems call it. PackError: everything that is wrong.

    `says`: what the product's catalogs say, for whoever writes a pack. None: translations are not looked
    for, because a case goes on in English rather than not at all.
    """
    return understand(compose(content, file), file, says=says)


def reread(content: bytes, file: str) -> Pack:
    """A pack that was proved when it was approved, for the cases that go by it. PackError: it is no pack.

    It is not proved again: a checker that asks more than it did must not take their procedure from them.
    """
    return _pack(compose(content, file), FindingCollector(file))


def understand(root: yaml.Node, file: str, *, says: Says | None = None) -> Pack:
    """The pack in a YAML document. PackError: everything that is wrong."""
    # What is in force already is read without being examined again: most processes never need it.
    from community_api.procedure_engine.verification.consistency import examine  # noqa: PLC0415

    notebook = FindingCollector(file)
    pack = _pack(root, notebook)
    examine(pack, notebook)
    if says is not None and not notebook.problems:
        note_untranslated(pack, root, notebook, says)
    if notebook.problems:
        raise PackError(notebook.problems)
    return pack


def unsaid(content: bytes, file: str, says: Says) -> tuple[Problem, ...]:
    """The words of a pack that are not said in every language it promises. PackError: it is not sound."""
    root, notebook = compose(content, file), FindingCollector(file)
    note_untranslated(understand(root, file), root, notebook, says)
    return tuple(notebook.problems)


def texts_to_translate(content: bytes, file: str, language: str, says: Says) -> tuple[Pack, tuple[str, ...]]:
    """A pack and those of its texts that are not said in a language.

    PackError: it is not sound.
    """
    root = compose(content, file)
    pack = understand(root, file)
    return pack, tuple(text for text in words_of(root) if not is_said(pack, text, language, says))


def _pack(root: yaml.Node, notebook: FindingCollector) -> Pack:
    try:
        return Pack(**read_pack(notebook, root), hash=content_hash(root))
    except Skip:
        raise PackError(notebook.problems) from None


def content_hash(root: yaml.Node) -> str:
    """SHA-256 over the canonical content: comments, order of keys and layout of the file do not count."""
    canonical = json.dumps(_plain(root), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(node: yaml.Node) -> Any:
    """A node as it was written, without what a reader makes of it: old hashes outlive new readers."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    return str(node.value)
