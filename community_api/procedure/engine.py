"""The engine: given a pack, a case, a person and the facts, what may happen and what follows.

Pure functions; the time is an argument. The order of every decision is that of contract section 2:
permission (role, same person), then state (stage, guards), then content (fields). A service that has
`If-Match` to judge asks `permit` first, then its precondition, then `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from community_api.procedure.clocks import Calendar
from community_api.procedure.pack import Pack
from community_api.procedure.state import ActorView, CaseState, Facts, Offer, Opening, Refusal, Step
from community_api.procedure.terms import Entry


def permit(pack: Pack, action: str, actor: ActorView, facts: Facts) -> Refusal | None:
    """Whether the person may take this action at all: None, or 403 role_not_allowed or same_person."""
    raise NotImplementedError


def decide(
    pack: Pack,
    case: CaseState,
    actor: ActorView,
    action: str,
    fields: Mapping[str, Any],
    at: datetime,
    facts: Facts,
) -> Step | Refusal:
    """Decide one step. `at` is aware; `fields` is the parsed JSON object as sent."""
    raise NotImplementedError


def actions_for(pack: Pack, case: CaseState, actor: ActorView, facts: Facts) -> tuple[Offer, ...]:
    """Every action that leaves the case's stage, offered or with the reason why it is withheld."""
    raise NotImplementedError


def json_schema(
    pack: Pack,
    action: str,
    case: CaseState,
    facts: Facts,
    translate: Callable[[str], str] = str,
) -> dict[str, Any]:
    """JSON Schema 2020-12 of an action's `fields` for this case: accepts exactly what `decide` accepts.

    Only titles and descriptions pass through `translate`.
    """
    raise NotImplementedError


def move_due(pack: Pack, case: CaseState, at: datetime, facts: Facts) -> Step | None:
    """What the product does by itself now (the last child has ended), or None."""
    raise NotImplementedError


def open_case(
    pack: Pack, by: Entry, level: str, at: datetime, calendar: Calendar, *, urgent: bool = False, child: bool = False
) -> Opening:
    """The first state of a case at a unit of that level. ValueError when the pack knows no such entrance."""
    raise NotImplementedError
