"""Whatever is taken away from the baseline, either the checker notices or the pack may do without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.language.yaml_nodes import compose
from community_api.procedure_engine.pack.loader import understand
from community_api.procedure_engine.repository import SHIPPED

# What an author may leave out. Everything else is missed: no title, owner, clock, role, stage, result,
# feedback point, retention end, second person of a flag or guard against closing too early goes unnoticed.
MAY_GO = {
    "actions.*.guards": 2,  # those about content: factors named once, a review in the future
    "actions.*.guards.*": 2,
    "actions.*.guards.*.offered_anyway": 1,
    "actions.*.not_actor_of": 3,  # second persons within the chain are the author's to declare
    "actions.*.not_actor_of.*": 5,
    "actions.*.results.*.retention": 4,  # the class from the entrance stays
    "actions.*.roles.*": 1,
    "conflict_of_interest": 1,
    "conflict_of_interest.*": 3,
    "edges.*": 2,  # one of the two ways to the nation
    "feedback.outcomes.*": 10,
    "flags.decided_by.*": 2,
    "flags.not_actor_of.*": 1,  # the co-signer
    "flags.roles.*": 2,
    "forms.*.fields.*": 18,
    "forms.*.fields.*.choices.*": 3,
    "forms.*.fields.*.choices.*.only_if.*": 2,  # either of the two keeps the nation from escalating
    "forms.*.fields.*.exactly_one_of": 1,
    "forms.*.fields.*.least": 2,
    "forms.*.fields.*.most": 2,
    "forms.*.fields.*.required": 1,
    "forms.*.fields.*.required_when": 1,
    "forms.*.fields.*.sets_mark": 1,
    "forms.*.fields.*.text": 10,
    "frameworks.*.factors.*": 20,
    "moves.*.guards.*": 2,
    "retention.*.for_children": 2,
    "schemes.*.axes.*.values.*": 11,
    "stages.*.urgent_clock": 7,
}


def removals(node: yaml.Node, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Take every entry of a document away, one after the other, and put it back; tells which is gone."""
    for index, entry in enumerate(list(node.value) if isinstance(node, yaml.CollectionNode) else ()):
        child: Any = entry[1] if isinstance(entry, tuple) else entry
        here = (*path, entry[0].value if isinstance(entry, tuple) else "*")
        del node.value[index]
        yield ".".join(here)
        node.value.insert(index, entry)
        yield from removals(child, here)


def is_taken(root: yaml.Node) -> bool:
    try:
        understand(root, "altered")
    except PackError:
        return False
    return True


@pytest.fixture(scope="module")
def root():
    path = SHIPPED / "osce-baseline.v1.yaml"
    return compose(path.read_bytes(), path.name)


def test_nothing_can_be_taken_away_but_what_an_author_may_leave_out(root):
    assert is_taken(root)
    taken = Counter(what for what in removals(root) if is_taken(root))
    assert dict(taken) == MAY_GO
    assert is_taken(root)


def test_enough_was_taken_away_to_mean_something(root):
    assert sum(1 for _ in removals(root)) > 700
