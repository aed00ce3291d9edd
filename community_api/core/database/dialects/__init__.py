"""What differs between the two databases: one module each, loaded by whoever has such a database."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from typing import Final, Literal, cast

from community_api.core.database.dialects.shape import Kind

DialectName = Literal["sqlite", "postgresql"]
NAMES: Final[tuple[DialectName, ...]] = ("sqlite", "postgresql")


def dialect_of(url: str) -> DialectName:
    """The database at an address as SQLAlchemy takes it."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


def of(name: str) -> Kind:
    """The module of a database; the driver of the other one is not loaded for it."""
    return cast("Kind", importlib.import_module(f"{__name__}.{name}"))


def in_use() -> Iterator[Kind]:
    """The modules of the databases that this process has had to do with."""
    loaded = (sys.modules.get(f"{__name__}.{name}") for name in NAMES)
    return (cast("Kind", module) for module in loaded if module is not None)
