"""Every operation of the product, as the application routes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask

PLACE = re.compile(r"<(?P<kind>[a-z]+):(?P<name>[a-z_]+)>")
FILLERS = {"uuid": lambda: str(uuid4()), "string": lambda: "unknown", "int": lambda: "1"}


@dataclass(frozen=True)
class Operation:
    """A method on an address; ``access`` is who may call it, such as ("permission", "flag.read")."""

    method: str
    rule: str
    access: tuple[str, str]

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule}"

    @property
    def public(self) -> bool:
        return self.access[0] == "public"

    @property
    def ids(self) -> tuple[str, ...]:
        """The names of what the address takes."""
        return tuple(found["name"] for found in PLACE.finditer(self.rule))

    def address(self, **values: object) -> str:
        """The whole path; what ``values`` does not name is made up."""
        return PLACE.sub(lambda match: str(values.get(match["name"]) or FILLERS[match["kind"]]()), self.rule)


def operations(app: Flask) -> list[Operation]:
    """All of them, HEAD and OPTIONS left out."""
    return sorted(_operations(app), key=lambda operation: (operation.rule, operation.method))


def _operations(app: Flask) -> Iterator[Operation]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            view_class = getattr(view, "view_class", None)
            function = view if view_class is None else getattr(view_class, method.lower())
            yield Operation(method, rule.rule, getattr(function, "access", ("none", "none")))
