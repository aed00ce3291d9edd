"""What tests of flags share."""

from __future__ import annotations

import hashlib

import pytest

from community_api.access.models import CourseCertificate
from community_api.intelligence.indicators import service as indicators
from community_api.intelligence.indicators.loader import LISTS
from tests.support.workflow import Police


@pytest.fixture
def police(shared_world):
    """The people of a world that all tests of a module share; none of them lets time pass in it."""
    return Police(shared_world)


@pytest.fixture
def alone(world):
    """The people of a world of the test's own."""
    return Police(world)


@pytest.fixture
def certify():
    """Give somebody's one certificate other times, as a trainer's renewal would."""

    def change(world, who, **times):
        where = {"person_id": world.person_id(who), "course": "verlt"}
        with world.uow() as tx:
            tx.update_where(CourseCertificate, where, times)

    return change


@pytest.fixture
def newer_list(tmp_path):
    """Put a second version of the indicator list in force, which says the same."""

    def install(world):
        first = (LISTS / "verlt.v1.yaml").read_text(encoding="utf-8")
        sums = ""
        for version in (1, 2):
            path = tmp_path / f"verlt.v{version}.yaml"
            path.write_text(first.replace("\nversion: 1\n", f"\nversion: {version}\n"), encoding="utf-8")
            sums += f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        (tmp_path / "SHA256SUMS").write_text(sums)
        indicators.install(world.uow, folder=tmp_path)

    return install
