"""From the bytes of a pack to YAML nodes that still know their places.

Refused before anything is built: what is not UTF-8, files over 1 MiB, nesting deeper than 20, anchors
and aliases (a few lines of them can stand for gigabytes), tags, and more than one document.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from community_api.procedure.problems import PackError, Place, Problem

MAX_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 20

# The parser written in C reads a pack in a tenth of the time; both know the same places.
_Loader: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_START: Final = Place(1, 1)


def compose(content: bytes, file: str) -> yaml.Node:
    """The root node of a pack. PackError when it is no single, plain YAML document."""
    text = _decoded(content, file)
    try:
        _refuse_tricks(text, file)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as broken:
        raise PackError([_unreadable(broken, file)]) from broken
    except yaml.YAMLError as broken:
        raise PackError([Problem(file, _START, "this is not readable as YAML")]) from broken
    if root is None:
        raise PackError([Problem(file, _START, "the file is empty")])
    return root


def place_of(node: yaml.Node) -> Place:
    """Where a node begins."""
    return _place(node.start_mark)


def _decoded(content: bytes, file: str) -> str:
    """The text of a file."""
    if len(content) > MAX_BYTES:
        raise PackError([Problem(file, _START, f"a pack has at most {MAX_BYTES} bytes")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        raise PackError([Problem(file, Place(line, 1), "a pack is written in UTF-8")]) from broken


def _refuse_tricks(text: str, file: str) -> None:
    """Walk over the parser's events, which takes no memory, before nodes are made of them."""
    problems: list[Problem] = []
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            message = f"this is nested deeper than {MAX_DEPTH} levels"
            raise PackError([Problem(file, _place(event.start_mark), message)])
        trick = "a pack is one document: remove the `---` here" if documents > 1 else _trick(event)
        documents = min(documents, 1)
        if trick:
            problems.append(Problem(file, _place(event.start_mark), trick))
    if problems:
        raise PackError(problems)


def _trick(event: yaml.Event) -> str | None:
    """What a pack does without, or None."""
    if isinstance(event, yaml.AliasEvent):
        return f"aliases (`*{event.anchor}`) are not allowed: write the value out"
    if anchor := getattr(event, "anchor", None):
        return f"anchors (`&{anchor}`) are not allowed: write the value out where it is needed"
    if tag := getattr(event, "tag", None):
        return f"tags (`{tag}`) are not allowed"
    return None


def _unreadable(broken: yaml.MarkedYAMLError, file: str) -> Problem:
    """The parser's complaint as one sentence."""
    mark = broken.problem_mark or broken.context_mark
    context = f"{broken.context}, " if broken.context else ""
    return Problem(file, _place(mark), f"not readable as YAML: {context}{broken.problem}")


def _place(mark: Any) -> Place:
    """An editor's place from a parser's mark, which counts from 0; None: the start of the file."""
    return Place(mark.line + 1, mark.column + 1) if mark else _START
