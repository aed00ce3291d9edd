"""`flask accounts reset`: the last way back in, and the only one for oversight."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from community_api.access.accounts import first_password
from community_api.access.sessions import service as sessions
from community_api.cli.account_commands import reset_account
from community_api.core.errors import DomainError
from tests.support.databases import Databases
from tests.support.factories import PASSWORD, seed_demo, unit_of_work, write_keys

GOOD = "Seven grey herons, by the weir"
OVERSEER = "overseer.oversight"


@pytest.fixture
def database_url(databases: Databases, dialect: str):
    with databases.fresh(dialect, seed=seed_demo) as addresses:
        yield addresses.database_url


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("COMMUNITY_MODE", "test")
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", database_url)
    monkeypatch.setenv("COMMUNITY_KEYS", str(write_keys(tmp_path / "keys")))
    return lambda username: CliRunner().invoke(reset_account, [username])


def test_oversights_own_account_is_reset_from_the_host(run, database_url):
    done = run("Overseer.Oversight")
    assert done.exit_code == 0, done.output
    token = done.output.splitlines()[1]
    assert "30 minutes" not in token
    assert len(token) >= 43
    assert "/auth/first-password" in done.output
    uow = unit_of_work(database_url)
    sessions.sign_in(uow, username=OVERSEER, password=PASSWORD, device=None)
    first_password.set_first_password(uow, token=token, password=GOOD)
    sessions.sign_in(uow, username=OVERSEER, password=GOOD, device=None)
    with pytest.raises(DomainError, match="login_refused"):
        sessions.sign_in(uow, username=OVERSEER, password=PASSWORD, device=None)
    uow.database.close()


def test_a_name_that_nobody_has_is_said_in_a_sentence(run):
    done = run("nobody")
    assert done.exit_code == 2
    assert "username:" in done.output
