"""Where a caller stands at this moment: one query reads session, account, person, roles, posts, certificates.

It runs at every request, so that a change of role, unit or account acts at the next one. The database spells
all of it out as one text: one round trip, one value, and nothing to read anew while nothing changes. ASCII's
own separators stand between fields, rows and groups, for codes, ids and moments hold none; writing JSON would
take the database as long again as finding the rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache, reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.engine import Connection

from community_api.access.courses.loader import counts_until
from community_api.access.models import (
    Account,
    Case,
    CourseCertificate,
    Device,
    Person,
    PostHolder,
    Recusal,
    RoleGrant,
    Session,
)
from community_api.core.actor import Actor, Certificate, Grant
from community_api.core.database.engine import Database, UtcDateTime
from community_api.core.database.fast.prepared_statements import PreparedStatement
from community_api.core.database.tables import Epoch
from community_api.units.directory import EPOCH, heard
from community_api.units.models import UnitRow

FIELD, ROW, GROUP = "\x1f", "\x1e", "\x1d"
NOW: ColumnElement[datetime] = bindparam("now", type_=UtcDateTime())
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class CallerSnapshot:
    """What the database says of an account, and of the session it is asked about.

    The fields of the session and its device are None when none was asked about. ``device_lost``: the device
    was reported lost. ``pending_token_id``: the renewed refresh token of which nothing was used yet.
    """

    account_id: uuid.UUID
    person_id: uuid.UUID
    units_epoch: int
    username: str
    disabled: bool
    language: str
    timezone: str
    grants: tuple[Grant, ...]
    post_ids: frozenset[uuid.UUID]
    certificates: tuple[Certificate, ...]
    recused_from: frozenset[uuid.UUID]
    session_id: uuid.UUID | None = None
    session_ends_at: datetime | None = None
    session_ended: bool = False
    device_id: uuid.UUID | None = None
    device_lost: bool = False
    pending_token_id: uuid.UUID | None = None

    def actor(self, **values: Any) -> Actor:
        """The actor that this is; ``values`` are further fields, such as purpose."""
        return Actor(
            account_id=self.account_id,
            person_id=self.person_id,
            name=self.username,
            grants=self.grants,
            post_ids=self.post_ids,
            certificates=self.certificates,
            recused_from=self.recused_from,
            language=self.language,
            timezone=self.timezone,
            **values,
        )


def of_session(database: Database, session_id: uuid.UUID, now: datetime) -> CallerSnapshot | None:
    """The standing of the account that a session belongs to; None: there is no such session.

    The tree of units that this process has in memory is from then on no older than the standing.
    """
    with database.driver() as connection:
        told = {"session": session_id, "now": now}
        found = _standing_in(_of_session(database.engine.dialect).on(connection, told))
    if found is not None:
        heard(database.engine, found.units_epoch)
    return found


def of_account(connection: Connection, account_id: uuid.UUID, now: datetime) -> CallerSnapshot | None:
    """The standing of an account without a session; None: there is no such account."""
    driver = connection.connection.driver_connection
    told = {"account": account_id, "now": now}
    return _standing_in(_of_account(connection.dialect).on(driver, told))


def open_case(database: Database, case_id: uuid.UUID, person_id: uuid.UUID, now: datetime) -> bool:
    """Whether this case is the person's own and still open."""
    query = select(Case.id).where(Case.id == case_id, Case.person_id == person_id, Case.closes_at > now)
    with database.engine.connect() as connection:
        return connection.execute(query.where(Case.erased_at.is_(None))).first() is not None


def _standing_in(text: str | None) -> CallerSnapshot | None:
    return None if text is None else _read(text)


@lru_cache(maxsize=1024)
def _read(text: str) -> CallerSnapshot:
    """The standing that the database spelled out; the same words mean the same, so they are read once."""
    account, grants, posts, certificates, recusals, session = (_rows(group) for group in text.split(GROUP))
    account_id, person_id, epoch, username, disabled_at, language, timezone = account[0]
    session_id, ends_at, ended_at, device_id, lost_at, pending_id = session[0] if session else [""] * 6
    return CallerSnapshot(
        account_id=uuid.UUID(account_id),
        person_id=uuid.UUID(person_id),
        units_epoch=int(epoch),
        username=username,
        disabled=bool(disabled_at),
        language=language,
        timezone=timezone,
        grants=tuple(Grant(role, uuid.UUID(unit), name) for role, unit, name in sorted(grants)),
        post_ids=frozenset(uuid.UUID(post) for (post,) in posts),
        certificates=tuple(_certificate(*held) for held in certificates),
        recused_from=frozenset(uuid.UUID(subject) for (subject,) in recusals),
        session_id=uuid.UUID(session_id) if session_id else None,
        session_ends_at=_moment(ends_at) if ends_at else None,
        session_ended=bool(ended_at),
        device_id=uuid.UUID(device_id) if device_id else None,
        device_lost=bool(lost_at),
        pending_token_id=uuid.UUID(pending_id) if pending_id else None,
    )


def _rows(group: str) -> list[list[str]]:
    return [row.split(FIELD) for row in group.split(ROW)] if group else []


def _certificate(course: str, version: str, passed: str, expires: str, revoked: str) -> Certificate:
    """Days are those of UTC; the last good day is the one before the moment of expiry.

    That is earlier where a later version of the course says that this one is no longer enough.
    """
    last = (_moment(expires) - A_MOMENT).date()
    enough_until = counts_until(course, int(version) if version else None)
    return Certificate(
        course=course,
        passed_on=_moment(passed).date(),
        expires_on=last if enough_until is None else min(last, enough_until - timedelta(days=1)),
        revoked_at=_moment(revoked) if revoked else None,
    )


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


@cache
def _of_session(dialect: Dialect) -> PreparedStatement:
    session = _row(
        Session.id,
        Session.expires_at,
        Session.ended_at,
        Session.device_id,
        Device.revoked_at,
        Session.pending_token_id,
    )
    query = (
        _standing(dialect.name, session)
        .join(Session, Session.account_id == Account.id)
        .outerjoin(Device, Device.id == Session.device_id)
        .where(Session.id == bindparam("session", type_=Uuid()))
    )
    return PreparedStatement(dialect, query)


@cache
def _of_account(dialect: Dialect) -> PreparedStatement:
    query = _standing(dialect.name, _literal("")).where(Account.id == bindparam("account", type_=Uuid()))
    return PreparedStatement(dialect, query)


def _standing(dialect: str, session: ColumnElement[str]) -> Select[*tuple[str]]:
    account = _row(
        Account.id,
        Account.person_id,
        _epoch(),
        Account.username,
        Account.disabled_at,
        Person.language,
        Person.timezone,
    )
    parts = [account, _grants(dialect), _posts(dialect), _certificates(dialect), _recusals(dialect), session]
    whole = _between(GROUP, parts)
    return select(whole).select_from(Account).join(Person, Person.id == Account.person_id)


def _epoch() -> ColumnElement[int]:
    """How often units and posts have changed."""
    return func.coalesce(select(Epoch.value).where(Epoch.name == _literal(EPOCH)).scalar_subquery(), 0)


def _grants(dialect: str) -> ColumnElement[str]:
    return _gathered(
        dialect,
        _row(RoleGrant.role, RoleGrant.unit_id, UnitRow.name),
        lambda query: query.join(UnitRow, UnitRow.id == RoleGrant.unit_id).where(
            RoleGrant.account_id == Account.id, _in_force(RoleGrant)
        ),
    )


def _posts(dialect: str) -> ColumnElement[str]:
    return _gathered(
        dialect,
        _row(PostHolder.post_id),
        lambda query: query.where(PostHolder.person_id == Account.person_id, _in_force(PostHolder)),
    )


def _certificates(dialect: str) -> ColumnElement[str]:
    held = _row(
        CourseCertificate.course,
        CourseCertificate.course_version,
        CourseCertificate.passed_at,
        CourseCertificate.expires_at,
        CourseCertificate.revoked_at,
    )
    return _gathered(
        dialect, held, lambda query: query.where(CourseCertificate.person_id == Account.person_id)
    )


def _recusals(dialect: str) -> ColumnElement[str]:
    return _gathered(
        dialect,
        _row(Recusal.subject_id),
        lambda query: query.where(Recusal.person_id == Account.person_id),
    )


def _in_force(model: type[RoleGrant | PostHolder]) -> ColumnElement[bool]:
    return and_(model.since <= NOW, or_(model.until.is_(None), model.until > NOW))


def _row(*columns: Any) -> ColumnElement[str]:
    """The columns of one row, NULL as nothing."""
    return _between(FIELD, [func.coalesce(cast(column, Text()), _literal("")) for column in columns])


def _gathered(
    dialect: str, row: ColumnElement[str], narrow: Callable[[Select[Any]], Select[Any]]
) -> ColumnElement[str]:
    """All rows of a subquery; nothing for none."""
    join = func.string_agg if dialect == "postgresql" else func.group_concat
    rows = narrow(select(join(row, _literal(ROW)))).correlate(Account).scalar_subquery()
    return func.coalesce(rows, _literal(""))


def _between(separator: str, parts: list[ColumnElement[str]]) -> ColumnElement[str]:
    first, *others = parts
    return reduce(lambda joined, part: joined.concat(_literal(separator)).concat(part), others, first)


def _literal(text: str) -> ColumnElement[str]:
    """A text that stands in the statement itself."""
    return literal_column(f"'{text}'", Text())
