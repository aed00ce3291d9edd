"""Where a caller stands is read anew each time, and says what the tables say."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access import caller_snapshot
from community_api.access.accounts.service import Established, certify, give_role
from community_api.access.models import Account, CourseCertificate, PostHolder, RoleGrant
from community_api.access.people import grants_of, holders_of, is_active, language_of
from community_api.core.actor import SYSTEM, Certificate
from community_api.demo.loader import account_id, person_id
from community_api.units import posts
from community_api.units.directory import tree
from community_api.units.terms import Role

OFFICER = "officer1.lin-a"


def stands(uow, username=OFFICER):
    with uow.database.engine.connect() as connection:
        return caller_snapshot.of_account(connection, account_id(username), uow.clock.now())


def unit_id(uow, name):
    with uow() as tx:
        return tree(tx).names[name].id


def test_an_officer_stands_as_the_demo_declares(uow):
    found = stands(uow)
    assert found.username == OFFICER
    assert (found.account_id, found.person_id) == (account_id(OFFICER), person_id(OFFICER))
    assert [(grant.role, grant.unit_name) for grant in found.grants] == [("officer", "lin-a")]
    assert found.grants[0].unit_id == unit_id(uow, "lin-a")
    assert (found.language, found.timezone, found.disabled) == ("de", "Europe/Berlin", False)
    with uow() as tx:
        assert found.post_ids == {posts.find(tx, Role.OFFICER, unit_id(uow, "lin-a"))}


def test_nobody_stands_nowhere(uow):
    with uow.database.engine.connect() as connection:
        assert caller_snapshot.of_account(connection, uuid4(), uow.clock.now()) is None
    assert caller_snapshot.of_session(uow.database, uuid4(), uow.clock.now()) is None


def test_days_of_a_certificate_are_kept(uow):
    with uow() as tx:
        certify(
            tx,
            SYSTEM,
            person_id("officer2.bru-a"),
            "verlt",
            passed_on=date(2026, 1, 10),
            expires_on=date(2026, 3, 2),
        )
    assert stands(uow, "officer2.bru-a").certificates == (
        Certificate("verlt", date(2026, 1, 10), date(2026, 3, 2), None),
    )
    assert stands(uow, "officer2.bru-a").actor().certified("verlt", date(2026, 3, 2))
    assert not stands(uow, "officer2.bru-a").actor().certified("verlt", date(2026, 3, 3))


def test_a_revoked_certificate_counts_no_longer(uow):
    with uow() as tx:
        tx.update_where(
            CourseCertificate,
            {"person_id": person_id(OFFICER)},
            {"revoked_at": tx.now, "revoked_by": SYSTEM.person_id},
        )
    assert not stands(uow).actor().certified("verlt", uow.clock.now().date())


def test_a_role_that_is_given_or_ended_counts_from_that_moment(uow, clock):
    clock.advance(timedelta(hours=1))
    with uow() as tx:
        ids = Established(account_id(OFFICER), person_id(OFFICER))
        give_role(tx, ids, Role.SUPERVISOR, tree(tx).names["lin-b"].id)
        tx.update_where(RoleGrant, {"account_id": account_id(OFFICER), "role": "officer"}, {"until": tx.now})
    assert [(grant.role, grant.unit_name) for grant in stands(uow).grants] == [("supervisor", "lin-b")]
    assert len(stands(uow).post_ids) == 2


def test_a_role_that_begins_tomorrow_does_not_count_today(uow, clock):
    with uow() as tx:
        tx.update_where(RoleGrant, {"account_id": account_id(OFFICER)}, {"since": tx.now + timedelta(days=1)})
    assert stands(uow).grants == ()
    clock.advance(timedelta(days=1))
    assert len(stands(uow).grants) == 1


def test_a_post_is_held_until_its_end(uow, clock):
    with uow() as tx:
        tx.update_where(PostHolder, {"person_id": person_id(OFFICER)}, {"until": tx.now + timedelta(days=1)})
    assert len(stands(uow).post_ids) == 1
    clock.advance(timedelta(days=1))
    assert stands(uow).post_ids == frozenset()


def test_one_person_with_two_accounts_is_one_person(uow):
    """Roles belong to the account that signs in; what others ask about the person looks at both."""
    with uow() as tx:
        second = Account(
            id=uuid4(), person_id=person_id(OFFICER), username="second.account", created_at=tx.now
        )
        tx.add(second)
        give_role(tx, Established(second.id, second.person_id), Role.ANALYST, tree(tx).names["lin"].id)
    assert [grant.role for grant in stands(uow).grants] == ["officer"]
    with uow() as tx:
        assert {grant.role for grant in grants_of(tx, person_id(OFFICER))} == {"officer", "analyst"}


def test_what_others_ask_about_a_person(uow):
    with uow() as tx:
        post = posts.establish(tx, Role.SUPERVISOR, tree(tx).names["lin-a"].id)
        assert set(holders_of(tx, post)) == {
            person_id("supervisor.lin-a"),
            person_id("supervisor2.lin-a"),
        }
        assert language_of(tx, person_id(OFFICER)) == "de"
        assert language_of(tx, uuid4()) == "en"
        assert is_active(tx, person_id(OFFICER))
        assert not is_active(tx, uuid4())


def test_who_has_left_is_no_longer_active(uow):
    with uow() as tx:
        account = tx.first(select(Account).where(Account.username == OFFICER))
        tx.update_row(account, disabled_at=tx.now)
    with uow() as tx:
        assert not is_active(tx, person_id(OFFICER))
        assert grants_of(tx, person_id(OFFICER)) == ()
    assert stands(uow).disabled


@pytest.mark.parametrize("username", ["overseer.oversight", "partner.school", "admin1.nor"])
def test_everybody_else_stands_somewhere_too(uow, username):
    assert len(stands(uow, username).grants) == 1
