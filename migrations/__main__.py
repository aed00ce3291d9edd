"""python -m migrations revision "what changes": write the next migration from the models.

What alembic finds out is a draft: read it, give it its data steps and its way back, and see that
triggers of a table that SQLite copies are put back (`community_api/audit/triggers.py`).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from community_api.core.database import migrations, schema_version
from community_api.core.database.engine import Base, PartialIndex
from migrations.baseline import by_store

FIRST = "0001"
DIALECTS = ("sqlite", "postgresql")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m migrations", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("revision").add_argument("message", help="what changes, in a few words")
    acts.add_parser("baseline", help="write the first migration anew, while there is no installation")
    arguments = parser.parse_args()
    written = baseline() if arguments.act == "baseline" else revise(arguments.message)
    sys.stdout.write(f"{written}\n")


def revise(message: str, *, batch: bool = True) -> Path:
    """The next migration: the difference between the newest schema and the models."""
    earlier = migrations.revisions()
    number = f"{int(earlier[-1]) + 1:04}" if earlier else FIRST
    _name_conditions()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/schema.sqlite3"
        if earlier:
            migrations.upgrade(url)
        engine = migrations.migrating_engine(url)
        with engine.connect() as connection:
            config = migrations.configuration(connection)
            config.attributes["batch"] = batch
            script = command.revision(config, message, autogenerate=True, rev_id=number)
        engine.dispose()
    if script is None or isinstance(script, list):
        raise SystemExit("alembic wrote no migration")
    path = Path(script.path)
    tidy(path)
    schema_version.HEAD_FILE.write_text(f"{number}\n", encoding="utf-8")
    return path


def _name_conditions() -> None:
    """Have alembic write the conditions of partial indexes, for both databases."""
    migrations.import_models()
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            if isinstance(index, PartialIndex):
                for dialect in DIALECTS:
                    index.dialect_options[dialect]["where"] = index.where


def baseline() -> Path:
    """The first migration, store by store, with the triggers that no model can tell of."""
    for old in (schema_version.MIGRATIONS / "versions").glob("*.py"):
        old.unlink()
    path = revise("The schema of the first release", batch=False)
    path.write_text(by_store(path.read_text(encoding="utf-8")), encoding="utf-8")
    tidy(path)
    return path


def tidy(path: Path) -> None:
    """Take alembic's comments out and bring the rest into our style."""
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("    # ### ")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for act in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *act, "--quiet", str(path)], check=True)


if __name__ == "__main__":
    main()
