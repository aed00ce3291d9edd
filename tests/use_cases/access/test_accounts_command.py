"""`flask accounts create`: the beginning of a real installation, from a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from community_api.access.models import Account
from community_api.access.sessions import service as sessions
from community_api.cli.account_commands import create_account
from community_api.units.models import UnitRow
from tests.support.factories import unit_of_work, write_keys

GOOD = "Seven grey herons, by the weir"
UNITS = """
timezone: Europe/Oslo
country: fre
units:
  hq: {level: national, called: "Freeland Police"}
"""


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    (tmp_path / "units.yaml").write_text(UNITS)
    monkeypatch.setenv("COMMUNITY_MODE", "test")
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", database_url)
    monkeypatch.setenv("COMMUNITY_KEYS", str(write_keys(tmp_path / "keys")))

    def command(*words: str, typed: str = GOOD + "\n", units: str | None = "units.yaml"):
        said = ["--name", "Halvard Brekke", "--role", "administrator", "--unit", "hq", *words]
        found = ["--units", str(tmp_path / units)] if units else []
        return CliRunner().invoke(create_account, ["h.brekke", *said, *found], input=typed)

    return command


def rows(database_url, model):
    uow = unit_of_work(database_url)
    with uow() as tx:
        counted = tx.first(select(func.count()).select_from(model))
    uow.database.close()
    return counted


def test_the_first_account_founds_the_units_and_signs_in(run, database_url):
    done = run("--password-stdin")
    assert (done.exit_code, done.output) == (0, "h.brekke is administrator of hq.\n")
    uow = unit_of_work(database_url)
    sessions.sign_in(uow, username="h.brekke", password=GOOD, device=None)
    uow.database.close()


def test_a_password_that_is_typed_is_asked_for_twice_and_not_shown(run):
    done = run(typed=f"{GOOD}\n{GOOD}\n")
    assert done.exit_code == 0
    assert GOOD not in done.output


def test_the_next_account_needs_no_units(run, database_url):
    run("--password-stdin")
    done = run("--password-stdin", units=None)
    assert done.exit_code == 2
    assert "Somebody signs in with this name already" in done.output
    assert (rows(database_url, Account), rows(database_url, UnitRow)) == (1, 1)


def test_without_units_it_says_how_to_give_them(run, database_url):
    done = run("--password-stdin", units=None)
    assert (done.exit_code, rows(database_url, Account)) == (2, 0)
    assert "--units" in done.output


def test_a_command_that_was_refused_is_typed_again_as_a_whole(run, database_url):
    assert run("--password-stdin", typed="short\n").exit_code == 2
    assert run("--password-stdin").exit_code == 0
    assert rows(database_url, UnitRow) == 1


def test_other_units_are_not_mixed_in(run, tmp_path, database_url):
    run("--password-stdin")
    Path(tmp_path / "others.yaml").write_text(UNITS.replace("hq", "headquarters"))
    done = run("--password-stdin", units="others.yaml")
    assert (done.exit_code, rows(database_url, UnitRow)) == (2, 1)
    assert "has other units already" in done.output


@pytest.mark.parametrize("content", ["[]", "units: {}", "timezone: x\ncountry: y\nunits: {a: 7}", "{"])
def test_a_wrong_file_of_units_is_named_and_nothing_is_made(run, tmp_path, database_url, content):
    Path(tmp_path / "wrong.yaml").write_text(content)
    done = run("--password-stdin", units="wrong.yaml")
    assert (done.exit_code, rows(database_url, Account), rows(database_url, UnitRow)) == (2, 0, 0)
    assert "wrong.yaml" in done.output


def test_what_is_wrong_is_said_in_words(run):
    assert "Use twelve characters or more" in run("--password-stdin", typed="short\n").output
    assert (
        "language: This language is not offered."
        in run("--password-stdin", "--language", "tlh", units=None).output
    )
