"""Of all packs that differ from a shipped one in one thing, the checker refuses exactly the unsound ones.

A second explorer, which shares nothing with the checker, says which those are. The short form tries one
mutant for each property, those of `tried_mutants.yaml`; the long form all of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from community_api.core.i18n.translations import WORDS
from community_api.procedure_engine import repository
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.pack.loader import parse
from tests.unit.procedure_engine import judge
from tests.unit.procedure_engine.mutants import Pack, changed, changes, mutants

NOTHING = "nothing"
NEWEST = {pack.name: pack for pack in repository.packs()}
TRIED: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("tried_mutants.yaml").read_text(encoding="utf-8")
)


@cache
def document(name: str) -> Pack:
    path = repository.SHIPPED / f"{name}.v{NEWEST[name].version}.yaml"
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


@pytest.mark.parametrize("name", sorted(NEWEST))
def test_both_explorers_find_the_shipped_packs_sound(name: str) -> None:
    assert refusals(document(name)) == []
    assert judge.broken(document(name)) == set()


@pytest.mark.parametrize(
    ("name", "property_", "what"),
    [(name, broken, what) for name, by in TRIED.items() for broken, every in by.items() for what in every],
)
def test_what_breaks_a_property_is_refused_and_nothing_else(name: str, property_: str, what: str) -> None:
    pack = document(name)
    mutant = changed(pack, dict(reversed(list(changes(pack))))[what])
    broken = judge.broken(mutant)
    assert (property_ in broken) if broken else (property_ == NOTHING)
    assert bool(refusals(mutant)) is bool(broken)


@pytest.mark.torture
@pytest.mark.parametrize("name", sorted(NEWEST))
def test_of_all_mutants_those_are_refused_that_break_a_property(name: str) -> None:
    differing: dict[str, Any] = {}
    for what, mutant in mutants(document(name)):
        refused, broken = refusals(mutant), judge.broken(mutant)
        if bool(refused) is not bool(broken):
            differing[what] = refused or broken
    assert differing == {}


def test_mutants_of_every_pack_are_tried_sound_and_unsound_ones() -> None:
    assert set(TRIED) == set(NEWEST)
    assert all(NOTHING in by and len(by) > 5 for by in TRIED.values())


def test_there_are_enough_mutants_and_enough_of_them_are_unsound() -> None:
    pack = document("osce-baseline")
    every = list(changes(pack))
    assert len(every) > 1500
    assert len({what for what, _ in every}) > 1000
    some = [changed(pack, change) for _, change in every[::80]]
    assert 5 < sum(bool(refusals(mutant)) for mutant in some) < len(some) - 5
