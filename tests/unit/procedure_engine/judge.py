"""A second opinion on packs: a plain explorer that shares nothing with the product's checker.

It works on the YAML as Python reads it, simulates cases by brute force, with every person of a unit by name,
and tells which properties are broken. It is slow and says neither line nor path: it exists to judge the
judge.
"""

from __future__ import annotations

from tests.unit.procedure_engine.judging.around import around
from tests.unit.procedure_engine.judging.life import Life
from tests.unit.procedure_engine.judging.lived import lived
from tests.unit.procedure_engine.judging.parts import Pack
from tests.unit.procedure_engine.judging.staffed import staffed
from tests.unit.procedure_engine.judging.texts import grades_of, texts_of


def broken(pack: Pack) -> set[str]:
    """The names of all properties that do not hold; of several kinds those that must hold first."""
    found = set(texts_of(pack)) | set(around(pack)) or set(grades_of(pack))
    if found:
        return found
    life = Life(pack)
    return set(lived(pack, life)) | set(staffed(pack, life))
