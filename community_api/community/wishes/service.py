"""Asks of every way by which a report could leave its team whether its teller allows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from community_api import procedures
from community_api.community.concerns import emergency_alert
from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.observations.models import Observation
from community_api.community.wishes import rules
from community_api.community.wishes.terms import Way
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError
from community_api.procedure_engine.localize import speaker
from community_api.safeguarding.models import SafeguardingRecord


def forbids(row: Observation | Concern | None) -> bool:
    """Whether a report is not to be passed on; only members of the public are asked."""
    return isinstance(row, Concern) and row.do_not_pass_on


def check(
    tx: Transaction, row: Observation | Concern, ways: Collection[Way], values: Mapping[str, Any]
) -> bool:
    """Refuse what its teller forbade; whether it leaves by an exception.

    ``values``: exception, exception_reason, either left out. The caller changes the report in the same commit
    or guards it (`guard`). Raises DomainError ``not_to_be_passed_on``.
    """
    if not isinstance(row, Concern) or not row.do_not_pass_on or not ways:
        return False
    pack = procedures.in_force(tx)
    allowed = rules.may_leave(
        values.get("exception"),
        ways,
        danger_acknowledged=emergency_alert.is_known(tx, row),
        category=row.category,
        to_pursue=frozenset() if pack is None else pack.categories_to_pursue,
    )
    if not allowed:
        raise DomainError("not_to_be_passed_on")
    return True


def check_handover(tx: Transaction, record: SafeguardingRecord, values: Mapping[str, Any]) -> None:
    """The same of what a partner is given about the report that a safeguarding record is about, if any.

    A record that the chain opened names no report: of one that came by an exception only serious harm lets
    anything go on, for danger and laws are judged by the report.
    """
    known = record.subject_kind == CONCERN and record.subject_id is not None
    row = tx.get(Concern, record.subject_id) if known else None
    if row is not None:
        check(tx, row, (Way.PARTNER,), values)
        guard(tx, row)
    elif record.kept_apart and not rules.may_leave(
        values.get("exception"), (Way.PARTNER,), danger_acknowledged=False, category=None, to_pursue=()
    ):
        raise DomainError("not_to_be_passed_on")


def guard(tx: Transaction, row: Observation | Concern) -> None:
    """Stale at the commit when a concern changed since it was read: a teller who forbids it is heard."""
    if isinstance(row, Concern):
        tx.update_where(Concern, {"id": row.id, "version": row.version}, {"version": row.version})


def laws_to_pursue(uow: UnitOfWork, language: str) -> Mapping[str, str]:
    """Laws by category of report, as the procedure in force names what the police must pursue."""
    with uow() as tx:
        pack = procedures.in_force(tx)
    if pack is None:
        return {}
    say = speaker(pack, language)
    return {one.category: say(one.law) for one in pack.duty_to_pursue}
