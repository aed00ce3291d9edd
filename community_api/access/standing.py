"""Where a caller stands at this moment: one query reads session, account, person, roles, posts, certificates.

It runs at every request, so that a change of role, unit or account acts at the next one. Lists come as JSON
from the database itself: one row, one round trip.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    DateTime,
    ScalarSelect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.engine import Connection, Row

from community_api.access.models import (
    Account,
    Case,
    CourseCertificate,
    Device,
    Person,
    PostHolder,
    RoleGrant,
    Session,
)
from community_api.core.actor import Actor, Certificate, Grant
from community_api.core.db import DialectName, UtcDateTime
from community_api.units.models import UnitRow

NOW: ColumnElement[datetime] = bindparam("now", type_=UtcDateTime())
A_MOMENT = timedelta(microseconds=1)


def of_session(connection: Connection, session_id: uuid.UUID, now: datetime) -> Row[Any] | None:
    """The standing of the account that a session belongs to; None: there is no such session."""
    statement = _of_session(connection.dialect.name)
    return connection.execute(statement, {"session": session_id, "now": now}).first()


def of_account(connection: Connection, account_id: uuid.UUID, now: datetime) -> Row[Any] | None:
    """The standing of an account without a session; None: there is no such account."""
    statement = _of_account(connection.dialect.name)
    return connection.execute(statement, {"account": account_id, "now": now}).first()


def open_case(connection: Connection, case_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> bool:
    """Whether this case is the person's own and still open."""
    query = select(Case.id).where(Case.id == case_id, Case.person_id == person_id, Case.closes_at > now)
    return connection.execute(query.where(Case.erased_at.is_(None))).first() is not None


def actor_of(row: Row[Any], **told: Any) -> Actor:
    """The actor that a standing describes; ``told`` are further fields, such as purpose."""
    return Actor(
        account_id=row.account_id,
        person_id=row.person_id,
        name=row.username,
        grants=tuple(Grant(role, uuid.UUID(unit), name) for role, unit, name in _listed(row.grants)),
        post_ids=frozenset(uuid.UUID(post) for (post,) in _listed(row.posts)),
        certificates=tuple(_certificate(*held) for held in _listed(row.certificates)),
        language=row.language,
        timezone=row.timezone,
        **told,
    )


def _listed(told: Any) -> list[Any]:
    """What a database gathered: text on SQLite, read already on PostgreSQL; None there for nothing."""
    listed = orjson.loads(told) if isinstance(told, str) else told
    return listed or []


def _certificate(course: str, passed: str, expires: str, revoked: str | None) -> Certificate:
    """Days are those of UTC; the last good day is the one before the moment of expiry."""
    return Certificate(
        course=course,
        passed_on=_moment(passed).date(),
        expires_on=(_moment(expires) - A_MOMENT).date(),
        revoked_at=None if revoked is None else _moment(revoked),
    )


def _moment(told: str) -> datetime:
    read = datetime.fromisoformat(told)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


@cache
def _of_session(dialect: DialectName) -> Select[Any]:
    return (
        _standing(dialect)
        .add_columns(
            Session.id.label("session_id"),
            Session.started_at,
            Session.expires_at,
            Session.ended_at,
            Device.id.label("device_id"),
            Device.revoked_at.label("device_revoked_at"),
        )
        .join(Session, Session.account_id == Account.id)
        .outerjoin(Device, Device.id == Session.device_id)
        .where(Session.id == bindparam("session", type_=Uuid()))
    )


@cache
def _of_account(dialect: DialectName) -> Select[Any]:
    return _standing(dialect).where(Account.id == bindparam("account", type_=Uuid()))


def _standing(dialect: DialectName) -> Select[Any]:
    return (
        select(
            Account.id.label("account_id"),
            Account.person_id,
            Account.username,
            Account.disabled_at,
            Person.language,
            Person.timezone,
            _grants(dialect).label("grants"),
            _posts(dialect).label("posts"),
            _certificates(dialect).label("certificates"),
        )
        .select_from(Account)
        .join(Person, Person.id == Account.person_id)
    )


def _grants(dialect: DialectName) -> ScalarSelect[Any]:
    held = _gathered(dialect, RoleGrant.role, RoleGrant.unit_id, UnitRow.name)
    return (
        select(held)
        .join(UnitRow, UnitRow.id == RoleGrant.unit_id)
        .where(RoleGrant.account_id == Account.id, _in_force(RoleGrant))
        .correlate(Account)
        .scalar_subquery()
    )


def _posts(dialect: DialectName) -> ScalarSelect[Any]:
    held = _gathered(dialect, PostHolder.post_id)
    return (
        select(held)
        .where(PostHolder.person_id == Account.person_id, _in_force(PostHolder))
        .correlate(Account)
        .scalar_subquery()
    )


def _certificates(dialect: DialectName) -> ScalarSelect[Any]:
    held = _gathered(
        dialect,
        CourseCertificate.course,
        CourseCertificate.passed_at,
        CourseCertificate.expires_at,
        CourseCertificate.revoked_at,
    )
    return (
        select(held)
        .where(CourseCertificate.person_id == Account.person_id)
        .correlate(Account)
        .scalar_subquery()
    )


def _in_force(model: type[RoleGrant | PostHolder]) -> ColumnElement[bool]:
    return and_(model.since <= NOW, or_(model.until.is_(None), model.until > NOW))


def _gathered(dialect: DialectName, *columns: Any) -> ColumnElement[Any]:
    """All rows as one JSON array of arrays."""
    if dialect == "postgresql":
        return func.json_agg(func.json_build_array(*columns))
    return func.json_group_array(func.json_array(*(_plain(column) for column in columns)), type_=Text())


def _plain(column: Any) -> ColumnElement[Any]:
    """What SQLite keeps as text, without SQLAlchemy's wish to bind it as a moment or a UUID."""
    return cast(column, Text()) if isinstance(column.type, (DateTime, UtcDateTime, Uuid)) else column
