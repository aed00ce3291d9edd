"""What to think over when a partner works on a problem of which a report must not be passed on."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from community_api.community.concerns.models import Concern
from community_api.community.concerns.terms import KIND as CONCERN
from community_api.community.problems import queries
from community_api.community.problems.models import Problem, ProblemReport
from community_api.community.wishes import service as wishes
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import FieldError

CODE = "partner_and_wish"


def warnings(
    tx: Transaction,
    row: Problem,
    attached: Sequence[ProblemReport],
    units: frozenset[uuid.UUID],
    values: Mapping[str, Any],
) -> list[FieldError]:
    """Warn whoever brings a partner and a report together whose teller forbade to pass it on.

    The partner is shown no report, so it is no handover and nothing is refused (contract section 6).
    ``attached``: the reports that come with this write; ``units``: all partners of the problem from now on.
    """
    named = [index for index, one in enumerate(values.get("partners", ())) if one.get("unit") is not None]
    known = queries.reports(tx, row.id) if named else []
    bound = {one.report_id for one in (*known, *attached) if units and _must_stay(tx, one)}
    if not bound:
        return []
    reports = [
        FieldError(f"/concerns/{index}", CODE)
        for index, report_id in enumerate(values.get("concerns", ()))
        if report_id in bound and report_id in {one.report_id for one in attached}
    ]
    return [*(FieldError(f"/partners/{index}/unit", CODE) for index in named), *reports]


def _must_stay(tx: Transaction, report: ProblemReport) -> bool:
    return report.report_kind == CONCERN and wishes.forbids(tx.get(Concern, report.report_id))
