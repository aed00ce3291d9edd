"""A queue of cases: what is to be done first, what has ended behind it, however much that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.app import make_world
from tests.support.databases import Addresses, Databases
from tests.support.factories import seed_demo
from tests.support.workflow import ANALYST, MANAGER, Police


@pytest.fixture
def addresses(databases: Databases, dialect: str) -> Iterator[Addresses]:
    with databases.fresh(dialect, seed=seed_demo) as made:
        yield made


@pytest.fixture
def police(addresses: Addresses, tmp_path: Path) -> Iterator[Police]:
    world = make_world(addresses, tmp_path)
    yield Police(world)
    world.close()


def ended(police: Police) -> str:
    """A case that was closed without anything having come of it; its id."""
    case = police.confirmed()
    police.takes_step(ANALYST, case, "assess", outcome="no_further_action")
    police.answers_everything(MANAGER)
    police.takes_step(MANAGER, case, "close")
    police.world.clock.advance(timedelta(hours=1))
    return case


def listed(police: Police, who: str = MANAGER, **query: str) -> list[str]:
    return [one["id"] for one in police.of(who).pages("/referrals", limit=1, **query)]


def test_what_has_ended_comes_behind_what_is_to_be_done_the_last_end_first(police: Police) -> None:
    first, second = ended(police), ended(police)
    young = police.confirmed()
    police.world.clock.advance(timedelta(days=1))
    later = police.confirmed()
    assert listed(police) == [young, later, second, first]
    assert listed(police, phase="open") == [young, later]
    assert listed(police, phase="ended") == [second, first]
    assert listed(police, overdue="true") == []
    assert listed(police, ANALYST, overdue="false") == [young, later, second, first]
    police.world.clock.advance(timedelta(days=30))
    assert listed(police, overdue="true") == [young, later]
    assert listed(police, overdue="false") == [second, first]


def test_a_case_that_is_taken_up_again_is_back_among_what_is_to_be_done(police: Police) -> None:
    case = ended(police)
    other = ended(police)
    tag = police.tag_of(case, MANAGER)
    body = {"action": "reopen", "fields": {"reason": "A neighbour has told more."}}
    police.of(MANAGER).post(f"/referrals/{case}/steps", body, if_match=tag)
    assert listed(police) == [case, other]
