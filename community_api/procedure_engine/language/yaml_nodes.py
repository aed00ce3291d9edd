"""From the bytes of a pack to YAML nodes that still know their places.

Refused before anything is built: what is not UTF-8, files over 256 KiB, nesting deeper than 20, anchors
and aliases (a few lines of them can stand for gigabytes), tags, and more than one document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import yaml

from community_api.core.i18n.translations import N_, Sentence
from community_api.core.yaml_files import LOADER
from community_api.procedure_engine.language.findings import PackError, Place, Problem

# Several times the largest pack there is; what is read is also proved, which costs more than reading.
MAX_BYTES: Final = 262_144
MAX_DEPTH: Final = 20

_START: Final = Place(1, 1)
_ONE_DOCUMENT: Final = Sentence(N_("there may be one document only: remove the `---` here"))


def compose(content: bytes, file: str) -> yaml.Node:
    """The root node of a pack. PackError when it is no single, plain YAML document."""
    text = _decoded(content, file)
    with readable(file):
        refuse_tricks(text, file)
        root = yaml.compose(text, Loader=LOADER)
    if root is None:
        raise PackError([Problem(file, _START, Sentence(N_("the file is empty")))])
    return root


@contextmanager
def readable(file: str) -> Iterator[None]:
    """Within it what the parser cannot read is a PackError with the place and a sentence."""
    try:
        yield
    except yaml.MarkedYAMLError as broken:
        raise PackError([_unreadable(broken, file)]) from broken
    except yaml.YAMLError as broken:
        raise PackError([Problem(file, _START, Sentence(N_("this is not readable as YAML")))]) from broken


def place_of(node: yaml.Node) -> Place:
    """Where a node begins."""
    return _place(node.start_mark)


def _decoded(content: bytes, file: str) -> str:
    """The text of a file."""
    if len(content) > MAX_BYTES:
        long = Sentence(N_("a pack has at most {most} bytes"), most=MAX_BYTES)
        raise PackError([Problem(file, _START, long)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        raise PackError(
            [Problem(file, Place(line, 1), Sentence(N_("a pack is written in UTF-8")))]
        ) from broken


def refuse_tricks(text: str, file: str) -> None:
    """Walk over the parser's events, which takes no memory, before anything is made of them. PackError."""
    problems: list[Problem] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            deep = Sentence(N_("this is nested deeper than {most} levels"), most=MAX_DEPTH)
            raise PackError([Problem(file, _place(event.start_mark), deep)])
        trick = _ONE_DOCUMENT if documents > 1 else _trick(event)
        documents = min(documents, 1)
        if trick:
            problems.append(Problem(file, _place(event.start_mark), trick))
    if problems:
        raise PackError(problems)


def _trick(event: yaml.Event) -> Sentence | None:
    """What a pack does without, or None."""
    if isinstance(event, yaml.AliasEvent):
        return Sentence(N_("aliases (`*{name}`) are not allowed: write the value out"), name=event.anchor)
    if anchor := getattr(event, "anchor", None):
        text = N_("anchors (`&{name}`) are not allowed: write the value out where it is needed")
        return Sentence(text, name=anchor)
    if tag := getattr(event, "tag", None):
        return Sentence(N_("tags (`{name}`) are not allowed"), name=tag)
    return None


def _unreadable(broken: yaml.MarkedYAMLError, file: str) -> Problem:
    """The parser's complaint as one sentence."""
    mark = broken.problem_mark or broken.context_mark
    context = f"{broken.context}, " if broken.context else ""
    # The parser's own words, which are English and name what it met.
    met = f"{context}{broken.problem}"
    return Problem(file, _place(mark), Sentence(N_("not readable as YAML: {met}"), met=met))


def _place(mark: Any) -> Place:
    """An editor's place from a parser's mark, which counts from 0; None: the start of the file."""
    return Place(mark.line + 1, mark.column + 1) if mark else _START
