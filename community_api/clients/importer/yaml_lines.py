"""YAML that remembers its lines, so that every mistake in a map can be named by file and line."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import yaml


class MapWrong(Exception):
    """The map cannot be used; ``mistakes`` are lines ``file:line: what is wrong``."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = list(mistakes)
        super().__init__("\n".join(self.mistakes))


@dataclass
class Mistakes:
    """Collects what is wrong in one file; ``file`` is the name to show."""

    file: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, at: Node | yaml.Node, words: str) -> None:
        """Note a mistake at the line on which ``at`` begins."""
        node = at.node if isinstance(at, Node) else at
        self.found.append((node.start_mark.line + 1, words))

    def lines(self) -> list[str]:
        return [f"{self.file}:{line}: {words}" for line, words in sorted(self.found)]


@dataclass
class Node:
    """One value of the file with its place; asking for the wrong kind notes a mistake."""

    node: yaml.Node
    mistakes: Mistakes

    def wrong(self, words: str) -> None:
        self.mistakes.add(self, words)

    @property
    def is_mapping(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_scalar(self) -> bool:
        return isinstance(self.node, yaml.ScalarNode)

    def text(self) -> str:
        """The scalar as it is written (numbers and booleans included); empty when it is none."""
        if isinstance(self.node, yaml.ScalarNode):
            return "" if self.node.tag == "tag:yaml.org,2002:null" else str(self.node.value)
        self.wrong("expected a single value here")
        return ""

    def word(self) -> str:
        """The scalar as it is written, NULL included; empty when it is none."""
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else self.text()

    def number(self) -> float | None:
        """The scalar as a number, an int when it is whole; None, and a mistake, when it is none."""
        try:
            number = float(self.text())
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.wrong("expected a number here")
            return None
        return int(number) if number.is_integer() else number

    @property
    def line(self) -> int:
        """The line of the file on which it begins, from 1."""
        return int(self.node.start_mark.line) + 1

    def items(self) -> Iterator[Node]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong("expected a list here")
            return
        for member in self.node.value:
            yield Node(member, self.mistakes)

    def entries(self) -> dict[str, Node]:
        """The members of a mapping by key; a key that stands twice is a mistake."""
        found: dict[str, Node] = {}
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong("expected keys and values here")
            return found
        for key, value in self.node.value:
            name = Node(key, self.mistakes).word()
            if name in found:
                self.mistakes.add(key, f"{name!r} stands here twice")
            found[name] = Node(value, self.mistakes)
        return found

    def only_keys(self, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Node]:
        """The members of a mapping that may hold only ``allowed`` keys and must hold ``required``."""
        names = list(allowed)
        found = self.entries()
        for name, value in found.items():
            if name not in names:
                value.wrong(_unknown(name, names))
        if self.is_mapping:
            for name in required:
                if name not in found:
                    self.wrong(f"{name!r} is missing")
        return {name: value for name, value in found.items() if name in names}


def _unknown(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known here: {', '.join(names)}"
    return f"{name!r} is not known here; {hint}"


def read_yaml(path: Path) -> Node:
    """The root of the file; raises MapWrong when it cannot be read or is no YAML."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as unreadable:
        raise MapWrong([f"{path}:1: cannot be read: {unreadable.strerror}"]) from unreadable
    except UnicodeDecodeError as unreadable:
        raise MapWrong([f"{path}:1: is not UTF-8"]) from unreadable
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise MapWrong([f"{path}:{line}: {broken.problem or 'is no YAML'}"]) from broken
    except (yaml.YAMLError, RecursionError, ValueError) as broken:
        raise MapWrong([f"{path}:1: is no YAML"]) from broken
    if root is None:
        raise MapWrong([f"{path}:1: is empty"])
    return Node(root, Mistakes(str(path)))
