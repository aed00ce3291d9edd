"""What keeps the product from starting is told in a sentence, with an exit code, and changes nothing."""

import socket

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from community_api.core.database.engine import Database
from community_api.core.database.role_check import refuse_mighty_role
from community_api.core.errors import StartupError
from tests.support.databases import Databases
from tests.support.postgresql import OWNER
from tests.support.servers import Server, free_port, settings_of

SETTING, PORT, DATABASE = 2, 4, 5


@pytest.fixture
def starter(empty_addresses, tmp_path):
    """Tries to serve on an empty database, with the settings that a test says."""

    def start(**settings):
        server = Server(tmp_path, settings_of(empty_addresses, tmp_path, free_port()))
        try:
            return server.run("serve", **settings)
        finally:
            server.close()

    return start


on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)

WRONG = {
    "an unknown mode": ({"COMMUNITY_MODE": "sideways"}, "COMMUNITY_MODE: is one of production, demo, test."),
    "production without keys": (
        {"COMMUNITY_MODE": "production", "COMMUNITY_DEMO_PASSWORD": "", "COMMUNITY_KEYS": ""},
        "COMMUNITY_KEYS: names the directory of key files; production does not start without.",
    ),
    "keys that are not there": (
        {"COMMUNITY_MODE": "production", "COMMUNITY_DEMO_PASSWORD": "", "COMMUNITY_KEYS": "/no/such/folder"},
        "COMMUNITY_KEYS: the directory of key files does not exist.",
    ),
    "a mistyped name": (
        {"COMMUNITY_ORIGINZ": "https://portal.example"},
        "COMMUNITY_ORIGINZ: is no setting; perhaps COMMUNITY_ORIGINS is meant.",
    ),
    "a name like no other": ({"COMMUNITY_XYLOPHONE": "1"}, "COMMUNITY_XYLOPHONE: is no setting."),
    "a procedure that is not shipped": (
        {"COMMUNITY_PROCEDURE": "osce-baselin"},
        "COMMUNITY_PROCEDURE: is one of nsi-determination, osce-baseline, prevent-panel.",
    ),
    "a demo's password in production": (
        {"COMMUNITY_MODE": "production"},
        "COMMUNITY_DEMO_PASSWORD: is for the demo and test modes only.",
    ),
    "a shifted clock in production": (
        {"COMMUNITY_MODE": "production", "COMMUNITY_DEMO_PASSWORD": "", "COMMUNITY_CLOCK_OFFSET": "60"},
        "COMMUNITY_CLOCK_OFFSET: is for the demo and test modes only.",
    ),
    "a port that is none": ({"PORT": "http"}, "PORT: is a port number, 1 to 65535."),
    "a database of a kind we do not know": (
        {"COMMUNITY_DATABASE_URL": "mysql://root:hidden@localhost/x"},
        "COMMUNITY_DATABASE_URL: starts with one of sqlite://, postgresql+psycopg://.",
    ),
}


@on_sqlite
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_is_named_and_its_value_is_not_shown(starter, wrong, tmp_path):
    settings, sentence = WRONG[wrong]
    refused = starter(**settings)
    assert (refused.returncode, refused.stderr.strip()) == (SETTING, sentence)
    assert not (tmp_path / "keys").exists(), "nothing was made"


@on_sqlite
def test_a_taken_port_is_told_with_the_way_out(starter, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = starter(PORT=str(port))
    assert refused.returncode == PORT
    assert refused.stderr.strip().startswith(f"Port {port} is taken by another program.")
    assert not (tmp_path / "keys").exists()


@on_sqlite
def test_a_file_that_is_no_database_is_told(starter, tmp_path):
    (tmp_path / "letter.sqlite3").write_text("Dear Sir or Madam, " * 100)
    refused = starter(COMMUNITY_DATABASE_URL=f"sqlite:///{tmp_path}/letter.sqlite3")
    assert (refused.returncode, refused.stderr.strip()) == (
        DATABASE,
        "COMMUNITY_DATABASE_URL: the file is no SQLite database.",
    )


@on_postgresql
def test_a_database_that_is_not_there_is_told_without_its_address(starter, empty_addresses):
    gone = empty_addresses.database_url.replace("/empty", "/nothing")
    refused = starter(COMMUNITY_DATABASE_URL=gone)
    assert (refused.returncode, refused.stderr.strip()) == (
        DATABASE,
        "COMMUNITY_DATABASE_URL: there is no such database; create it first.",
    )


@on_postgresql
def test_a_server_that_does_not_answer_is_told(starter):
    refused = starter(COMMUNITY_DATABASE_URL="postgresql+psycopg://someone:hidden@127.0.0.1:1/x")
    assert refused.returncode == DATABASE
    assert "the database does not answer" in refused.stderr
    assert "hidden" not in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_made_by_a_newer_version_is_left_alone(starter, empty_addresses):
    engine = create_engine(empty_addresses.migration_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
        if empty_addresses.dialect == "postgresql":
            connection.execute(text("GRANT SELECT ON alembic_version TO community_app"))
    refused = starter()
    assert refused.returncode == SETTING
    assert "The database was made by a newer version, or before the first release" in refused.stderr
    assert "Traceback" not in refused.stderr


@on_postgresql
def test_the_schema_is_not_made_by_a_role_that_may_not(starter):
    refused = starter(COMMUNITY_MIGRATION_URL="")
    assert refused.returncode == DATABASE
    assert "COMMUNITY_MIGRATION_URL" in refused.stderr


# --- the role of the application in production -----------------------------------------------------

MIGHTY = {
    "a superuser": ("mighty_root", "SUPERUSER", "may do anything"),
    "one that passes row security by": ("mighty_bypass", "BYPASSRLS", "bypasses row security"),
    "one that makes roles": ("mighty_roles", "CREATEROLE", "may do anything"),
    "a member of the owner": ("mighty_member", f"IN ROLE {OWNER}", "owns the tables"),
}


def role_of(address: str, role: str) -> Database:
    return Database(address.replace("://community_app@", f"://{role}@"), pool_size=1)


@pytest.fixture
def production(databases: Databases, dialect):
    """A migrated PostgreSQL database, and the roles of MIGHTY."""
    with databases.fresh("postgresql") as addresses:
        server = create_engine(
            addresses.database_url.replace("://community_app@", "://postgres@"),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
        )
        with server.connect() as superuser:
            for role, power, _words in MIGHTY.values():
                superuser.execute(text(f"CREATE ROLE {role} LOGIN {power}"))
            yield addresses
            for role, _power, _words in MIGHTY.values():
                superuser.execute(text(f"DROP ROLE {role}"))


@on_postgresql
def test_a_role_that_could_get_round_the_rules_is_refused(production):
    told = {}
    for who, (role, _power, _words) in MIGHTY.items():
        database = role_of(production.database_url, role)
        with pytest.raises(StartupError) as refused:
            refuse_mighty_role(database)
        told[who] = str(refused.value)
        database.close()
    assert {who: words for who, (_r, _p, words) in MIGHTY.items() if words not in told[who]} == {}


@on_postgresql
def test_the_owner_of_the_tables_is_refused(addresses):
    database = Database(addresses.migration_url, pool_size=1)
    with pytest.raises(StartupError, match="owns the tables"):
        refuse_mighty_role(database)
    database.close()


def test_the_applications_own_role_is_taken(addresses):
    database = Database(addresses.database_url, pool_size=1)
    refuse_mighty_role(database)
    database.close()


@on_postgresql
def test_production_does_not_start_as_the_owner(addresses, tmp_path):
    made = Server(tmp_path, settings_of(addresses, tmp_path, free_port()))
    assert made.run("keys", "make").returncode == 0
    refused = made.run(
        "serve",
        COMMUNITY_MODE="production",
        COMMUNITY_DEMO_PASSWORD="",
        COMMUNITY_DATABASE_URL=addresses.migration_url,
    )
    made.close()
    assert refused.returncode == SETTING
    assert "the database role owns the tables" in refused.stderr
