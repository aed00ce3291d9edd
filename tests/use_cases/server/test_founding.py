"""A real installation that starts: what is declared with the product is in force from then on."""

import pytest
from sqlalchemy import create_engine, text

from tests.support.factories import write_keys
from tests.support.servers import Server, free_port, settings_of


@pytest.fixture
def installation(addresses, tmp_path):
    """`flask serve` in production, with the application's role and keys of its own."""
    told = settings_of(addresses, tmp_path, free_port(), COMMUNITY_MODE="production")
    told["COMMUNITY_KEYS"] = str(write_keys(tmp_path / "production-keys"))
    del told["COMMUNITY_DEMO_PASSWORD"]
    server = Server(tmp_path, told)
    yield server
    server.close()


def lists_in_force(addresses):
    engine = create_engine(addresses.migration_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT kind, number FROM intel_indicator_list")).all()
    engine.dispose()
    return [tuple(row) for row in rows]


def test_the_declared_indicator_lists_are_in_force(installation, addresses):
    installation.start()
    installation.wait_until_ready()
    assert lists_in_force(addresses) == [("verlt", 1)]
    assert "demo" not in installation.output()
