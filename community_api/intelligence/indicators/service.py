"""What the system can do with indicator lists: put them in force, show them, let a flag cite them."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from community_api import access, audit
from community_api.access.permissions import Permission
from community_api.audit.terms import Action
from community_api.core.actor import SYSTEM, Actor
from community_api.core.database import commands
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, StartupError
from community_api.core.ids import new_id
from community_api.intelligence.indicators import rules
from community_api.intelligence.indicators.loader import (
    DEFAULT_KIND,
    LISTS,
    declared_lists,
    parse_list,
    path_of,
)
from community_api.intelligence.indicators.models import IndicatorListRow
from community_api.intelligence.indicators.terms import KIND, Force, IndicatorList

_PARSED: dict[str, IndicatorList] = {}


@dataclass(frozen=True)
class Listed:
    """A version and when it was or is in force; ``row_version`` counts changes of that time."""

    declared: IndicatorList
    force: Force
    row_version: int


def install(uow: UnitOfWork, *, renew: bool = False, folder: Path = LISTS) -> None:
    """Store the declared lists and put the newest of each kind in force; safe to repeat at every start.

    A newer version ends the one before it. ``renew`` puts a list in force again whose sunset has
    passed: for demo and test; a real installation approves a list anew. Raises StartupError when a list
    that is stored is no longer the one that is declared.
    """
    commands.again(lambda: _install(uow, renew=renew, folder=folder))


def read_active(uow: UnitOfWork, actor: Actor, *, kind: str = DEFAULT_KIND) -> Listed:
    """The list in force, for everybody who may read it; raises DomainError ``indicator_list_lapsed``."""
    with uow() as tx:
        access.require(tx, actor, Permission.INDICATOR_LIST_READ, None)
        return active(tx, kind=kind)


def active(tx: Transaction, *, kind: str = DEFAULT_KIND) -> Listed:
    """The list in force now; raises DomainError ``indicator_list_lapsed`` when none is."""
    rows = {row.number: row for row in _stored(tx, kind)}
    force = rules.in_force(map(_force, rows.values()), tx.now)
    if force is None:
        raise DomainError("indicator_list_lapsed")
    return _listed(rows[force.version])


def active_version(tx: Transaction, *, kind: str = DEFAULT_KIND) -> int | None:
    """The number of the list in force now, None when none is."""
    force = rules.in_force(map(_force, _stored(tx, kind)), tx.now)
    return None if force is None else force.version


def citable(tx: Transaction, kind: str, version: int, occurred_at: datetime) -> IndicatorList:
    """The list that a flag may cite for something that occurred at ``occurred_at`` (contract 6).

    Raises DomainError ``indicator_list_superseded`` when this version may no longer be, or never could be,
    cited, and ``indicator_list_lapsed`` when that is because no list is in force at all.
    """
    rows = _stored(tx, kind)
    for row in rows:
        if row.number == version and rules.acceptable(_force(row), tx.now, occurred_at):
            return _listed(row).declared
    if rules.in_force(map(_force, rows), tx.now) is None:
        raise DomainError("indicator_list_lapsed")
    raise DomainError("indicator_list_superseded")


def is_indicator(tx: Transaction, code: str) -> bool:
    """Whether any version of any list that was in force names this indicator."""
    rows: Sequence[IndicatorListRow] = tx.all(select(IndicatorListRow))
    return any(code in _parsed(row).indicators for row in rows)


def version_of(tx: Transaction, *, kind: str, version: int) -> IndicatorList | None:
    """A version that was in force at some time, for reading what cited it; None when there was none."""
    row = tx.first(_query(kind).where(IndicatorListRow.number == version))
    return None if row is None else _listed(row).declared


def _install(uow: UnitOfWork, *, renew: bool, folder: Path) -> None:
    with uow() as tx:
        lists = declared_lists(folder)
        for kind in sorted({kind for kind, _version in lists}):
            rows = {row.number: row for row in _stored(tx, kind)}
            declared = {version: one for (of, version), one in lists.items() if of == kind}
            _compare(rows, declared)
            _put_in_force(tx, rows, declared[max(declared)], folder)
            if renew:
                _renew(tx, rows, declared)


def newest(tx: Transaction, kind: str) -> IndicatorList | None:
    """The list of the greatest number that is or was in force; None: there is none of that kind."""
    rows = _stored(tx, kind)
    return _listed(rows[-1]).declared if rows else None


def put_in_force(
    tx: Transaction, declared: IndicatorList, content: Mapping[str, Any], *, approvals: Sequence[str]
) -> IndicatorListRow:
    """Buffer a list that two people have approved, in force until its sunset; the one before ends now."""
    for row in _stored(tx, declared.kind):
        if _force(row).at(tx.now):
            tx.update_row(row, active_until=tx.now)
    return tx.add(
        IndicatorListRow(
            id=new_id(),
            kind=declared.kind,
            number=declared.version,
            sha256=declared.sha256,
            content=dict(content),
            approvals=list(approvals),
            active_from=tx.now,
            active_until=months_later(tx.now, declared.sunset_months),
        )
    )


def _compare(rows: Mapping[int, IndicatorListRow], declared: Mapping[int, IndicatorList]) -> None:
    for number, row in rows.items():
        # What was adopted here under a number stays; a list that the product ships later has a greater one.
        if number in declared and not row.approvals and declared[number].sha256 != row.sha256:
            raise StartupError(
                f"{row.kind}.v{number}.yaml: is not the list that was put in force; make a new version"
            )


def _put_in_force(
    tx: Transaction, rows: Mapping[int, IndicatorListRow], newest: IndicatorList, folder: Path
) -> None:
    """Store the newest version if it is new, from now until its sunset; what was in force ends now."""
    if newest.version in rows or any(number > newest.version for number in rows):
        return
    for row in rows.values():
        if _force(row).at(tx.now):
            tx.update_row(row, active_until=tx.now)
    made = tx.add(
        IndicatorListRow(
            id=new_id(),
            kind=newest.kind,
            number=newest.version,
            sha256=newest.sha256,
            content=yaml.safe_load(path_of(newest, folder).read_bytes()),
            approvals=[],
            active_from=tx.now,
            active_until=months_later(tx.now, newest.sunset_months),
        )
    )
    _leaf(tx, made, 1)


def _renew(
    tx: Transaction, rows: Mapping[int, IndicatorListRow], declared: Mapping[int, IndicatorList]
) -> None:
    row = rows.get(max(declared))
    if row is not None and tx.now >= row.active_until:
        tx.update_row(row, active_until=months_later(tx.now, declared[row.number].sunset_months))
        _leaf(tx, row, row.version)


def _leaf(tx: Transaction, row: IndicatorListRow, version: int) -> None:
    audit.record(
        tx, SYSTEM, Action.CONFIG, Permission.INDICATOR_LIST_APPROVE, KIND, row.id,
        version=version, to_state="in_force",
    )  # fmt: skip


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and time ``months`` later, or the last day of that month where it is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year = moment.year + years
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def _query(kind: str) -> Any:
    return select(IndicatorListRow).where(IndicatorListRow.kind == kind).order_by(IndicatorListRow.number)


def _stored(tx: Transaction, kind: str) -> Sequence[IndicatorListRow]:
    return tx.all(_query(kind))


def _force(row: IndicatorListRow) -> Force:
    return Force(row.number, row.active_from, row.active_until)


def _listed(row: IndicatorListRow) -> Listed:
    return Listed(_parsed(row), _force(row), row.version)


def _parsed(row: IndicatorListRow) -> IndicatorList:
    """Content never changes under its hash: each list is read and parsed once in a process."""
    known = _PARSED.get(row.sha256)
    if known is None:
        known = _PARSED[row.sha256] = parse_list(row.content, row.sha256)
    return known
