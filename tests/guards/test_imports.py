"""Who may import whom: the contracts of pyproject.toml hold, and would notice if they did not."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.guards.source import ROOT

# For each contract an import that it forbids, put at the end of a file that is innocent.
FORBIDDEN = {
    "Layers": ("core/clock.py", "community_api.access.policy"),
    "Inside a feature": ("outbox/rules.py", "community_api.outbox.models"),
    "Intelligence": ("intelligence/flags/terms.py", "community_api.community.observations.models"),
    "Use cases": ("community/observations/service.py", "flask"),
    "Rules": ("procedure/engine.py", "sqlalchemy"),
    "Resources": ("community/observations/resources.py", "community_api.community.observations.models"),
    "Clients": ("clients/wire.py", "community_api.units.models"),
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
