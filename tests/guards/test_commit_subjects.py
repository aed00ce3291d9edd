"""The script that judges commit subjects, which anybody can run."""

import subprocess
import sys

import pytest

from tests.guards.source import ROOT

SCRIPT = ROOT / "tools" / "commit-subjects"


def judged(tmp_path, subject):
    message = tmp_path / "message"
    message.write_text(f"{subject}\n\nWhy.\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, SCRIPT, "--file", message], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("subject", ["Add a glossary", "Speed up lists of observations", "Fix " + "x" * 68])
def test_a_plain_subject_passes(tmp_path, subject):
    assert judged(tmp_path, subject).returncode == 0


@pytest.mark.parametrize(
    ("subject", "reason"),
    [
        ("wip", "begins with none of"),
        ("Added a glossary", "begins with none of"),
        ("Fix " + "x" * 69, "73 characters"),
        ("Add a glossary.", "full stop"),
    ],
)
def test_another_subject_is_refused_with_its_reason(tmp_path, subject, reason):
    result = judged(tmp_path, subject)
    assert result.returncode == 1
    assert reason in result.stderr
