"""Of all packs that differ from a shipped one in one thing, the checker refuses exactly the unsound ones.

A second explorer, which shares nothing with the checker, says which those are. The short form tries some of
the mutants of each pack, others every day; the long form all of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from community_api.core.i18n import WORDS
from community_api.procedure import shelf
from community_api.procedure.loading import parse
from community_api.procedure.problems import PackError
from tests.unit.procedure import judge
from tests.unit.procedure.mutants import Pack, mutants

TRIED = 16
NEWEST = {pack.name: pack for pack in shelf.packs()}


def document(name: str) -> Pack:
    path = shelf.SHIPPED / f"{name}.v{NEWEST[name].version}.yaml"
    found: Pack = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def refusals(pack: Pack) -> list[str]:
    """What the checker says."""
    text = yaml.dump(pack, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
    try:
        parse(text.encode(), "mutant.yaml", says=WORDS.says)
    except PackError as refused:
        return [problem.message for problem in refused.problems]
    return []


def chosen(pack: Pack, *, all_of_them: bool) -> list[tuple[str, Pack]]:
    every = list(mutants(pack))
    step = 1 if all_of_them else max(1, len(every) // TRIED)
    return every[datetime.now(UTC).toordinal() % step :: step]


@pytest.mark.parametrize("name", sorted(NEWEST))
def test_both_explorers_find_the_shipped_packs_sound(name: str) -> None:
    assert refusals(document(name)) == []
    assert judge.broken(document(name)) == set()


@pytest.mark.parametrize("all_of_them", [False, pytest.param(True, marks=pytest.mark.torture)])
@pytest.mark.parametrize("name", sorted(NEWEST))
def test_what_the_checker_refuses_is_what_breaks_a_property(name: str, *, all_of_them: bool) -> None:
    differing: dict[str, Any] = {}
    for what, mutant in chosen(document(name), all_of_them=all_of_them):
        refused, broken = refusals(mutant), judge.broken(mutant)
        if bool(refused) is not bool(broken):
            differing[what] = refused or broken
    assert differing == {}


def test_there_are_enough_mutants_and_enough_of_them_are_unsound() -> None:
    pack = document("osce-baseline")
    every = list(mutants(pack))
    assert len(every) > 1500
    assert len({what for what, _ in every}) > 1000
    some = [mutant for _, mutant in every[::80]]
    assert 5 < sum(bool(refusals(mutant)) for mutant in some) < len(some) - 5
