"""Who may import whom: the contracts of pyproject.toml hold, and would notice if they did not."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards.source import ROOT

# For each contract an import that it forbids, put at the end of a file that is innocent.
FORBIDDEN = {
    "Layers": ("core/clock.py", "community_api.access.policy"),
    "Inside a feature": ("units/rules.py", "community_api.units.models"),
    "Intelligence": ("intelligence/flags/terms.py", "community_api.community.observations.models"),
    "Use cases": ("community/observations/service.py", "flask"),
    "Rules": ("procedure_engine/engine/engine.py", "sqlalchemy"),
    "Resources": ("community/observations/resources.py", "community_api.community.observations.models"),
    "Clients": ("clients/http_client.py", "community_api.units.models"),
}


def check_contracts(folder):
    """The outcome of every contract for the checkout in ``folder``, by the first words of its name."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "500"},
        capture_output=True,
        text=True,
        check=False,
    )
    outcomes = dict(re.findall(r"^([A-Z][^\n]*?) (KEPT|BROKEN)", done.stdout, re.MULTILINE))
    assert outcomes, done.stdout + done.stderr
    return outcomes, done.stdout


def test_every_import_contract_is_kept():
    outcomes, said = check_contracts(ROOT)
    assert set(outcomes.values()) == {"KEPT"}, said


def test_every_contract_notices_an_import_that_it_forbids(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "community_api", tmp_path / "community_api")
    for file, module in FORBIDDEN.values():
        with (tmp_path / "community_api" / file).open("a") as source:
            source.write(f"\nimport {module}\n")
    outcomes, _said = check_contracts(tmp_path)
    unnoticed = [name for name, outcome in outcomes.items() if outcome == "KEPT"]
    assert unnoticed == []
    assert len(outcomes) == len(FORBIDDEN)


LOADS = """
import sys
import {module}
from community_api.core.database import dialects
from community_api.core.database.engine import Base
dialects.of({dialect!r})
tables = Base.metadata.tables.values()
reached = {{key.column.table.name for table in tables for key in table.foreign_keys}}
print(*sorted({{name.partition(".")[0] for name in sys.modules}}), *reached)
"""
HTTP = {"flask", "flask_smorest", "marshmallow", "webargs", "werkzeug"}
DRIVERS = {"sqlite": "sqlite3", "postgresql": "psycopg"}


def loaded(module, dialect):
    """What a process has in memory that begins with ``module``; it can follow every foreign key it knows."""
    command = [sys.executable, "-c", LOADS.format(module=module, dialect=dialect)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("dialect", DRIVERS)
def test_a_server_loads_the_driver_of_its_own_database_only(dialect):
    found = loaded("community_api.factory", dialect)
    assert found & set(DRIVERS.values()) == {DRIVERS[dialect]}
    assert found >= HTTP


def test_a_worker_loads_nothing_of_http():
    assert loaded("community_api.composition", "postgresql") & HTTP == set()
