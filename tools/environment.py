"""Bring .venv to the locked state: python tools/environment.py run|dev.

Standard library only, for it runs before anything is installed. What is installed is remembered by
the digest of the lock file, so a second run asks nothing of the network. Two at once take turns.
"""

import compileall
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import tomllib
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
# The development lock holds all of the other one, at the same versions (a test compares them).
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
SATISFIED_BY = {"run": ("run", "dev"), "dev": ("dev",)}
OWN_CODE = ("app.py", "community_api", "migrations")
# As the processes of a server run (community_api/server/terms.py; a test compares them), and what they load.
SERVING = ("-OO", "-X", "no_debug_ranges")
LOADED = (
    "import granian, community_api.factory, community_api.core.database.dialects as d; [*map(d.of, d.NAMES)]"
)

# What somebody's shell says about installing elsewhere is not meant for this environment.
MISLEADING = ("PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PIP_TARGET", "PIP_USER", "PYTHONHOME", "PYTHONPATH")
# What it says of bytecode is not either.
BYTECODE = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONOPTIMIZE")


class Unprepared(Exception):
    """The environment could not be made; the message says what to do."""


def main(kind: str) -> None:
    """Make and fill the environment if it is not as locked; compile what starts."""
    if not is_ready(kind):
        with alone():
            if not is_ready(kind):
                prepare(kind)
    compile_own_code()


def is_ready(kind: str) -> bool:
    """Whether an installation that covers ``kind`` was finished for the lock files as they are."""
    return any(_stamp(done).is_file() for done in SATISFIED_BY[kind]) and _runs(PYTHON)


@contextmanager
def alone() -> Iterator[None]:
    """Hold the checkout against another run of this program; the lock dies with the process."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another make is preparing .venv; waiting for it …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def prepare(kind: str) -> None:
    """Install the lock; raises Unprepared. An interrupted one leaves no stamp and is done again."""
    _say(f"Preparing .venv from {LOCKS[kind].name} (once; later starts need no network) …")
    if not _runs(PYTHON):
        _make()
    for stale in ENVIRONMENT.glob(".*.stamp"):
        stale.unlink()
    with _pip() as pip:
        _install(pip, LOCKS[kind])
    _as_serving("-c", LOADED)
    _stamp(kind).touch()


def compile_own_code() -> None:
    """Write bytecode ahead, because a shell may forbid Python to do it when it starts."""
    there = [ROOT / name for name in OWN_CODE if (ROOT / name).exists()]
    for path in there:
        if path.is_dir():
            compileall.compile_dir(path, quiet=2)
        else:
            compileall.compile_file(path, quiet=2)
    if there:
        _as_serving("-m", "compileall", "-qq", *map(str, there))


def _as_serving(*words: str) -> None:
    """Have Python do something as a server does it, for the bytecode; a fault will show when it is served."""
    environ = {name: value for name, value in os.environ.items() if name not in {*MISLEADING, *BYTECODE}}
    subprocess.run([PYTHON, *SERVING, *words], env=environ, cwd=ROOT, stderr=subprocess.DEVNULL, check=False)


def _stamp(kind: str) -> Path:
    return ENVIRONMENT / f".{kind}-{hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()[:16]}.stamp"


def _runs(python: Path) -> bool:
    """Whether this Python starts and is new enough; it may have gone with an upgrade of the system."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make() -> None:
    try:
        venv.create(ENVIRONMENT, clear=True, symlinks=True, with_pip=_has_own_pip())
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unprepared(f".venv could not be made: {error}") from error


def _has_own_pip() -> bool:
    return importlib.util.find_spec("ensurepip") is not None


@contextmanager
def _pip() -> Iterator[list[str]]:
    """The words that call a pip which installs into the environment."""
    if subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False).returncode == 0:
        yield [str(PYTHON), "-m", "pip"]
        return
    with tempfile.TemporaryDirectory() as folder:
        yield [str(PYTHON), f"{_fetch_pip(Path(folder))}/pip"]


def _fetch_pip(folder: Path) -> Path:
    url, digest = _locked_pip()
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - https, named by the lock
            wheel: bytes = answer.read()
    except OSError as error:
        raise Unprepared(
            f"This Python has no pip, and none could be fetched ({error}): apt install python3-venv, "
            "then run it again."
        ) from error
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise Unprepared(f"{url} is not what it should be: apt install python3-venv, then run it again.")
    path = folder / url.rsplit("/", 1)[1]
    path.write_bytes(wheel)
    return path


def _locked_pip() -> tuple[str, str]:
    """Address and SHA-256 of the wheel of pip, which runs as it is."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    (wheel,) = next(package["wheels"] for package in packages if package["name"] == "pip")
    return wheel["url"], wheel["hash"].removeprefix("sha256:")


def _install(pip: list[str], lock: Path) -> None:
    words = [*pip, "install", "-qq", "--no-input", "--disable-pip-version-check"]
    environ = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    done = subprocess.run(
        [*words, "--require-hashes", "-r", str(lock)], env=environ, stdout=sys.stderr, check=False
    )
    if done.returncode:
        raise Unprepared(
            "The locked packages could not be installed (pip says why above). The first run needs the "
            "network, or an index that PIP_INDEX_URL names; run it again when there is one."
        )


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["dev"]):
        sys.exit("usage: tools/with-python tools/environment.py run|dev")
    try:
        main(sys.argv[1])
    except Unprepared as unprepared:
        sys.exit(str(unprepared))
    except KeyboardInterrupt:
        sys.exit(130)
