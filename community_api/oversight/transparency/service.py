"""What everybody may know, gathered: the list in force, the procedures, what is stopped, figures."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from community_api import procedures
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.intelligence.chain.reports import report_figures as reports
from community_api.intelligence.flags import flag_figures as flags
from community_api.intelligence.indicators import service as indicators
from community_api.intelligence.indicators.service import Listed
from community_api.intelligence.suspensions import service as suspensions
from community_api.intelligence.suspensions.terms import Subject
from community_api.oversight import suppression
from community_api.oversight.transparency import rules
from community_api.procedure_engine.pack.definition import Pack

PUBLISHED: Final = ("raised", "confirmed", "refused", "turned_away", "disseminated", "recalled")


@dataclass(frozen=True)
class Quarter:
    """Published figures of a quarter, both days included; None: fewer than ten."""

    first_day: date
    last_day: date
    numbers: dict[str, int | None]


@dataclass(frozen=True)
class Transparency:
    """``listed`` None: no list is in force, so nothing can be flagged."""

    listed: Listed | None
    packs: list[Pack]
    stopped_indicators: frozenset[str]
    stopped_procedures: frozenset[str]
    quarters: list[Quarter]


class _Counted(NamedTuple):
    """What happened from ``start`` until before ``end``."""

    start: datetime
    end: datetime
    numbers: Counter[str]


_kept: Final[WeakKeyDictionary[Engine, tuple[date | None, tuple[_Counted, ...]]]] = WeakKeyDictionary()
_counting: Final = threading.Lock()


def read_transparency(uow: UnitOfWork) -> Transparency:
    """What everybody may know; about nobody, asked by nobody who is known, so no leaf is written."""
    with uow() as tx:
        taken = procedures.in_force(tx)
        packs = [] if taken is None else [taken]
        smallest = suppression.shown_from(packs)
        return Transparency(
            listed=_listed(tx),
            packs=packs,
            stopped_indicators=suspensions.suspended(tx, Subject.INDICATOR),
            stopped_procedures=suspensions.suspended(tx, Subject.PROCEDURE),
            quarters=[_published(one, smallest) for one in _counted(tx)],
        )


def _listed(tx: Transaction) -> Listed | None:
    try:
        return indicators.active(tx)
    except DomainError:
        return None


def _published(counted: _Counted, smallest: int) -> Quarter:
    numbers = {word: suppression.publishable(counted.numbers[word], smallest) for word in PUBLISHED}
    return Quarter(counted.start.date(), (counted.end - timedelta(days=1)).date(), numbers)


def _counted(tx: Transaction) -> tuple[_Counted, ...]:
    """The quarters that are over, counted once a day by each process: what is over hardly changes.

    Everybody may ask, as often as they like, and counting looks through all flags there ever were.
    """
    engine, today = tx.database.engine, tx.now.date()
    # Whoever asks while they are counted waits for them, rather than counting them as well.
    with _counting:
        day, kept = _kept.get(engine, (None, ()))
        if day != today:
            kept = tuple(_count(tx, start, end) for start, end in rules.quarters_over(tx.now))
            _kept[engine] = today, kept
    return kept


def _count(tx: Transaction, start: datetime, end: datetime) -> _Counted:
    counted: Counter[str] = Counter()
    for (_unit, word), number in (
        flags.acts(tx, start, end) + reports.count_disseminations(tx, start, end)
    ).items():
        counted[word] += number
    counted["turned_away"] = sum(flags.at_the_door(tx, start, end).values())
    return _Counted(start, end, counted)
