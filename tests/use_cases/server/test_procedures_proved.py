"""What new cases may take is proved when the product starts, also what an earlier engine let pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import StartupError
from community_api.procedure_engine import repository
from community_api.procedures import service as procedures
from community_api.procedures.models import ProcedureVersion
from community_api.server.preflight import prove_procedures
from tests.support.databases import Addresses
from tests.support.factories import START, unit_of_work

NEWEST = max(version for name, version in repository.files() if name == "osce-baseline")
FILE = (repository.SHIPPED / f"osce-baseline.v{NEWEST}.yaml").read_text(encoding="utf-8")
NEXT = FILE.replace(f"\n  version: {NEWEST}\n", f"\n  version: {NEWEST + 1}\n")
# The only way out of a stage is gone: whoever is there stays there for ever.
UNSOUND = NEXT.replace("from: [to_assess]", "from: [to_evaluate]", 1)
# Words that no catalog has.
UNSAID = NEXT.replace("title: Assessment\n", "title: Weighing what was reported\n", 1)


@pytest.fixture
def uow(addresses: Addresses) -> Iterator[UnitOfWork]:
    made = unit_of_work(addresses.database_url)
    yield made
    made.database.close()


def adopted(uow: UnitOfWork, content: str) -> None:
    """Put a version into the table as if an earlier engine had approved it."""
    row = ProcedureVersion(
        id=uuid4(), name="osce-baseline", version=NEWEST + 1, hash="0" * 64, content=content,
        active_from=START.date(), proposal_id=uuid4(), adopted_at=START,
    )  # fmt: skip
    with uow() as tx:
        tx.add(row)
    procedures.forget(uow.database.engine)


def test_what_is_shipped_is_sound_and_said_in_every_language_that_it_promises(
    uow: UnitOfWork, capsys: pytest.CaptureFixture[str]
) -> None:
    prove_procedures(uow)
    assert capsys.readouterr().err == ""


def test_a_version_that_is_not_sound_stops_the_start_with_its_file_and_line(uow: UnitOfWork) -> None:
    assert UNSOUND != NEXT
    adopted(uow, UNSOUND)
    with pytest.raises(StartupError, match=rf"osce-baseline\.v{NEWEST + 1}\.yaml:\d+:\d+: .*to_assess"):
        prove_procedures(uow)


def test_words_without_a_translation_are_told_and_stop_nobody(
    uow: UnitOfWork, capsys: pytest.CaptureFixture[str]
) -> None:
    assert UNSAID != NEXT
    adopted(uow, UNSAID)
    prove_procedures(uow)
    told = capsys.readouterr().err
    assert f"osce-baseline.v{NEWEST + 1}.yaml:" in told
    assert "`Weighing what was reported` is not said in `de`" in told
    assert "shown in English" in told


def test_a_shipped_version_that_comes_into_force_later_is_proved_as_well(
    uow: UnitOfWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"osce-baseline.v{NEWEST}.yaml").write_text(FILE, encoding="utf-8")
    later = UNSOUND.replace("effective_from: 2026-01-01", "effective_from: 2027-01-01")
    assert later != UNSOUND
    (tmp_path / f"osce-baseline.v{NEWEST + 1}.yaml").write_text(later, encoding="utf-8")
    monkeypatch.setattr(repository, "SHIPPED", tmp_path)
    with pytest.raises(StartupError, match="to_assess"):
        prove_procedures(uow)


def test_old_versions_are_for_running_cases_and_stop_no_start(
    uow: UnitOfWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"osce-baseline.v{NEWEST}.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / f"osce-baseline.v{NEWEST - 1}.yaml").write_text("nothing of a pack", encoding="utf-8")
    monkeypatch.setattr(repository, "SHIPPED", tmp_path)
    prove_procedures(uow)
