"""A new version of an indicator list, asked for by a manager and approved by the data protection officer.

It is examined when it is proposed and again when it is decided, by its own words and by those of the list
before: what is never a sign stays on every further list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import yaml

from community_api import audit
from community_api.access.permissions import Permission
from community_api.access.proposals.change import Change
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError, FieldError, invalid
from community_api.core.i18n.translations import Sentence
from community_api.intelligence.flags import retired_indicators
from community_api.intelligence.indicators import rules, service
from community_api.intelligence.indicators.loader import parse_list
from community_api.intelligence.indicators.models import IndicatorListRow
from community_api.intelligence.indicators.terms import KIND, IndicatorList
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.language.yaml_nodes import readable, refuse_tricks
from community_api.units.directory import tree
from community_api.units.terms import Level

CONTENT = "/body/content"


def prepare(tx: Transaction, body: Mapping[str, Any]) -> Change:
    """A list that takes the place of the one in force; what rests on a retired indicator is looked at again.

    Raises ``validation_failed`` with everything that is wrong with it.
    """
    content, declared = _read(body["content"])
    before = service.newest(tx, declared.kind)
    if before is None:
        raise invalid("/body/content", "not_a_further_version", newest=0)
    if declared.version != before.version + 1:
        raise invalid("/body/content", "not_a_further_version", newest=before.version)
    told = rules.faults_of_next(declared, before)
    if told:
        raise DomainError("validation_failed", errors=[_unsound(one) for one in told])
    nation = tree(tx).at_level(Level.NATIONAL)[0]

    def act(tx: Transaction, actor: Actor) -> None:
        row = service.put_in_force(
            tx, declared, content, approvals=[str(body["proposer_id"]), str(actor.person_id)]
        )
        _leaf(tx, actor, row)
        retired = frozenset(before.indicators) - frozenset(declared.indicators)
        if retired:
            retired_indicators.review(tx, actor, kind=declared.kind, retired=retired)

    return Change(frozenset({nation.id}), None, frozenset(), act)


def _read(text: str) -> tuple[dict[str, Any], IndicatorList]:
    """The list in a text, and the data that is kept. Raises ``validation_failed`` for what is no list."""
    try:
        with readable(CONTENT):
            # Aliases make of a few lines more than any memory holds, and nesting ends Python's own.
            refuse_tricks(text, CONTENT)
            content: dict[str, Any] = yaml.safe_load(text)
        return content, parse_list(content, hashlib.sha256(text.encode()).hexdigest())
    except PackError as broken:
        said: Sentence | str = broken.problems[0].said
    except ValueError as wrong:
        said = wrong.args[0]
    raise DomainError("validation_failed", errors=[_unsound(said)])


def _unsound(sentence: Sentence | str) -> FieldError:
    return FieldError(CONTENT, "list_unsound", {"said": sentence})


def _leaf(tx: Transaction, actor: Actor, row: IndicatorListRow) -> None:
    audit.record(
        tx, actor, Action.APPROVE, Permission.INDICATOR_LIST_APPROVE, KIND, row.id,
        version=1, to_state="in_force", outcome=f"{row.kind} {row.number}",
    )  # fmt: skip
