"""Check that tests notice: apply declared one-line breaks to a copy, one by one.

`make breaks` reads `tests/breaks/*.yaml`. Of each break the tests named must fail; one that survives is a
defect of the tests.
"""

from __future__ import annotations

import argparse
import ast
import itertools
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = Path("tests") / "breaks"
# One test hangs at most so long, and a break that makes it hang was noticed by nobody.
SECONDS: Final = 120
LEFT_OUT: Final = shutil.ignore_patterns(".git", ".venv", "var", ".*_cache", ".hypothesis", "*.sqlite3*")
NOTICED: Final = "noticed"
SURVIVED: Final = "SURVIVED"
UNUSABLE: Final = "cannot be applied"
FAILED: Final = re.compile(r"\b\d+ failed\b")
_SECONDS_AFTER: Final = itertools.count()
ERRORS: Final = re.compile(r"\b\d+ errors?\b")


@dataclass(frozen=True)
class Break:
    """One change of the product that the named tests must notice."""

    name: str
    rule: str
    file: str
    text: str
    replacement: str
    tests: tuple[str, ...]
    # Run by `make test` as well; its tests need no fixture and no plugin, which take seconds to load.
    quick: bool = False
    # What pytest selects among variants; the default leaves PostgreSQL out.
    select: str = "not postgresql"


def declared(root: Path = ROOT) -> list[Break]:
    """Every break, in the order of files and within them."""
    return [_read(entry) for path in sorted((root / FOLDER).glob("*.yaml"))
            for entry in yaml.safe_load(path.read_text(encoding="utf-8"))]  # fmt: skip


def _read(entry: dict[str, Any]) -> Break:
    return Break(**{**entry, "tests": tuple(entry["tests"])})


def faults(change: Break, root: Path = ROOT) -> list[str]:
    """Why a break cannot be applied; empty if it can."""
    path = root / change.file
    if not path.is_file():
        return [f"{change.file} does not exist"]
    source = path.read_text(encoding="utf-8")
    found = []
    if source.count(change.text) != 1:
        found.append(f"the text stands {source.count(change.text)} times in {change.file}")
    if change.text == change.replacement:
        found.append("the replacement is the text")
    if path.suffix == ".py":
        found.extend(_syntax_faults(source.replace(change.text, change.replacement), change.file))
    if not change.tests:
        found.append("no test is named")
    found.extend(f"there is no test {test}" for test in change.tests if not _exists(test, root))
    return found


def _syntax_faults(source: str, name: str) -> Iterator[str]:
    try:
        compile(source, name, "exec")
    except SyntaxError as error:
        yield f"no Python: {error}"


def _exists(test: str, root: Path) -> bool:
    file, _, function = test.partition("::")
    path = root / file
    if not function or not path.is_file():
        return False
    wanted = function.partition("[")[0]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == wanted for node in ast.walk(tree))


def notices(change: Break, checkout: Path) -> str:
    """Apply one break to a copy, run its tests, undo it; says what came of it."""
    if found := faults(change, checkout):
        return f"{UNUSABLE}: {'; '.join(found)}"
    with _applied(change, checkout):
        done = run_tests(checkout, change)
    if done is None:
        return f"{SURVIVED}: no end within {SECONDS} s"
    code, said = done
    if code == 1 and FAILED.search(said):
        return NOTICED
    if code == 0:
        return SURVIVED
    kind = "an error before the test" if ERRORS.search(said) else f"pytest ended with {code}"
    return f"{UNUSABLE}: {kind}"


def run_tests(checkout: Path, change: Break) -> tuple[int, str] | None:
    """The exit code of pytest and the end of what it said; None if it took too long."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", change.select]
    command += ["--noconftest"] if change.quick else []
    command += change.tests
    left_out = ("PYTEST_", "PYTHONDONTWRITEBYTECODE")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    try:
        done = subprocess.run(
            command,
            cwd=checkout,
            env=environ | ({"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if change.quick else {}),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode, done.stdout[-2000:]


@contextmanager
def copies(number: int) -> Iterator[list[Path]]:
    """Copies of the checkout, which go afterwards."""
    with tempfile.TemporaryDirectory(prefix="breaks-") as folder:
        made = [Path(folder) / str(index) for index in range(number)]
        for path in made:
            shutil.copytree(ROOT, path, ignore=LEFT_OUT)
            (path / ".venv").symlink_to(ROOT / ".venv")
        yield made


@contextmanager
def _applied(change: Break, checkout: Path) -> Iterator[None]:
    path = checkout / change.file
    before, stat = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(before.replace(change.text, change.replacement), encoding="utf-8")
    # Bytecode is known by size and second of its source: a second of its own, or the last file passes for it.
    moment = stat.st_mtime_ns + (1 + next(_SECONDS_AFTER)) * 10**9
    os.utime(path, ns=(moment, moment))
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def try_all(breaks: Sequence[Break], workers: int) -> Iterator[tuple[Break, str, float]]:
    """What came of each break, and the seconds it took, in their order."""
    with copies(workers) as made, ThreadPoolExecutor(workers) as pool:
        idle: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for path in made:
            idle.put(path)

        def attempt(change: Break) -> tuple[Break, str, float]:
            checkout, began = idle.get(), time.monotonic()
            try:
                return change, notices(change, checkout), time.monotonic() - began
            finally:
                idle.put(checkout)

        yield from pool.map(attempt, breaks)


def pass_unbroken(breaks: Sequence[Break]) -> bool:
    """Whether the named tests pass as long as nothing is broken; shows what they say if not."""
    for select in sorted({change.select for change in breaks}):
        tests = dict.fromkeys(test for change in breaks if change.select == select for test in change.tests)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", select, *tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.stdout.write(done.stdout[-4000:])
            return False
    return True


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 if a break survives, cannot be applied, or the tests fail without it."""
    parser = argparse.ArgumentParser(prog="make breaks", description=__doc__)
    parser.add_argument("--only", default="", help="breaks whose name, rule or file holds this")
    parser.add_argument("--list", action="store_true", help="list them and run nothing")
    wanted = parser.parse_args(arguments)
    breaks = [change for change in declared() if wanted.only in f"{change.name} {change.rule} {change.file}"]
    if wanted.list:
        sys.stdout.writelines(f"{change.rule:4} {change.name} ({change.file})\n" for change in breaks)
        return 0
    began = time.monotonic()
    if not breaks or not pass_unbroken(breaks):
        sys.stdout.write("No break was tried: none is meant, or the tests named do not pass without it.\n")
        return 1
    noticed = 0
    for change, result, seconds in try_all(breaks, min(2, os.cpu_count() or 1)):
        noticed += result == NOTICED
        sys.stdout.write(f"{result:9} {seconds:5.1f} s  {change.rule:4} {change.name}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{noticed} of {len(breaks)} noticed in {time.monotonic() - began:.0f} s\n")
    return int(noticed != len(breaks))


if __name__ == "__main__":
    sys.exit(main())
