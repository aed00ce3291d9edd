"""What use cases are given by whoever calls them: HTTP, the worker, a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from community_api.core.actor import Actor
from community_api.core.config import Settings
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.i18n.problem_texts import ProblemMap
from community_api.core.i18n.translations import Words

Gate = Callable[[Transaction, Actor, str], object]


@dataclass(frozen=True)
class Services:
    """Made once in a process.

    ``gate`` raises DomainError when a permission is closed to every role of the caller: for features that
    stand below the policy and so cannot ask it themselves.
    """

    settings: Settings
    uow: UnitOfWork
    words: Words
    problems: ProblemMap
    gate: Gate
