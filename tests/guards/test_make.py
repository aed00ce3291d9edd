"""The Makefile offers what is promised, and tells it."""

import re
import shutil
import subprocess
import sys

import pytest

from community_api.server.terms import INTERPRETER
from tests.guards.source import ROOT
from tools import environment

PROMISED = {
    "run",
    "test",
    "bench",
    "bench-load",
    "lint",
    "openapi",
    "i18n",
    "torture",
    "help",
    "walk",
    "migrate",
}
# Steps of the others, not for people.
INNER = {"environment", "environment-dev"}


def targets():
    text = (ROOT / "Makefile").read_text()
    return dict(re.findall(r"^([a-z0-9-]+):[^=\n]*?(## .*)?$", text, re.MULTILINE))


def test_every_promised_target_is_there():
    assert set(targets()) >= PROMISED


def test_every_target_for_people_says_what_it_does():
    assert [name for name, sentence in targets().items() if not sentence and name not in INNER] == []


def test_make_alone_tells_every_target():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607 - by PATH
    assert [name for name in targets() if name not in INNER and f"\n  {name} " not in told] == []


def test_what_a_server_loads_is_compiled_as_it_runs_it():
    assert environment.SERVING == INTERPRETER
    done = subprocess.run(
        [sys.executable, *environment.SERVING, "-c", environment.LOADED], cwd=ROOT, check=False
    )
    assert done.returncode == 0


@pytest.fixture
def bare_path(tmp_path):
    """A PATH with what make needs and no Python."""
    for program in ("make", "sh", "env", "dirname"):
        (tmp_path / program).symlink_to(shutil.which(program))
    return tmp_path


def prepare(path, **environ):
    """make environment in a copy that has no .venv; what it says when it fails."""
    checkout = path / "checkout"
    shutil.copytree(ROOT / "tools", checkout / "tools")
    shutil.copy(ROOT / "Makefile", checkout)
    done = subprocess.run(
        [path / "make", "environment"],
        cwd=checkout,
        env={"PATH": str(path), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    return done.stderr


def test_without_python_one_sentence_says_what_to_do(bare_path):
    assert "Python 3.11 or later is needed, and there is none here" in prepare(bare_path)


def test_an_old_python_is_named_with_its_version(bare_path):
    old = bare_path / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *print*) echo only Python 3.9.2;; *) exit 1;; esac\n')
    old.chmod(0o755)
    assert "there is only Python 3.9.2 here" in prepare(bare_path)


def test_a_named_python_that_does_not_run_is_refused(bare_path):
    assert "PYTHON=/nowhere/python is no Python 3.11 or later" in prepare(bare_path, PYTHON="/nowhere/python")
