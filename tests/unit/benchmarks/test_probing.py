"""How often one of two samples is the longer one."""

import pytest

from benchmarks.scenarios.timing_leak import share_longer


@pytest.mark.parametrize(
    ("these", "those", "share"),
    [([1, 2, 3], [1, 2, 3], 0.5), ([4, 5], [1, 2], 1.0), ([1], [2, 3], 0.0), ([2], [1, 2, 3, 4], 0.375)],
)
def test_share_of_longer_pairs(these: list[float], those: list[float], share: float) -> None:
    assert share_longer(these, those) == share
