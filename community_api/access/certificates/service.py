"""What trainers do: say who has passed which course, and take it back; both act at the next request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, select

from community_api import audit
from community_api.access import authorize
from community_api.access.courses import loader
from community_api.access.courses.loader import FIRST, Course, enough_until
from community_api.access.matrix import matrix
from community_api.access.models import Account, CourseCertificate, RoleGrant
from community_api.access.people import account_of, grants_of
from community_api.access.permissions import Permission
from community_api.access.proposals.queries import usernames
from community_api.access.target import Target, persons
from community_api.access.usernames import normal_username
from community_api.access.visibility import VisibleScope
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.commands import Command
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, invalid
from community_api.core.pagination import Page, PageWanted, page
from community_api.procedure_engine.terms import COURSES

KIND: Final = "certificate"
LABEL: Final = "access.certificate"
# A course is taken again sooner or later: law and lists change.
LONGEST: Final = timedelta(days=5 * 366)


@dataclass(frozen=True)
class ShownCertificate:
    """A certificate of somebody; ``valid``: whether it counts today. ``reason``: why it was revoked."""

    id: uuid.UUID
    account: str | None
    course: str
    course_version: int | None
    score: int | None
    passed_at: datetime
    expires_at: datetime
    issued_at: datetime
    revoked_at: datetime | None
    valid: bool
    reason: str | None = None


def courses() -> frozenset[str]:
    """The courses that some right or procedure can ask for; a certificate of another would open nothing."""
    asked = frozenset(row.certificate for row in matrix().rows.values() if row.certificate is not None)
    return asked | frozenset(COURSES)


def issue(
    uow: UnitOfWork,
    actor: Actor,
    command: Command,
    *,
    account: str,
    course: str,
    passed_at: datetime,
    expires_at: datetime,
    course_version: int | None = None,
    score: int | None = None,
) -> ShownCertificate:
    """Say that somebody in the trainer's scope has passed a course.

    ``course_version`` None: the one that was taught on the day of ``passed_at``. ``score``: the share of the
    test's questions in percent; None: it was not written down.

    Raises DomainError ``role_not_allowed``, ``same_person`` for one's own; ``validation_failed``. An account
    out of scope is as one that is not there.
    """
    with uow(command) as tx:
        authorize.require(tx, actor, Permission.CERTIFICATE_ISSUE, None)
        holder = _holder(tx, actor, account)
        _check_times(tx, passed_at, expires_at)
        passed = _version(course, course_version, passed_at.date())
        if score is not None and score < passed.pass_percent:
            raise invalid("/score", "test_not_passed", min=passed.pass_percent)
        row = tx.add(
            CourseCertificate(
                id=command.record_id,
                person_id=holder.person_id,
                course=course,
                course_version=passed.version,
                score=score,
                passed_at=passed_at,
                expires_at=expires_at,
                issued_by=actor.person_id,
                issued_at=tx.now,
            )
        )
        audit.record(
            tx, actor, Action.CONFIG, Permission.CERTIFICATE_ISSUE, KIND, row.id, to_state="issued",
            outcome=course,
        )  # fmt: skip
        return _describe(tx, row, holder.username)


def revoke(
    uow: UnitOfWork, actor: Actor, command: Command, *, certificate_id: uuid.UUID, reason: str
) -> ShownCertificate:
    """Take a certificate back, from now on. Raises DomainError ``not_found``, ``already_withdrawn``."""
    with uow(command) as tx:
        row = _find(tx, actor, certificate_id, Permission.CERTIFICATE_REVOKE)
        if row.revoked_at is not None:
            raise DomainError("already_withdrawn")
        sealed = tx.sealer.seal_new(tx, row.id, LABEL, {"reason": reason})
        values = {"revoked_at": tx.now, "revoked_by": actor.person_id, "sealed": sealed}
        tx.update_where(CourseCertificate, {"id": row.id, "revoked_at": None}, values)
        audit.record(
            tx, actor, Action.CONFIG, Permission.CERTIFICATE_REVOKE, KIND, row.id,
            from_state="issued", to_state="revoked", outcome=row.course, payload={"reason": reason},
        )  # fmt: skip
        name = usernames(tx, [row.person_id]).get(row.person_id)
        shown = _describe(tx, row, name)
        return replace(shown, revoked_at=tx.now, valid=False, reason=reason)


def read(
    uow: UnitOfWork, actor: Actor, certificate_id: uuid.UUID, permission: Permission
) -> ShownCertificate:
    """A certificate as it is now, for a command that is sent again. Raises ``not_found``."""
    with uow() as tx:
        row = _find(tx, actor, certificate_id, permission)
        return _describe(tx, row, usernames(tx, [row.person_id]).get(row.person_id))


def list_certificates(
    uow: UnitOfWork, actor: Actor, *, account: str | None, course: str | None, wanted: PageWanted
) -> Page:
    """Certificates of people in the trainer's scope, newest first; ``account``, ``course`` None: all."""
    with uow() as tx:
        sight = authorize.require_list(tx, actor, Permission.CERTIFICATE_LIST)
        found = page(
            tx,
            _visible(sight, None if account is None else normal_username(account), course),
            order=[CourseCertificate.issued_at, CourseCertificate.id],
            newest_first=True,
            wanted=wanted,
            scope=f"certificates:{actor.account_id}:{account}:{course}",
        )
        ids = [row.id for row in found.items]
        audit.record(tx, actor, Action.CONSULT, Permission.CERTIFICATE_LIST, KIND, None, seen=ids)
        names = usernames(tx, {row.person_id for row in found.items})
        return Page(
            [_describe(tx, row, names.get(row.person_id), bare=True) for row in found.items],
            found.next_cursor,
        )


def _holder(tx: Transaction, actor: Actor, username: str) -> Account:
    found = account_of(tx, normal_username(username))
    if found is None or found.disabled_at is not None:
        raise invalid("/account", "not_a_reference")
    target = _target(tx, found.person_id)
    decision = authorize.decide(tx, actor, Permission.CERTIFICATE_ISSUE, target)
    if not decision.allow and actor.person_id != found.person_id:
        raise invalid("/account", "not_a_reference")
    authorize.require(tx, actor, Permission.CERTIFICATE_ISSUE, target)
    return found


def _find(
    tx: Transaction, actor: Actor, certificate_id: uuid.UUID, permission: Permission
) -> CourseCertificate:
    row = tx.get(CourseCertificate, certificate_id)
    target = Target.absent(KIND) if row is None else _target(tx, row.person_id)
    authorize.require(tx, actor, permission, target, object_id=certificate_id)
    if row is None:
        raise DomainError("not_found")
    return row


def _target(tx: Transaction, person_id: uuid.UUID) -> Target:
    """It belongs where its holder works; nobody issues or takes back their own."""
    units = frozenset(grant.unit_id for grant in grants_of(tx, person_id))
    return Target(KIND, also_in=units, authors=persons(person_id))


def _version(code: str, version: int | None, day: date) -> Course:
    """The version of a course that was passed on a day."""
    taught = loader.in_force(code, day) if version is None else loader.courses().get((code, version))
    if taught is None or taught.effective_from > day:
        if version is not None:
            raise invalid("/course_version", "not_taught_then")
        taught = loader.courses()[code, FIRST]
    return taught


def _check_times(tx: Transaction, passed_at: datetime, expires_at: datetime) -> None:
    if passed_at > tx.now:
        raise invalid("/passed_at", "in_the_future")
    if expires_at <= passed_at:
        raise invalid("/expires_at", "before_start")
    if expires_at - passed_at > LONGEST:
        raise invalid("/expires_at", "too_far_ahead")


def _visible(sight: VisibleScope, account: str | None, course: str | None) -> Select[Any]:
    in_scope = (
        select(Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.unit_id.in_(sight.units))
    )
    query = select(CourseCertificate).where(CourseCertificate.person_id.in_(in_scope))
    if course is not None:
        query = query.where(CourseCertificate.course == course)
    if account is not None:
        owner = select(Account.person_id).where(Account.username == account)
        query = query.where(CourseCertificate.person_id.in_(owner))
    return query


def _describe(
    tx: Transaction, row: CourseCertificate, account: str | None, *, bare: bool = False
) -> ShownCertificate:
    reason = None
    if row.sealed is not None and not bare:
        reason = tx.sealer.open(tx, row.id, LABEL, 1, row.sealed)["reason"]
    expires_at = enough_until(row)
    return ShownCertificate(
        id=row.id,
        account=account,
        course=row.course,
        course_version=row.course_version,
        score=row.score,
        passed_at=row.passed_at,
        expires_at=expires_at,
        issued_at=row.issued_at,
        revoked_at=row.revoked_at,
        valid=row.revoked_at is None and row.passed_at <= tx.now < expires_at,
        reason=reason,
    )
