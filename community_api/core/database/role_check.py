"""The database role of the application: in production it must not be able to get round the rules."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from community_api.core.database.engine import Database
from community_api.core.errors import StartupError

_POWERS = text(
    "SELECT rolsuper OR rolcreaterole OR rolreplication AS mighty, rolbypassrls AS bypasses "
    "FROM pg_roles WHERE rolname = current_user"
)
# Owning is also being able to become the owner.
_OWNS = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p', 'v', 'S') AND pg_has_role(current_user, relowner, 'MEMBER')"
)
REMEDY = "give the application a role of its own, and tell the owner's in COMMUNITY_MIGRATION_URL"


def refuse_mighty_role(database: Database) -> None:
    """Raise StartupError when the role is superuser, BYPASSRLS, or owns tables; SQLite has no roles."""
    if database.is_sqlite:
        return
    try:
        with database.engine.connect() as connection:
            powers = connection.execute(_POWERS).one()
            owned = connection.execute(_OWNS).scalar()
    except DBAPIError as error:
        raise StartupError("COMMUNITY_DATABASE_URL: the database does not answer") from error
    if powers.mighty:
        raise StartupError(f"COMMUNITY_DATABASE_URL: the database role may do anything; {REMEDY}")
    if powers.bypasses:
        raise StartupError(f"COMMUNITY_DATABASE_URL: the database role bypasses row security; {REMEDY}")
    if owned:
        raise StartupError(f"COMMUNITY_DATABASE_URL: the database role owns the tables; {REMEDY}")
