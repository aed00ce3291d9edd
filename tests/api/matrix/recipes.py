"""What a recipe for calling an operation is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.api.matrix.expected import Somebody
from tests.api.matrix.things import Thing, Things


@dataclass(frozen=True)
class Call:
    """What is sent; ``thing`` None: the call is about nothing particular."""

    path: str
    body: dict[str, Any] | None = None
    thing: Thing | None = None


Recipe = Callable[[Somebody, Things], Call]


def plain(path: str, body: dict[str, Any] | None = None) -> Recipe:
    """A call that names nothing."""
    return lambda _who, _things: Call(path, body)


def about(name: str, path: str, body: dict[str, Any] | None = None) -> Recipe:
    """A call on the thing of that name."""
    return lambda _who, things: Call(path.format(id=things[name].id), body, things[name])
