"""The first report by hand, as the README tells it, typed into a shell beside a product that runs."""

import re
import shutil
import subprocess

import pytest

from tests.guards.source import ROOT
from tests.support.servers import PASSWORD

BREAK = "--- the next command ---"
BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What differs from run to run.
VOLATILE = {
    r"\d{4}-\d\d-\d\d(T[\d:.]+Z)?": "DATE",
    r"LIN-A-[0-9A-Z]{4}-[0-9A-Z]{4}": "REFERENCE",
    r"urn:uuid:[0-9a-f-]{36}": "REQUEST",
}

on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
with_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="the README's commands need curl")


def journey():
    """The commands of the section, and beside each the lines that the README shows of its output."""
    section = (ROOT / "README.md").read_text().split("\n## A first report by hand\n")[1].split("\n## ")[0]
    told = []
    for kind, text in BLOCK.findall(section):
        if kind == "sh":
            told.append((text, []))
        else:
            told[-1][1].extend(text.splitlines())
    return told


def steady(line):
    for pattern, word in VOLATILE.items():
        line = re.sub(pattern, word, line)
    return line.strip()


def is_shown(line, output):
    """Whether a line of the README is among those of the output, which may go on where the README has an …"""
    wanted, left_out, _rest = steady(line).partition("…")
    found = [steady(one) for one in output]
    return any(one.startswith(wanted.strip()) if left_out else one == wanted for one in found)


def typed(server, commands):
    """What a newcomer's shell shows for each command."""
    (server.folder / "var").mkdir(exist_ok=True)
    (server.folder / "var" / "demo-password").write_text(PASSWORD)
    script = f"\necho; echo '{BREAK}'\n".join(commands).replace("http://127.0.0.1:8000", server.url)
    done = subprocess.run(
        ["sh", "-eu", "-c", script],  # noqa: S607 - the newcomer's shell
        cwd=server.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [part.replace("\r", "").splitlines() for part in done.stdout.split(BREAK)]


@on_sqlite
@with_curl
def test_every_line_that_the_readme_shows_is_what_one_gets(server):
    told = journey()
    outputs = typed(server, [command for command, _shown in told])
    missing = [
        line
        for (_command, shown), output in zip(told, outputs, strict=True)
        for line in shown
        if line.strip() != "…" and not is_shown(line, output)
    ]
    assert missing == [], outputs


def test_the_readme_shows_what_comes_of_it():
    shown = [line for _command, lines in journey() for line in lines if line.strip() != "…"]
    assert len(journey()) >= 4
    assert len(shown) >= 6
