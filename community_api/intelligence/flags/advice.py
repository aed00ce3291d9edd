"""Advice with a flag that was taken: to think over, never a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community_api import access
from community_api.community import valve
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import FieldError
from community_api.intelligence.flags import rules
from community_api.intelligence.indicators.rules import protected_words
from community_api.intelligence.indicators.terms import IndicatorList
from community_api.wording.protected import further_words


def on(
    tx: Transaction, actor: Actor, report: valve.Report, listed: IndicatorList, body: Mapping[str, Any]
) -> tuple[FieldError, ...]:
    """What whoever raises a flag should look at again: its words, and what is linked with its report."""
    return (*_of_words(listed, body), *_of_links(tx, actor, report))


def _of_words(listed: IndicatorList, body: Mapping[str, Any]) -> tuple[FieldError, ...]:
    """Words that speak of protected traits: to think over, never a refusal."""
    return tuple(
        FieldError(pointer, "protected_terms")
        for pointer, text in rules.words_of(body)
        if protected_words(listed, text, further_words())
    )


def _of_links(tx: Transaction, actor: Actor, report: valve.Report) -> tuple[FieldError, ...]:
    """A linked report that must stay: its words must not go the way of this flag. Only who may know of it."""
    bound = valve.linked_that_must_stay(tx, report)
    known = any(access.may_know_of(tx, actor, target) for target in bound)
    return (FieldError("/grounds", "linked_must_stay"),) if known else ()
