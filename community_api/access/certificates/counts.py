"""How many officers of a team are certified: figures about fewer tell of persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, select

from community_api.access.models import Account, CourseCertificate, RoleGrant
from community_api.core.database.unit_of_work import Transaction
from community_api.units.terms import Role


def certified_officers(tx: Transaction, unit_ids: Collection[UUID]) -> dict[UUID, int]:
    """Officers by team who hold a certificate that counts now; a team of none is left out."""
    query = (
        select(RoleGrant.unit_id, Account.person_id)
        .distinct()
        .join(Account, Account.id == RoleGrant.account_id)
        .join(CourseCertificate, CourseCertificate.person_id == Account.person_id)
        .where(
            RoleGrant.unit_id.in_(unit_ids),
            RoleGrant.role == Role.OFFICER.value,
            RoleGrant.since <= tx.now,
            or_(RoleGrant.until.is_(None), RoleGrant.until > tx.now),
            Account.disabled_at.is_(None),
            CourseCertificate.revoked_at.is_(None),
            CourseCertificate.passed_at <= tx.now,
            CourseCertificate.expires_at > tx.now,
        )
    )
    return Counter(unit_id for unit_id, _person_id in tx.all(query)) if unit_ids else {}
