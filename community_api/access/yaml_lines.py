"""YAML read as nodes that know their line, so that a mistake in a file is named with its place."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from community_api.core.yaml_files import LOADER

E = TypeVar("E", bound=StrEnum)
TRUTH = {"true": True, "false": False}


class YamlBroken(ValueError):
    """A declared file is wrong; the message begins with its name and line."""


class Node:
    """A value of a YAML file with its place."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        self._path = path
        self._node = node

    def wrong(self, why: str) -> YamlBroken:
        """The error to raise about this value."""
        return YamlBroken(f"{self._path.name}:{self._node.start_mark.line + 1}: {why}")

    def fields(self) -> list[tuple[str, Node]]:
        """Keys and values in the order of the file. Raises YamlBroken for no mapping or a key used twice."""
        if not isinstance(self._node, yaml.MappingNode):
            raise self.wrong("is to be a mapping")
        found: dict[str, Node] = {}
        for key, value in self._node.value:
            name = Node(self._path, key).text()
            if name in found:
                raise Node(self._path, key).wrong(f"{name} stands here twice")
            found[name] = Node(self._path, value)
        return list(found.items())

    def items(self) -> Iterator[Node]:
        """The values of a list. Raises YamlBroken for anything else."""
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.wrong("is to be a list")
        return (Node(self._path, item) for item in self._node.value)

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.fields())

    def __getitem__(self, key: str) -> Node:
        for name, value in self.fields():
            if name == key:
                return value
        raise self.wrong(f"{key} is missing")

    def only(self, *allowed: str) -> None:
        """Raises YamlBroken for a key that is none of ``allowed``."""
        for name, value in self.fields():
            if name not in allowed:
                raise value.wrong(f"{name} is not known here")

    def text(self) -> str:
        """A scalar as it stands. Raises YamlBroken for anything else or nothing."""
        if not isinstance(self._node, yaml.ScalarNode) or not self._node.value:
            raise self.wrong("is to be a word")
        return str(self._node.value)

    def truth(self) -> bool:
        """True or false. Raises YamlBroken for anything else."""
        if self.text() not in TRUTH:
            raise self.wrong("is to be true or false")
        return TRUTH[self.text()]

    def choice(self, words: type[E]) -> E:
        """One of the words of an enumeration. Raises YamlBroken for another."""
        try:
            return words(self.text())
        except ValueError:
            raise self.wrong(f"{self.text()} is none of {', '.join(words)}") from None


def read_yaml(path: Path) -> Node:
    """The top of a file. Raises YamlBroken with file and line when it cannot be read."""
    try:
        top = yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.MarkedYAMLError as broken:
        line = broken.problem_mark.line + 1 if broken.problem_mark else 1
        raise YamlBroken(f"{path.name}:{line}: {broken.problem or 'cannot be read'}") from None
    if top is None:
        raise YamlBroken(f"{path.name}:1: is empty")
    return Node(path, top)
