"""The demo organisation goes into an empty database, once, whole, and quickly."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from community_api.access import passwords
from community_api.access.accounts.service import NewAccount, establish
from community_api.access.models import Account, Person, PostHolder
from community_api.core.actor import SYSTEM
from community_api.core.clock import FixedClock
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import StartupError
from community_api.demo.loader import account_id, load_demo, unit_id
from community_api.demo.organisation import read_organisation
from community_api.units import directory, posts
from community_api.units.declaration import DeclaredUnit
from community_api.units.service import establish_units
from community_api.units.terms import Level, PostName, Role
from tests.support.factories import START, actor_named, unit_of_work

PASSWORD = "a demo password of these tests"
COURSE = "verlt"


@pytest.fixture
def uow(database_url):
    uow = unit_of_work(database_url)
    yield uow
    uow.database.close()


def fast_hash(password: str) -> str:
    return f"not argon2: {password}"


def count(uow: UnitOfWork, model: type) -> int:
    with uow() as tx:
        return int(tx.first(select(func.count()).select_from(model)))


def test_empty_database_becomes_the_demo(uow):
    loaded = load_demo(uow, password=PASSWORD, hash_once=fast_hash)
    assert (loaded.units, loaded.accounts, loaded.fresh) == (13, 57, True)
    assert (count(uow, Account), count(uow, Person), count(uow, PostHolder)) == (57, 57, 57)


def test_everybody_holds_the_role_and_the_post_of_their_name(uow):
    load_demo(uow, password=PASSWORD, hash_once=fast_hash)
    for declared in read_organisation().accounts:
        actor = actor_named(uow, declared.username)
        assert [(grant.role, grant.unit_name) for grant in actor.grants] == [(declared.role, declared.unit)]
        with uow() as tx:
            named = [posts.name_of(tx, post_id) for post_id in actor.post_ids]
        assert named == [PostName(declared.role, declared.unit)]


@pytest.mark.parametrize(
    ("username", "today", "yesterday"),
    [
        ("officer1.lin-a", True, True),
        ("officer2.lin-a", False, True),
        ("officer2.lin-b", False, False),
        ("supervisor2.hav-a", True, True),
        ("commander.lin", False, False),
    ],
)
def test_certificates_count_from_the_day_of_loading(uow, username, today, yesterday):
    load_demo(uow, password=PASSWORD, hash_once=fast_hash)
    actor = actor_named(uow, username)
    assert actor.certified(COURSE, START.date()) is today
    assert actor.certified(COURSE, START.date() - timedelta(days=1)) is yesterday


def test_loading_again_changes_nothing(uow):
    load_demo(uow, password=PASSWORD)
    changes: list[str] = []
    event.listen(uow.database.engine, "before_cursor_execute", lambda *values: changes.append(values[2]))
    assert not load_demo(uow, password=PASSWORD).fresh
    assert not [text for text in changes if not text.lstrip().startswith("SELECT")]


def test_password_that_is_told_later_is_taken(uow):
    load_demo(uow, password=PASSWORD)
    load_demo(uow, password="another password for the demo")
    with uow() as tx:
        hashes = {row.password_hash for row in tx.all(select(Account))}
    (shared,) = hashes
    assert passwords.verify(shared, "another password for the demo")
    assert not passwords.verify(shared, PASSWORD)


def test_own_password_of_somebody_is_left_alone(uow):
    load_demo(uow, password=PASSWORD)
    own = passwords.hash_password("something else entirely")
    with uow() as tx:
        tx.update_row(tx.get(Account, account_id("chair.nor")), password_hash=own)
    load_demo(uow, password="another password for the demo")
    with uow() as tx:
        assert tx.get(Account, account_id("chair.nor")).password_hash == own


def test_loading_that_ended_halfway_is_finished(uow):
    with uow() as tx:
        establish_units(tx, read_organisation().units, id_of=unit_id)
    directory.forget(uow.database.engine)
    assert load_demo(uow, password=PASSWORD, hash_once=fast_hash).fresh
    assert count(uow, Account) == 57


def test_two_programs_at_once_load_it_once(database_url):
    def load(_number: int) -> bool:
        uow = unit_of_work(database_url, FixedClock(START))
        try:
            return load_demo(uow, password=PASSWORD).fresh
        finally:
            uow.database.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(load, range(3))) == [False, False, True]


@pytest.mark.parametrize("with_account", [False, True])
def test_database_of_others_is_refused_and_left_alone(uow, with_account):
    declared = DeclaredUnit("real", "A real police", Level.NATIONAL, None, "Europe/Vienna", "at", None)
    with uow() as tx:
        unit = establish_units(tx, [declared])["real"]
    directory.forget(uow.database.engine)
    if with_account:
        new = NewAccount("chief", "A Chief", Role.DPO, unit, "de", "Europe/Vienna", None)
        with uow() as tx:
            establish(tx, SYSTEM, new)
    with pytest.raises(StartupError, match="another organisation"):
        load_demo(uow, password=PASSWORD, hash_once=fast_hash)
    assert count(uow, Account) == int(with_account)


def test_foreign_account_among_the_demos_units_is_refused(uow):
    with uow() as tx:
        establish_units(tx, read_organisation().units, id_of=unit_id)
    directory.forget(uow.database.engine)
    new = NewAccount("chief", "A Chief", Role.DPO, unit_id("nor"), "de", "Europe/Vienna", None)
    with uow() as tx:
        establish(tx, SYSTEM, new)
    with pytest.raises(StartupError):
        load_demo(uow, password=PASSWORD, hash_once=fast_hash)
