"""Compile what builds the address of a route once a session, not once for each application.

Each test has an application of its own, and werkzeug compiles two functions for each of its routes: half of
the time of a short test. They depend on the route alone, and are given their route when they are called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]
_BUILDERS: dict[Any, Builder] = {}
_compile: Callable[[Rule, bool], Builder] = Rule._compile_builder


def _compile_once(self: Rule, append_unknown: bool = True) -> Builder:
    defaults = tuple(sorted((self.defaults or {}).items()))
    route = (self.rule, tuple(self._trace), defaults, append_unknown)
    if route not in _BUILDERS:
        _BUILDERS[route] = _compile(self, append_unknown)
    return _BUILDERS[route]


def compile_once() -> None:
    """Let every application of this process share what its routes are compiled to."""
    Rule._compile_builder = _compile_once  # type: ignore[method-assign,assignment]
