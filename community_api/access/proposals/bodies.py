"""What each kind of proposal says, in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from community_api.access.accounts.imports import MOST
from community_api.access.terms import USERNAME_MAX, ProposalKind
from community_api.core.http import views
from community_api.core.schemas.fields import BaseSchema, Choice, Id, Moment, Text, Truth
from community_api.core.schemas.validators import Bounded, Several
from community_api.procedures.terms import CONTENT_MAX
from community_api.units.terms import (
    PARTNER_PATTERN,
    UNIT_NAME_MAX,
    Level,
    Role,
    is_holiday_region,
    is_timezone,
)
from community_api.wording.fields import WorkText


def _name(longest: int, example: str, **values: Any) -> fields.String:
    return fields.String(validate=Bounded(longest), metadata={"example": example}, **values)


class _Reasoned(BaseSchema):
    reason = WorkText(2000)


class AccountCreate(_Reasoned):
    """A new account; ``person`` names an account of somebody who is known and gets a further one."""

    username = _name(USERNAME_MAX, "h.brekke", required=True)
    name = Text(200, required=True)
    role = Choice(Role, required=True)
    unit = _name(UNIT_NAME_MAX, "lin-a", required=True)
    language = _name(35, "de")
    timezone = _name(64, "Europe/Berlin")
    person = _name(USERNAME_MAX, "h.brekke")

    @validates_schema
    def _must_be_known(self, body: dict[str, Any], **_kwargs: Any) -> None:
        _check_manner(body)


class AccountDisable(_Reasoned):
    """Somebody leaves; ``successor`` takes over the roles and posts of the account."""

    account = _name(USERNAME_MAX, "h.brekke", required=True)
    successor = _name(USERNAME_MAX, "officer1.lin-a")


class AccountEnable(_Reasoned):
    """Somebody comes back: the closed account, with its name and its roles, is theirs again."""

    account = _name(USERNAME_MAX, "h.brekke", required=True)


class AccountRow(BaseSchema):
    """One of many new accounts, each of a new person."""

    username = _name(USERNAME_MAX, "h.brekke", required=True)
    name = Text(200, required=True)
    role = Choice(Role, required=True)
    unit = _name(UNIT_NAME_MAX, "lin-a", required=True)
    language = _name(35, "de")
    timezone = _name(64, "Europe/Berlin")

    @validates_schema
    def _must_be_known(self, body: dict[str, Any], **_kwargs: Any) -> None:
        _check_manner(body)


class AccountsImport(_Reasoned):
    """New accounts, decided as one: all are made, or none."""

    accounts = fields.List(fields.Nested(AccountRow), required=True, validate=Several(1, MOST))


def _check_manner(body: dict[str, Any]) -> None:
    """Language and zone are ones that the product offers."""
    if "language" in body and body["language"] not in views.services().words.offered:
        raise ValidationError("not_a_language", "language")
    if "timezone" in body and not is_timezone(body["timezone"]):
        raise ValidationError("not_a_timezone", "timezone")


class Held(_Reasoned):
    """A role that an account holds in a unit."""

    account = _name(USERNAME_MAX, "h.brekke", required=True)
    role = Choice(Role, required=True)
    unit = _name(UNIT_NAME_MAX, "lin-a", required=True)


class GrantBody(Held):
    """A role to be given, from now or ``from`` on, without end or ``until`` (excluded)."""

    since = Moment(data_key="from", attribute="from")
    until = Moment()


class PostHolderBody(_Reasoned):
    """Whether somebody who has the role of a post holds it: what it owes is then theirs to do."""

    post = _name(100, "supervisor.lin-a", required=True)
    account = _name(USERNAME_MAX, "h.brekke", required=True)
    holds = Truth()
    since = Moment(data_key="from", attribute="from")
    until = Moment()


class AbsenceBody(_Reasoned):
    """Somebody is away ``from`` (else now) ``until`` (excluded); ``account`` None: the caller.

    ``deputy`` gets roles and posts for that time. Or, instead of a time, ``duty``: somebody steps back from
    one matter that their post owes, and takes no further part in it.
    """

    account = _name(USERNAME_MAX, "h.brekke")
    since = Moment(data_key="from", attribute="from")
    until = Moment()
    deputy = _name(USERNAME_MAX, "supervisor2.lin-a")
    duty = Id()

    @validates_schema
    def _a_time_or_a_matter(self, body: dict[str, Any], **_kwargs: Any) -> None:
        if "duty" not in body and "until" not in body:
            raise ValidationError("required", "until")
        if "duty" in body:
            for name in body.keys() & {"from", "until", "deputy"}:
                raise ValidationError("not_needed", name)


class PasswordReset(_Reasoned):
    """Whose password is forgotten; it is good until the token of the decision is used."""

    account = _name(USERNAME_MAX, "h.brekke", required=True)


class _UnitBody(_Reasoned):
    """``under`` is the unit above; ``area`` a GeoJSON Polygon or MultiPolygon in WGS 84.

    ``holidays`` is the country, or part of one, whose public holidays and weekends count. ``partner`` is what
    an agency outside the chain is in the procedure's list of partners.
    """

    title = Text(200)
    under = _name(UNIT_NAME_MAX, "lin")
    timezone = _name(64, "Europe/Berlin")
    holidays = _name(10, "DE-BY")
    partner = fields.String(
        validate=validate.Regexp(f"^{PARTNER_PATTERN}$", error="bad_format"),
        metadata={"example": "education"},
    )
    area = fields.Dict(keys=fields.String())

    @validates_schema
    def _days_must_be_known(self, body: dict[str, Any], **_kwargs: Any) -> None:
        if "timezone" in body and not is_timezone(body["timezone"]):
            raise ValidationError("not_a_timezone", "timezone")
        if "holidays" in body and not is_holiday_region(body["holidays"]):
            raise ValidationError("not_a_holiday_region", "holidays")


class UnitCreate(_UnitBody):
    """A new unit; bodies outside the chain stand under nobody, and there is one national unit."""

    name = _name(UNIT_NAME_MAX, "lin-c", required=True)
    title = Text(200, required=True)
    level = Choice(Level, required=True)
    country = _name(UNIT_NAME_MAX, "nor")


class UnitChange(_UnitBody):
    """What becomes different about a unit; its name and level never do."""

    unit = _name(UNIT_NAME_MAX, "lin-a", required=True)


class ProcedureAdopt(_Reasoned):
    """A procedure pack, as its file is written; it says itself from which day on new cases take it."""

    content = fields.String(
        required=True,
        validate=Bounded(CONTENT_MAX),
        metadata={"description": "YAML, UTF-8; docs/procedures.md explains every key"},
    )


class IndicatorListBody(_Reasoned):
    """An indicator list, as its file is written; it is in force from the decision until its sunset."""

    content = fields.String(
        required=True,
        validate=Bounded(CONTENT_MAX),
        metadata={"description": "YAML, UTF-8, in the form of the shipped lists"},
    )


BODIES: Mapping[ProposalKind, Schema] = {
    ProposalKind.ACCOUNT_CREATE: AccountCreate(),
    ProposalKind.ACCOUNT_DISABLE: AccountDisable(),
    ProposalKind.ACCOUNT_ENABLE: AccountEnable(),
    ProposalKind.ACCOUNTS_IMPORT: AccountsImport(),
    ProposalKind.GRANT: GrantBody(),
    ProposalKind.REVOKE: Held(),
    ProposalKind.POST_HOLDER: PostHolderBody(),
    ProposalKind.PASSWORD_RESET: PasswordReset(),
    ProposalKind.ABSENCE: AbsenceBody(),
    ProposalKind.UNIT_CREATE: UnitCreate(),
    ProposalKind.UNIT_CHANGE: UnitChange(),
    ProposalKind.PROCEDURE_ADOPT: ProcedureAdopt(),
    ProposalKind.INDICATOR_LIST: IndicatorListBody(),
}


def show_body(kind: ProposalKind, body: Mapping[str, Any]) -> dict[str, Any]:
    """The same as it is shown: what was left out is left out."""
    shown: dict[str, Any] = BODIES[kind].dump(body)
    return shown
