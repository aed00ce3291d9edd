"""What a process finds by name, because it stands above: `package.module:function`."""

from __future__ import annotations

import importlib
from typing import Any


def named(target: str) -> Any:
    """The object that ``target`` names; raises ImportError or AttributeError."""
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)
