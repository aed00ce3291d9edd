"""What a guard can look at, and what a predicate is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from community_api.procedure_engine.engine.state import ActorView, CaseState, Facts, FieldProblem
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.terms import Code

NO_FIELDS: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a predicate may look at. `actor` None: the product itself moves."""

    pack: Pack
    case: CaseState
    facts: Facts
    actor: ActorView | None = None
    at: datetime | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


class Judges(StrEnum):
    """What a predicate looks at, and thereby when it is asked: permission, state, content."""

    PERSON = "person"
    CASE = "case"
    CONTENT = "content"


@dataclass(frozen=True)
class Param:
    """A typed parameter, always required. `kind` is one of `language_forms.PARAM_READERS`."""

    name: str
    kind: str
    says: str


@dataclass(frozen=True)
class Predicate:
    """A predicate: a yes or no about person or case (`holds`), or problems with content (`finds`)."""

    name: str
    judges: Judges
    says: str
    refusal: Code
    params: tuple[Param, ...] = ()
    holds: Callable[[Situation, Mapping[str, Any]], bool] | None = None
    finds: Callable[[Situation, Mapping[str, Any]], Iterable[FieldProblem]] | None = None
