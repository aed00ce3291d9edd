"""What tests of the desk share."""

from __future__ import annotations

import pytest

from tests.support.workflow import Police


@pytest.fixture
def alone(world):
    """The people of a world of the test's own."""
    return Police(world)
