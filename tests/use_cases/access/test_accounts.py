"""Making accounts: what is checked, what is stored, and what nobody finds in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, text

from community_api.access import passwords
from community_api.access.accounts import service
from community_api.access.accounts.service import Established, NewAccount
from community_api.access.models import Account, Person
from community_api.access.people import grants_of
from community_api.access.sessions import service as sessions
from community_api.audit.models import AuditEvent
from community_api.core.actor import SYSTEM
from community_api.core.errors import DomainError
from community_api.core.i18n.translations import Words
from community_api.units.directory import tree
from community_api.units.terms import Role

GOOD = "Seven grey herons, by the weir"
TOLD = {
    "username": "h.brekke",
    "name": "Halvard Brekke",
    "role": Role.ADMINISTRATOR,
    "unit": "nor",
    "password": GOOD,
    "language": "de",
    "timezone": "Europe/Oslo",
}


def create(uow, **changed):
    return service.create_account(uow, SYSTEM, words=Words(), **{**TOLD, **changed})


def refusal(uow, **changed):
    with pytest.raises(DomainError) as caught:
        create(uow, **changed)
    refused = caught.value
    return refused.code, [(error.pointer, error.code) for error in refused.errors]


def test_a_new_account_signs_in_and_holds_its_role(uow):
    made = create(uow)
    issued = sessions.sign_in(uow, username="H.Brekke", password=GOOD, device=None)
    assert issued.account_id == made.account_id
    with uow() as tx:
        assert [(g.role, g.unit_name) for g in grants_of(tx, made.person_id)] == [("administrator", "nor")]


def test_making_it_leaves_a_leaf_without_a_name(uow):
    made = create(uow)
    with uow() as tx:
        leaf = tx.first(select(AuditEvent).where(AuditEvent.object_id == made.account_id))
    assert leaf.action == "config"
    assert "brekke" not in leaf.envelope.lower()
    assert "administrator.nor" in leaf.envelope


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"username": "nobody at all"}, ("validation_failed", [("/username", "not_a_username")])),
        ({"name": "  "}, ("validation_failed", [("/name", "blank")])),
        ({"unit": "atlantis"}, ("validation_failed", [("/unit", "not_a_reference")])),
        ({"language": "tlh"}, ("validation_failed", [("/language", "not_a_language")])),
        ({"timezone": "Mars/Olympus"}, ("validation_failed", [("/timezone", "not_a_timezone")])),
        ({"password": "too short"}, ("password_weak", [])),
        ({"password": "Brekke is my name"}, ("password_weak", [])),
        ({"username": "officer1.lin-a"}, ("username_taken", [])),
    ],
)
def test_what_is_wrong_is_named(uow, changed, expected):
    assert refusal(uow, **changed) == expected


def test_of_two_at_once_one_gets_the_name(uow):
    def attempt(_number):
        try:
            return create(uow)
        except DomainError as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(attempt, range(4)))
    assert made.count("username_taken") == 3


def test_names_and_passwords_are_nowhere_in_clear(uow):
    create(uow)
    with uow.database.engine.connect() as connection:
        for table in ("access_person", "access_account", "audit_event", "core_data_key"):
            rows = str([tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608
            assert "Halvard" not in rows
            assert "herons" not in rows


def test_a_further_account_belongs_to_the_same_person(uow):
    first = create(uow)
    with uow() as tx:
        second = service.establish(
            tx,
            SYSTEM,
            NewAccount(
                username="h.brekke.2",
                name="",
                role=Role.TRAINER,
                unit_id=tree(tx).names["nor"].id,
                language="de",
                timezone="Europe/Oslo",
                password_hash=None,
                person_id=first.person_id,
            ),
        )
    assert second == Established(second.account_id, first.person_id)
    with uow() as tx:
        assert len(tx.all(select(Person).where(Person.id == first.person_id))) == 1
        assert {g.role for g in grants_of(tx, first.person_id)} == {"administrator", "trainer"}


def test_an_account_without_a_password_lets_nobody_in(uow):
    made = create(uow)
    with uow() as tx:
        tx.update_where(Account, {"id": made.account_id}, {"password_hash": None})
    for password in (GOOD, "", "None"):
        with pytest.raises(DomainError, match="login_refused"):
            sessions.sign_in(uow, username="h.brekke", password=password, device=None)


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(uow):
    made = create(uow)
    old = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(GOOD)
    with uow() as tx:
        tx.update_where(Account, {"id": made.account_id}, {"password_hash": old})
    sessions.sign_in(uow, username="h.brekke", password=GOOD, device=None)
    with uow() as tx:
        kept = tx.get(Account, made.account_id).password_hash
    assert not passwords.needs_new_hash(kept)
    sessions.sign_in(uow, username="h.brekke", password=GOOD, device=None)
