"""What each kind of proposal would change: read, checked and done, once when asked and again when decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from community_api.access import vacancies
from community_api.access.accounts import absences, first_password, role_assignments
from community_api.access.accounts import service as accounts
from community_api.access.accounts.first_password import Issued
from community_api.access.accounts.service import NewAccount
from community_api.access.models import Account, RoleGrant
from community_api.access.people import account_of, grants_of, is_recused
from community_api.access.proposals import account_changes, password_resets, procedure_changes, unit_changes
from community_api.access.proposals.change import Change, check_level, keep_apart, roles_in, unit_named
from community_api.access.proposals.terms import LONGEST_ABSENCE
from community_api.access.terms import ProposalKind
from community_api.access.usernames import is_username, normal_username
from community_api.core.actor import Actor, Grant
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError, invalid
from community_api.units import posts
from community_api.units.models import Duty, Post
from community_api.units.rules import Unit
from community_api.units.terms import PostName, Role

Body = Mapping[str, Any]


def prepare(tx: Transaction, kind: ProposalKind, body: Body) -> Change:
    """What a proposal asks for, against what is so at this moment.

    Raises ``validation_failed``, ``username_taken``.
    """
    return _PREPARE[kind](tx, body)


def _account_create(tx: Transaction, body: Body) -> Change:
    unit, role = unit_named(tx, body["unit"]), Role(body["role"])
    check_level(unit, role)
    username = normal_username(body["username"])
    if not is_username(username):
        raise invalid("/body/username", "not_a_username")
    known = account_of(tx, username)
    if known is not None:
        return _token_anew(tx, known, unit, body)
    person = _account(tx, body["person"], "/body/person") if body.get("person") else None
    keep_apart(tx, None if person is None else person.person_id, role)
    new = NewAccount(
        username=username,
        name=body["name"],
        role=role,
        unit_id=unit.id,
        language=body["language"],
        timezone=body.get("timezone") or unit.timezone,
        password_hash=None,
        person_id=None if person is None else person.person_id,
    )

    def act(tx: Transaction, actor: Actor) -> Issued:
        made = accounts.establish(tx, actor, new)
        vacancies.close_vacancy(tx, posts.id_of(role, unit.id))
        return first_password.issue(tx, made.account_id)

    held = () if person is None else grants_of(tx, person.person_id)
    return Change(frozenset({unit.id}), new.person_id, roles_in(held) | {role.value}, act)


def _token_anew(tx: Transaction, account: Account, unit: Unit, body: Body) -> Change:
    """The same account proposed again while it has no password: its first token was lost or ran out."""
    open_still = account.password_hash is None and account.disabled_at is None
    same = role_assignments.grant_of(tx, account.id, body["role"], unit.id) is not None
    if not open_still or not same or accounts.name_of(tx, account.person_id) != body["name"]:
        raise DomainError("username_taken")
    roles = roles_in(grants_of(tx, account.person_id))
    return Change(
        frozenset({unit.id}),
        account.person_id,
        roles,
        lambda tx, _actor: first_password.issue(tx, account.id),
    )


def _account_disable(tx: Transaction, body: Body) -> Change:
    account = _account(tx, body["account"], "/body/account")
    held = grants_of(tx, account.person_id)
    successor = _other(tx, body.get("successor"), account, "/body/successor")
    if successor is not None:
        for grant in held:
            keep_apart(tx, successor.person_id, Role(grant.role), "/body/successor")

    def act(tx: Transaction, actor: Actor) -> None:
        role_assignments.close(tx, actor, account, successor)

    return _about(tx, account, held, act, successor)


def _grant(tx: Transaction, body: Body) -> Change:
    account, unit, role = _named(tx, body)
    check_level(unit, role)
    since, until = _period(tx, body, until_needed=False)
    if role_assignments.grant_of(tx, account.id, role.value, unit.id) is not None:
        raise invalid("/body/role", "already_so")
    keep_apart(tx, account.person_id, role)

    def act(tx: Transaction, _actor: Actor) -> None:
        role_assignments.give_role(tx, account, role, unit.id, since=max(since, tx.now), until=until)

    roles = roles_in(grants_of(tx, account.person_id)) | {role.value}
    return Change(frozenset({unit.id}), account.person_id, roles, act)


def _revoke(tx: Transaction, body: Body) -> Change:
    account, unit, role = _named(tx, body)
    held = _held(tx, account, unit, role)

    def act(tx: Transaction, actor: Actor) -> None:
        role_assignments.end_role(tx, actor, account, held)

    return Change(frozenset({unit.id}), account.person_id, roles_in(grants_of(tx, account.person_id)), act)


def _post_holder(tx: Transaction, body: Body) -> Change:
    account = _account(tx, body["account"], "/body/account")
    name = _post(tx, body["post"])
    unit = unit_named(tx, name.unit, "/body/post")
    post_id = posts.id_of(name.role, unit.id)
    holds = any(row.post_id == post_id for row in role_assignments.holdings_of(tx, account.person_id))
    if holds is body["holds"]:
        raise invalid("/body/holds", "already_so")
    since, until = _period(tx, body, until_needed=False)
    if body["holds"]:
        # A post without its role would owe what its holder may not do.
        _held(tx, account, unit, name.role, "/body/post")

    def act(tx: Transaction, actor: Actor) -> None:
        if body["holds"]:
            role_assignments.hold(tx, post_id, account.person_id, since=max(since, tx.now), until=until)
        else:
            role_assignments.release(tx, actor, account.person_id, [post_id])

    return Change(frozenset({unit.id}), account.person_id, roles_in(grants_of(tx, account.person_id)), act)


def _recusal(tx: Transaction, body: Body) -> Change:
    """Absence from one matter: who steps back does nothing more in it, and the post owes it still."""
    account = _account(tx, body["account"], "/body/account")
    duty = tx.get(Duty, body["duty"])
    held = {row.post_id for row in role_assignments.holdings_of(tx, account.person_id)}
    if duty is None or duty.post_id not in held or duty.discharged_at is not None:
        raise invalid("/body/duty", "not_a_reference")
    if is_recused(tx, account.person_id, duty.subject_id):
        raise invalid("/body/duty", "already_so")

    def act(tx: Transaction, actor: Actor) -> None:
        vacancies.recuse(tx, actor, duty, account.person_id)

    about = _about(tx, account, grants_of(tx, account.person_id), act, None)
    post = tx.get(Post, duty.post_id)
    return replace(about, units=frozenset({post.unit_id}) if post else about.units, at_once=True)


def _absence(tx: Transaction, body: Body) -> Change:
    if body.get("duty") is not None:
        return _recusal(tx, body)
    away = _account(tx, body["account"], "/body/account")
    deputy = _other(tx, body.get("deputy"), away, "/body/deputy")
    since, until = _period(tx, body, until_needed=True)
    held = grants_of(tx, away.person_id)
    if deputy is not None:
        if Role.OVERSIGHT in roles_in(held) | roles_in(grants_of(tx, deputy.person_id)):
            raise invalid("/body/deputy", "not_a_reference")
        for grant in held:
            keep_apart(tx, deputy.person_id, Role(grant.role), "/body/deputy")

    def act(tx: Transaction, actor: Actor) -> None:
        absences.begin(tx, actor, away, deputy, since=max(since, tx.now), until=_still_to_come(tx, until))

    before = tuple(absences.held_now(tx, away.person_id)) if deputy is None else ()
    return replace(_about(tx, away, held, act, deputy), at_once=deputy is None, before=before)


def also(kind: ProposalKind, prepare: Callable[[Transaction, Body], Change]) -> None:
    """Let a feature that stands above this one prepare what its kind asks for; the factory tells."""
    _PREPARE[kind] = prepare


_PREPARE: dict[ProposalKind, Callable[[Transaction, Body], Change]] = {
    ProposalKind.ACCOUNT_CREATE: _account_create,
    ProposalKind.ACCOUNT_DISABLE: _account_disable,
    ProposalKind.ACCOUNT_ENABLE: account_changes.enable,
    ProposalKind.ACCOUNTS_IMPORT: account_changes.bring_in,
    ProposalKind.GRANT: _grant,
    ProposalKind.REVOKE: _revoke,
    ProposalKind.POST_HOLDER: _post_holder,
    ProposalKind.PASSWORD_RESET: password_resets.prepare,
    ProposalKind.ABSENCE: _absence,
    ProposalKind.UNIT_CREATE: unit_changes.create,
    ProposalKind.UNIT_CHANGE: unit_changes.change,
    ProposalKind.PROCEDURE_ADOPT: procedure_changes.adopt,
}


def _about(
    tx: Transaction,
    account: Account,
    held: tuple[Grant, ...],
    act: Callable[[Transaction, Actor], None],
    other: Account | None,
) -> Change:
    """A change of everything that somebody holds, with a part for another."""
    others = () if other is None else grants_of(tx, other.person_id)
    return Change(
        units=frozenset(grant.unit_id for grant in held),
        person_id=account.person_id,
        roles=roles_in(held) | roles_in(others),
        act=act,
        others=frozenset() if other is None else frozenset({other.person_id}),
        each_unit=True,
    )


def _account(tx: Transaction, username: str, pointer: str) -> Account:
    """An account that is open. What is closed is as what is not there."""
    found = account_of(tx, normal_username(username))
    if found is None or found.disabled_at is not None:
        raise invalid(pointer, "not_a_reference")
    return found


def _other(tx: Transaction, username: str | None, first: Account, pointer: str) -> Account | None:
    if username is None:
        return None
    found = _account(tx, username, pointer)
    if found.person_id == first.person_id:
        raise invalid(pointer, "same_as_other")
    return found


def _named(tx: Transaction, body: Body) -> tuple[Account, Unit, Role]:
    return _account(tx, body["account"], "/body/account"), unit_named(tx, body["unit"]), Role(body["role"])


def _post(tx: Transaction, text: str) -> PostName:
    role, _, unit = text.partition(".")
    if role not in set(Role) or posts.find(tx, Role(role), unit_named(tx, unit, "/body/post").id) is None:
        raise invalid("/body/post", "not_a_reference")
    return PostName(Role(role), unit)


def _held(
    tx: Transaction, account: Account, unit: Unit, role: Role, pointer: str = "/body/role"
) -> RoleGrant:
    found = role_assignments.grant_of(tx, account.id, role.value, unit.id)
    if found is None:
        raise invalid(pointer, "not_held")
    return found


def _period(tx: Transaction, body: Body, *, until_needed: bool) -> tuple[datetime, datetime | None]:
    since, until = body.get("from") or tx.now, body.get("until")
    if until is not None and until <= max(since, tx.now):
        raise invalid("/body/until", "before_start" if until <= since else "in_the_past")
    if until_needed and (until is None or until - since > LONGEST_ABSENCE):
        raise invalid("/body/until", "too_far_ahead")
    return since, until


def _still_to_come(tx: Transaction, until: datetime | None) -> datetime:
    if until is None or until <= tx.now:
        raise invalid("/body/until", "in_the_past")
    return until
