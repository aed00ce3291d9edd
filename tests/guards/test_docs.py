"""What the README and docs/ say is there: links, commands, settings, endpoints, figures, drawings."""

import re
from functools import cache

import click
import pytest
import yaml

from community_api.cli import shell
from community_api.core.http import docs_pages
from tests.guards.source import ROOT
from tools.drawings import DRAWINGS

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "examples" / "README.md"]
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
METHOD = r"(GET|POST|PATCH|DELETE|PUT)"
# Read by make and the tests, not by the product.
OUTSIDE = {
    "COMMUNITY_TEST_LONG",
    "COMMUNITY_TEST_PG_BIN",
    "COMMUNITY_TEST_REQUIRE_NGINX",
    "COMMUNITY_TEST_REQUIRE_POSTGRESQL",
    "COMMUNITY_TEST_REQUIRE_STRACE",
}

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


@cache
def text_of(page):
    return page.read_text(encoding="utf-8")


def codes(page):
    """What stands between backticks, and the lines of blocks that are commands."""
    blocks = FENCE.findall(text_of(page))
    yield from (line.strip() for block in blocks for line in block.splitlines())
    yield from CODE.findall(FENCE.sub("", text_of(page)))


def anchors(page):
    """The names that headings have, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text_of(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_there_are_pages():
    assert {page.stem for page in PAGES} >= {"README", "architecture", "security", "operating", "developing"}


@every_page
def test_every_link_leads_somewhere(page):
    broken = []
    for link in LINK.findall(FENCE.sub("", text_of(page))):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@every_page
def test_every_path_in_the_checkout_is_there(page):
    """A path is code that begins with a folder of ours; ``*`` and capitals stand for something else."""
    folders = (
        r"(?:community_api|tests|docs|tools|migrations|locales|benchmarks|examples|core|procedure_engine)"
    )
    paths = [code for code in codes(page) if re.fullmatch(rf"{folders}/[\w./-]+", code)]
    missing = [
        path
        for path in paths
        if not any((base / path).exists() for base in (ROOT, ROOT / "community_api", page.parent))
    ]
    assert missing == []


@every_page
def test_every_make_target_exists(page):
    targets = set(re.findall(r"^([a-z0-9-]+):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for code in codes(page) for name in re.findall(r"(?<![\w/-])make ([a-z0-9-]+)", code)}
    assert named - targets == set()


def command_named(words):
    """The command that ``flask`` would run for these words, None when there is none."""
    found: click.Command = shell().cli
    for word in words:
        if not isinstance(found, click.Group):
            break
        step = found.get_command(click.Context(found), word)
        if step is None:
            return None
        found = step
    return found


@every_page
def test_every_flask_command_exists_with_its_options(page):
    wrong = []
    for code in codes(page):
        for said in re.findall(r"(?:^|\s|/)flask ([a-z][a-z -]*[a-z](?:\s.*)?)$", code):
            words = re.findall(r"^[a-z]+(?: [a-z]+)*", said)[0].split()
            command = command_named(words)
            options = set(re.findall(r"(?<!\S)--[a-z-]+", said))
            known = {name for param in command.params for name in param.opts} if command else set()
            if said == "run":
                # Flask's own, named to say that it is not for use.
                continue
            if command is None or isinstance(command, click.Group) or not options <= known:
                wrong.append(code)
    assert wrong == []


@every_page
def test_every_module_that_is_run_exists(page):
    named = {name for code in codes(page) for name in re.findall(r"python3? -m ([a-z_.]+)", code)}
    ours = {name for name in named if name.split(".")[0] in {"tools", "benchmarks", "migrations", "tests"}}
    missing = [
        name
        for name in ours
        if not (ROOT / f"{name.replace('.', '/')}.py").exists()
        and not (ROOT / name.replace(".", "/") / "__main__.py").exists()
    ]
    assert missing == []


def settings_read():
    source = (ROOT / "community_api" / "core" / "config.py").read_text()
    return set(re.findall(r'"(COMMUNITY_[A-Z_]+|PORT|PROMETHEUS_[A-Z_]+)"', source))


def test_the_table_of_settings_is_what_is_read():
    rows = re.findall(r"^\| `([A-Z_]+)` \|", text_of(ROOT / "docs" / "operating.md"), re.MULTILINE)
    assert sorted(rows) == sorted(settings_read())


@every_page
def test_every_setting_that_is_named_is_read(page):
    named = set(re.findall(r"\bCOMMUNITY_[A-Z_]*[A-Z]\b", text_of(page)))
    assert named - settings_read() - OUTSIDE == set()


@cache
def operations():
    document = yaml.load(docs_pages.DOCUMENT.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
        for path, told in document["paths"].items()
        for method in told
    }


@every_page
def test_every_endpoint_that_is_named_exists(page):
    """``POST /observations/{id}/flags``; what is said to come later is no code."""
    named = {
        (method, re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1")))
        for code in codes(page)
        for method, path in re.findall(rf"^{METHOD} (/[\w/{{}}.-]+)$", code)
    }
    assert named - operations() == set()


@every_page
def test_every_metric_that_is_named_is_measured(page):
    source = "".join(
        (ROOT / "community_api" / path).read_text()
        for path in ("core/monitoring/metrics.py", "core/monitoring/health.py", "outbox/health.py")
    )
    measured = set(re.findall(r'"(community_[a-z_]+)"', source))
    named = {code.removesuffix("_total") for code in codes(page) if re.fullmatch(r"community_[a-z_]+", code)}
    prefixes = {"community_api", "community_app", "community_owner", "community_"}
    assert named - measured - prefixes - tables() == set()


def tables():
    text = (ROOT / "migrations" / "versions").glob("*.py")
    return {name for path in text for name in re.findall(r'create_table\(\s*"(\w+)"', path.read_text())}


def test_every_metric_is_told_to_operators():
    text = text_of(ROOT / "docs" / "operating.md")
    source = "".join(
        (ROOT / "community_api" / path).read_text()
        for path in ("core/monitoring/metrics.py", "core/monitoring/health.py", "outbox/health.py")
    )
    assert [name for name in set(re.findall(r'"(community_[a-z_]+)"', source)) if name not in text] == []


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_current(name):
    drawn = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert drawn == DRAWINGS[name](), "python -m tools.drawings draws it anew"


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_drawing_is_shown(name):
    assert any(f"{name})" in text_of(page) for page in PAGES)
