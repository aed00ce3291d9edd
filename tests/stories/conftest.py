"""What several stories begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.app import make_world
from tests.support.databases import Databases
from tests.support.factories import seed_demo
from tests.support.workflow import Police


@pytest.fixture
def under(databases: Databases, dialect: str, tmp_path: Path) -> Iterator[Callable[[str], Police]]:
    """A world whose installation begins with a procedure."""
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        first = make_world(addresses, tmp_path)
        made = [first]

        def begins(procedure: str) -> Police:
            settings = replace(first.settings, procedure=procedure)
            made.append(first.beside(settings))
            return Police(made[-1])

        yield begins
        for one in reversed(made):
            one.close()
