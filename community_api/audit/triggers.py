"""The triggers that make the audit trail append-only; migrations put them in place.

Three changes are permitted, each one way (R16): ``leaf_index`` from NULL to a number,
``payload_ct`` and ``salt`` to NULL together. Everything else is refused by the database itself:
other changes, DELETE, TRUNCATE, and on SQLite INSERT OR REPLACE, which deletes without asking the
delete trigger unless ``recursive_triggers`` is on.

Migrations call this module, so the text of a trigger that was released does not change here: a later
version is a further set of statements under further names.
"""

from __future__ import annotations

from typing import Any, Final

TABLE: Final = "audit_event"
# Everything but the three; a column that joins the table must join this list by a new set of triggers.
FIXED: Final = (
    "id",
    "envelope",
    "leaf_hash",
    "payload_owner",
    "at",
    "actor",
    "action",
    "object_kind",
    "object_id",
)

_ONE_WAY: Final = """
    (OLD.leaf_index IS NOT NULL AND NEW.leaf_index IS {differs} OLD.leaf_index)
    OR (NEW.salt IS NOT NULL AND NEW.salt IS {differs} OLD.salt)
    OR (NEW.payload_ct IS NOT NULL AND NEW.payload_ct IS {differs} OLD.payload_ct)
    OR (NEW.salt IS NULL) <> (NEW.payload_ct IS NULL)"""


def _differing(differs: str) -> str:
    return "\n    OR ".join(f"NEW.{column} IS {differs} OLD.{column}" for column in FIXED)


SQLITE: Final = (
    f"""CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
WHEN {_differing("NOT")}
    OR{_ONE_WAY.format(differs="NOT")}
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END""",
    # A row that would replace another one, by any key or by SQLite's own row number, never gets in; and
    # only the sequencer numbers a leaf.
    """CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
WHEN NEW.leaf_index IS NOT NULL
    OR EXISTS (SELECT 1 FROM audit_event WHERE id = NEW.id)
    OR EXISTS (SELECT 1 FROM audit_event WHERE rowid = NEW.rowid)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail is append-only');
END""",
)

POSTGRESQL: Final = (
    """CREATE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation';
END
$$""",
    f"""CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event FOR EACH ROW
WHEN ({_differing("DISTINCT FROM")}
    OR{_ONE_WAY.format(differs="DISTINCT FROM")})
EXECUTE FUNCTION audit_event_refuse()""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event FOR EACH ROW
EXECUTE FUNCTION audit_event_refuse()""",
    """CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT
EXECUTE FUNCTION audit_event_refuse()""",
    """CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event FOR EACH ROW
WHEN (NEW.leaf_index IS NOT NULL)
EXECUTE FUNCTION audit_event_refuse()""",
)


def create(op: Any) -> None:
    """Put the triggers in place; also after a batch migration copied the table. ``op`` is alembic's."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def drop(op: Any) -> None:
    """Take the triggers away before the table goes."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "no_replace"):
            op.execute(f"DROP TRIGGER audit_event_{name}")
        return
    op.execute("DROP FUNCTION audit_event_refuse() CASCADE")
