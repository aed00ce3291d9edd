"""What every connection to SQLite is told, as SQLite itself says it."""

from sqlalchemy import text

from community_api.core.database.dialects import sqlite

FULL, ON = 2, 1


def test_a_connection_waits_for_the_disk_and_overwrites_what_it_deletes(tmp_path):
    engine = sqlite.engine(f"sqlite:///{tmp_path / 'a.sqlite3'}", pool_size=1)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == FULL
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == ON
    engine.dispose()
