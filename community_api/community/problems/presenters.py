"""Problems as they are shown: to the teams in full, to a partner no more than their own part."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community_api.community.priorities import queries as priorities
from community_api.community.problems import queries, rules
from community_api.community.problems.models import Problem, ProblemEntry, ProblemReport
from community_api.community.problems.rules import Course
from community_api.community.problems.terms import SEALED_LABEL, TITLE_LABEL
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import FieldError
from community_api.units.directory import tree
from community_api.units.terms import Role


@dataclass(frozen=True)
class OpenedEntry:
    """An entry with its words; ``document`` is empty once erased. ``warnings``: when it was written."""

    row: ProblemEntry
    document: Mapping[str, Any]
    warnings: Sequence[FieldError] = ()


@dataclass(frozen=True)
class ListedProblem:
    """A problem in a list: how long it has been open, how reports on it have gone."""

    row: Problem
    unit: str
    age_days: int
    course: Course


@dataclass(frozen=True)
class OpenedProblem(ListedProblem):
    """A problem with what was written about it. ``reports`` None: the caller may not know which they are.

    ``priority_in``: the months for which the neighbourhood made it a priority, as ``2026-03``.
    """

    title: str | None
    entries: list[OpenedEntry]
    partners: tuple[str, ...]
    reports: list[ProblemReport] | None
    priority_in: list[str]
    warnings: Sequence[FieldError] = ()


def describe(tx: Transaction, actor: Actor, row: Problem) -> OpenedProblem:
    """A problem as this caller sees it: a partner learns how many reports there are, not which."""
    attached = queries.reports(tx, row.id)
    course = rules.course((one.received_at for one in attached), tx.now)
    inside = is_inside(actor)
    entries = [opened_entry(tx, entry) for entry in queries.entries(tx, row.id)]
    if not inside:
        entries = [seen for entry in entries if (seen := _by_partner(actor, entry)) is not None]
    units = queries.partner_units(tx, row.id)
    if not inside:
        units &= {grant.unit_id for grant in actor.grants}
    return assembled(tx, row, entries, units, attached if inside else None, course)


def is_inside(actor: Actor) -> bool:
    """Whether somebody reads a problem whole: the team and control, not a partner who only works with it."""
    return any(grant.role != Role.PARTNER for grant in actor.grants)


def _by_partner(actor: Actor, entry: OpenedEntry) -> OpenedEntry | None:
    """An entry as a partner sees it: their own, or one that gives them a part, and no other body's part."""
    bodies = {grant.unit_name for grant in actor.grants}
    parts = [one for one in entry.document.get("partners", ()) if one.get("unit") in bodies]
    if not parts and entry.row.author_id != actor.person_id:
        return None
    return OpenedEntry(entry.row, {**entry.document, "partners": parts})


def opened_entry(tx: Transaction, entry: ProblemEntry) -> OpenedEntry:
    """An entry with its words."""
    if entry.sealed is None:
        return OpenedEntry(entry, {})
    document = tx.sealer.open(tx, entry.id, SEALED_LABEL, entry.text_version, entry.sealed)
    return OpenedEntry(entry, document)


def list_item(tx: Transaction, row: Problem, course: Course) -> ListedProblem:
    """A problem as lists show it."""
    age = rules.age_days(row.opened_at, row.closed_at, tx.now)
    return ListedProblem(row, tree(tx).name_of(row.unit_id), age, course)


def assembled(
    tx: Transaction,
    row: Problem,
    entries: Sequence[OpenedEntry],
    units: frozenset[uuid.UUID],
    reports: list[ProblemReport] | None,
    course: Course,
) -> OpenedProblem:
    """A problem with what belongs to it."""
    known = list_item(tx, row, course)
    names = tuple(sorted(tree(tx).name_of(unit_id) for unit_id in units))
    months = priorities.months_of(tx, row.id)
    return OpenedProblem(
        row=known.row,
        unit=known.unit,
        age_days=known.age_days,
        course=course,
        title=_title(tx, row),
        entries=list(entries),
        partners=names,
        reports=reports,
        priority_in=months,
    )


def _title(tx: Transaction, row: Problem) -> str | None:
    """The title as it was written; None once erased."""
    if row.sealed is None:
        return row.title
    title: str = tx.sealer.open(tx, row.id, TITLE_LABEL, row.text_version, row.sealed)["title"]
    return title
