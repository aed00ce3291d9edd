"""`flask accounts import`: the first people of a real installation, from a file."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from community_api.access.accounts import first_password
from community_api.access.models import Account, FirstPassword
from community_api.access.sessions import service as sessions
from community_api.cli.account_commands import import_accounts
from community_api.core.errors import DomainError
from community_api.units.models import UnitRow
from tests.support.factories import unit_of_work, write_keys

GOOD = "Seven grey herons, by the weir"
UNITS = """
timezone: Europe/Oslo
country: fre
units:
  hq: {level: national, called: "Freeland Police"}
  south: {level: regional, under: hq, called: "South"}
  town: {level: local, under: south, called: "Town"}
  town-a: {level: community, under: town, called: "Town A"}
  ombud: {level: external, called: "Ombudsman"}
"""
PEOPLE = """username,name,role,unit,language,timezone
K.Solheim,"Solheim, Kari",officer,town-a,de,
o.berg,Ola Berg,supervisor,town-a,,Europe/Berlin

a.holm,Ane Holm,administrator,hq,,
o.ver,Otto Ver,oversight,ombud,,
"""
NAMES = ["k.solheim", "o.berg", "a.holm", "o.ver"]
HEAD = "username,name,role,unit\n"


@pytest.fixture
def run(database_url, tmp_path, monkeypatch):
    (tmp_path / "units.yaml").write_text(UNITS)
    monkeypatch.setenv("COMMUNITY_MODE", "test")
    monkeypatch.setenv("COMMUNITY_DATABASE_URL", database_url)
    monkeypatch.setenv("COMMUNITY_KEYS", str(write_keys(tmp_path / "keys")))

    def command(content: str | bytes = PEOPLE, *words: str, name: str = "people.csv"):
        file = tmp_path / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(
            import_accounts, [str(file), "--units", str(tmp_path / "units.yaml"), *words]
        )

    return command


def tokens_in(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8", newline="") as source:
        return {row["username"]: row["token"] for row in csv.DictReader(source)}


def rows(database_url: str, model: type) -> int:
    uow = unit_of_work(database_url)
    with uow() as tx:
        counted = int(tx.first(select(func.count()).select_from(model)))
    uow.database.close()
    return counted


def enters(database_url: str, username: str, token: str) -> None:
    uow = unit_of_work(database_url)
    try:
        first_password.set_first_password(uow, token=token, password=GOOD)
        sessions.sign_in(uow, username=username, password=GOOD, device=None)
    finally:
        uow.database.close()


def test_everybody_of_the_file_sets_a_password_and_signs_in(run, database_url, tmp_path):
    done = run()
    assert done.exit_code == 0, done.output
    tokens = tokens_in(tmp_path / "people.csv.tokens.csv")
    assert list(tokens) == NAMES
    for username, token in tokens.items():
        enters(database_url, username, token)


def test_tokens_stand_in_a_file_of_its_owner_alone_and_not_on_the_terminal(run, tmp_path):
    done = run(PEOPLE, "--tokens", str(tmp_path / "tokens"))
    assert stat.S_IMODE((tmp_path / "tokens").stat().st_mode) == 0o600
    assert not [token for token in tokens_in(tmp_path / "tokens").values() if token in done.output]
    assert "Solheim" not in done.output
    for word in ("4 accounts wait", str(tmp_path / "tokens"), "30 minutes", "/auth/first-password"):
        assert word in done.output


def test_only_hashes_of_the_tokens_are_kept(run, database_url, tmp_path):
    run()
    uow = unit_of_work(database_url)
    with uow() as tx:
        kept = tx.all(select(FirstPassword.digest))
    uow.database.close()
    assert len(kept) == len(NAMES)
    for token in tokens_in(tmp_path / "people.csv.tokens.csv").values():
        assert token.encode() not in b"".join(kept)


def test_a_yaml_file_and_semicolons_are_read_like_commas(run, database_url, tmp_path):
    listed = "accounts:\n- {username: y.one, name: Yngve One, role: officer, unit: town-a}\n"
    assert run(listed, name="people.yaml").exit_code == 0
    assert (
        run("\ufeffUsername;Name;Role;Unit\r\nz.one;Zoe One;officer;town-a\r\n", name="z.csv").exit_code == 0
    )
    assert rows(database_url, Account) == 2


WRONG = {
    "username": ("K Solheim,Kari,officer,town-a", ["line 2: username:"]),
    "blank": (",,,", ["holds 0 accounts"]),
    "name": ("k,,officer,town-a", ["line 2: name: is needed"]),
    "role": ("k,Kari,chief,town-a", ["line 2: role: is one of"]),
    "unit": ("k,Kari,officer,nowhere", ["line 2: unit: There is no unit"]),
    "level": ("k,Kari,partner,hq", ["line 2: role: This role is not held"]),
    "oversight inside": ("k,Kari,oversight,hq", ["line 2: role: This role is not held"]),
    "twice": (
        "k,Kari,officer,town-a\nK,Knut,officer,town-a",
        ["line 3: username: This is in the list twice"],
    ),
    "too many values": ("k,Kari,officer,town-a,more", ["line 2: has more values than there are columns"]),
    "after lines in quotes": (
        'k,"Ka\nri",officer,town-a\nl,Lea,boss,town-a',
        ["line 2: name:", "line 4: role:"],
    ),
    "all at once": (
        "k,Kari,officer,nowhere\nl,Lea,officer,town-a\nm,Mia,partner,hq",
        ["line 2: unit:", "line 4: role:"],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_line_and_field_and_nothing_is_written(run, database_url, tmp_path, case):
    content, said = WRONG[case]
    done = run(HEAD + content + "\n")
    assert done.exit_code == 2
    assert not [words for words in said if words not in done.output], done.output
    assert (rows(database_url, Account), rows(database_url, UnitRow)) == (0, 0)
    assert not (tmp_path / "people.csv.tokens.csv").exists()


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("username,name,unit\nk,Kari,town-a", "line 1: the column role is missing"),
        ("username,name,role,unit,rank\nk,Kari,officer,town-a,3", "line 1: rank: is no column"),
        ("username,name,name,role,unit\nk,a,b,officer,town-a", "line 1: name: stands there twice"),
    ],
)
def test_columns_are_judged_once_and_before_the_rows(run, head, expected):
    done = run(head)
    assert done.exit_code == 2
    assert done.output.count("line 1") == 1
    assert expected in done.output


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("people.csv", HEAD.encode() + b"k,J\xf6rg,officer,town-a", "save it as UTF-8"),
        ("people.csv", HEAD.encode() + b'k,"Kari,officer,town-a', "cannot be read"),
        ("people.yaml", b"accounts: {", "cannot be read"),
        ("people.yaml", b"- username: k", "a list of accounts stands under accounts:"),
        (
            "people.yaml",
            b"accounts: [{username: [k], name: K, role: officer, unit: town-a}]",
            "line 1: username",
        ),
        (
            "people.yaml",
            b"accounts: [{username: k, name: K, role: officer, unit: town-a, rank: 3}]",
            "rank: is no",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(run, database_url, name, content, expected):
    done = run(content, name=name)
    assert (done.exit_code, rows(database_url, Account)) == (2, 0)
    assert expected in done.output
    assert "Traceback" not in done.output


def test_a_file_that_was_mended_is_imported_by_the_same_words(run, database_url):
    assert run(PEOPLE.replace("officer", "boss")).exit_code == 2
    assert run().exit_code == 0
    assert rows(database_url, Account) == len(NAMES)


def test_a_file_of_tokens_that_is_there_is_not_written_over(run, database_url, tmp_path):
    (tmp_path / "people.csv.tokens.csv").write_text("what somebody needs still")
    done = run()
    assert (done.exit_code, rows(database_url, Account)) == (2, 0)
    assert "--tokens" in done.output
    assert (tmp_path / "people.csv.tokens.csv").read_text() == "what somebody needs still"


def test_again_it_makes_who_is_new_leaves_who_has_a_password_and_gives_the_rest_new_tokens(
    run, database_url, tmp_path
):
    run()
    first = tokens_in(tmp_path / "people.csv.tokens.csv")
    enters(database_url, "k.solheim", first["k.solheim"])
    done = run(PEOPLE + "n.ew,Nina Ew,officer,town-a,,\n", "--tokens", str(tmp_path / "second"))
    second = tokens_in(tmp_path / "second")
    assert list(second) == [*NAMES[1:], "n.ew"]
    assert "1 had one already" in done.output
    with pytest.raises(DomainError, match="first_password_refused"):
        enters(database_url, "o.berg", first["o.berg"])
    enters(database_url, "o.berg", second["o.berg"])


def test_when_nobody_waits_it_says_so_and_leaves_no_file(run, database_url, tmp_path):
    run()
    for username, token in tokens_in(tmp_path / "people.csv.tokens.csv").items():
        enters(database_url, username, token)
    done = run(PEOPLE, "--tokens", str(tmp_path / "second"))
    assert done.exit_code == 0
    assert "Nothing was changed" in done.output
    assert not (tmp_path / "second").exists()


def test_a_name_that_somebody_else_has_refuses_all(run, database_url, tmp_path):
    run()
    done = run(HEAD + "x.new,Xaver New,officer,town-a\no.berg,Oda Berg,supervisor,town-a\n", "--tokens", "t")
    assert done.exit_code == 2
    assert "line 3: username: Somebody else has this name already." in done.output
    assert rows(database_url, Account) == len(NAMES)
