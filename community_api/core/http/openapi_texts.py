"""What the document says in words: names of operations, examples, what properties mean.

From ``operation_texts.yaml`` and ``property_texts.yaml``, which stand above this layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from community_api.core import yaml_files
from community_api.core.code_lists import code_lists, codes

# The extension that names the code list of a property.
LIST: Final = "x-code-list"
# How a text says that it is trimmed (core/schemas/fields.py); the document says it in words.
TRIMMED: Final = "x-trimmed"
Node = dict[str, Any]
Meaning = Mapping[str, Any]


def name_operations(document: Node, path: Path, methods: frozenset[str]) -> None:
    """Give every operation its id, and every body its example; raises KeyError for what has none."""
    texts = yaml_files.read(path.read_text(encoding="utf-8"))
    for address, operations in document["paths"].items():
        for method in sorted(methods & operations.keys()):
            operation = operations[method]
            operation["operationId"] = _entry(texts["ids"], f"{method.upper()} {address}", path)
            for content in operation.get("requestBody", {}).get("content", {}).values():
                schema = content["schema"]["$ref"].rsplit("/", 1)[1]
                content["example"] = _entry(texts["examples"], schema, path)


def _entry(entries: Node, name: str, path: Path) -> Any:
    if name not in entries:
        raise KeyError(f"{path.name} has no entry for {name}")
    return entries[name]


@cache
def meanings(path: Path) -> Mapping[str, Meaning]:
    """Every entry by its name, as a mapping with ``means`` and perhaps ``codes``, ``list`` or ``values``."""
    entries = yaml_files.read(path.read_text(encoding="utf-8"))
    return {name: {"means": entry} if isinstance(entry, str) else entry for name, entry in entries.items()}


def describe(document: Node, path: Path) -> None:
    """Give every property and parameter of ``document`` that has none its description and its codes."""
    entries = meanings(path)
    for schema, name, node in properties(document):
        _complete(node, entries.get(f"{schema}.{name}") or entries.get(name) or {})
    for operation, parameter in parameters(document):
        name = parameter["name"]
        own = entries.get(f"{operation}.{name}", {})
        entry = own or entries.get(name, {})
        if "means" in entry:
            parameter.setdefault("description", entry["means"])
        if "list" in own:
            parameter["schema"][LIST] = own["list"]
        _name_list(parameter["schema"])
    _tell_of_trimming(document)


def properties(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every property with the name of its schema; those of inner objects count to the outer schema."""
    for schema, node in document["components"]["schemas"].items():
        yield from _properties(schema, node)


def parameters(document: Node) -> Iterator[tuple[str, Node]]:
    """Every parameter with the id of its operation; those of a path have none."""
    for path in document["paths"].values():
        for place in path.values():
            operation = "" if isinstance(place, list) else place["operationId"]
            listed = place if isinstance(place, list) else place.get("parameters", ())
            yield from ((operation, parameter) for parameter in listed if "name" in parameter)


def _tell_of_trimming(node: Any, *, is_item: bool = False) -> None:
    """Say in words that the lower bound of a text counts what trimming leaves.

    A property without a description stays without one, so that it is noticed.
    """
    if isinstance(node, list):
        for inner in node:
            _tell_of_trimming(inner)
    elif isinstance(node, dict):
        if node.pop(TRIMMED, False) and ("description" in node or is_item):
            node["description"] = " ".join([*_described(node), _trimming(node["minLength"])])
        for name, inner in node.items():
            _tell_of_trimming(inner, is_item=name == "items")


def _described(node: Node) -> list[str]:
    text = node.get("description", "")
    return [text if text.endswith(".") else f"{text}."] if text else []


def _trimming(least: int) -> str:
    if least == 1:
        return "Trimmed; blank is refused."
    return f"Trimmed; at least {least} characters must be left."


def _properties(schema: str, node: Node) -> Iterator[tuple[str, str, Node]]:
    for name, inner in node.get("properties", {}).items():
        yield schema, name, inner
        yield from _properties(schema, inner)
        yield from _properties(schema, inner.get("items", {}))


def _complete(node: Node, entry: Meaning) -> None:
    if "means" in entry and "description" not in node:
        node["description"] = entry["means"]
    values = node["items"] if node.get("type") == "array" else node
    closed = codes(entry["codes"]) if "codes" in entry else entry.get("values", ())
    if closed and "enum" not in values and "$ref" not in values:
        values["enum"] = [*closed, *([None] if "null" in values.get("type", ()) else [])]
    if "list" in entry or "codes" in entry:
        values[LIST] = entry.get("list") or entry["codes"]
    _name_list(values)


def _name_list(node: Node) -> None:
    """Name the code list that holds exactly the values of an enum, where one alone does."""
    values = [value for value in node.get("enum", ()) if value is not None]
    if values and LIST not in node:
        names = [name for name, entry in code_lists().items() if list(entry.codes) == values]
        if len(names) == 1:
            node[LIST] = names[0]
