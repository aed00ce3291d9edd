"""Some things are done in one place only, so that everybody knows where to look and none forgets."""

import ast
import re

import pytest

from tests.guards.source import Source, dotted, product

ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "os.putenv", "os.unsetenv"}
CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "func.current_timestamp",
    "func.now",
    "time.gmtime",
    "time.localtime",
    "time.strftime",
    "time.time",
    "time.time_ns",
}
SQL_CLOCK = re.compile(
    r"\b(current_(timestamp|date|time)|now\(\)|(datetime|date|strftime)\([^)]*'now')", re.IGNORECASE
)
SQL_COMMIT = re.compile(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)( (IMMEDIATE|EXCLUSIVE|TRANSACTION|\w+))?;?")
NETWORK = {"http.client", "httpx", "requests", "smtplib", "socket", "urllib.request", "urllib3"}


def names(source: Source):
    """Every dotted name that a file mentions, and what it takes from ``os`` and ``time`` by name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            # datetime.datetime.now reads as datetime.now.
            yield ".".join(dotted(node).split(".")[-2:]), node.lineno
        if isinstance(node, ast.ImportFrom) and node.module in {"os", "time"}:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def texts(source: Source):
    """Every string that is no docstring, for SQL hides in them."""
    said = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value, node.lineno


def reads_environment(source: Source):
    return [line for name, line in names(source) if name in ENVIRONMENT]


def tells_time(source: Source):
    by_name = [line for name, line in names(source) if name in CLOCK]
    return by_name + [line for text, line in texts(source) if SQL_CLOCK.search(text)]


def commits(source: Source):
    """Lines that end or open a transaction; ``begin()`` without arguments is an engine's."""
    calls = [
        call.lineno
        for call in source.calls()
        if isinstance(call.func, ast.Attribute)
        and (call.func.attr in {"commit", "begin_nested"} or (call.func.attr == "begin" and not call.args))
    ]
    return calls + [line for text, line in texts(source) if SQL_COMMIT.fullmatch(text)]


def reaches_outside(source: Source):
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [node.lineno for alias in node.names if alias.name in NETWORK]
        if isinstance(node, ast.ImportFrom):
            whole = {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
            found += [node.lineno] * bool(whole & NETWORK)
    return found


def bounds_lengths(source: Source):
    return [line for name, line in names(source) if name == "validate.Length"]


RULES = {
    # With marshmallow's own, who told nothing hears how much would be too much.
    "bounds lengths": (bounds_lengths, ("community_api/core/schemas/validators.py",)),
    "reads the environment": (reads_environment, ("community_api/core/config.py",)),
    "tells the time": (tells_time, ("community_api/core/clock.py",)),
    # A migration is a transaction of its own: it runs before there is a unit of work.
    "commits": (
        commits,
        ("community_api/core/database/unit_of_work.py", "community_api/core/database/migrations.py"),
    ),
    "reaches outside": (
        reaches_outside,
        (
            "community_api/clients/",
            "community_api/core/channels/",
            # Serving listens; before that it asks whether the port is free.
            "community_api/server/",
        ),
    ),
}
GUILTY = {
    "bounds lengths": [
        "fields.String(validate=validate.Length(1, 40))",
        "marshmallow.validate.Length(max=3)",
    ],
    "reads the environment": [
        "import os\nos.environ['A']",
        "from os import getenv",
        "import os\nos.getenv('A')",
    ],
    "tells the time": [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "from time import time",
        "Column(server_default=func.now())",
        "text('UPDATE t SET at = CURRENT_TIMESTAMP')",
        "text(\"SELECT strftime('%s', 'now')\")",
    ],
    "commits": ["session.commit()", "with engine.begin(): pass", "c.exec_driver_sql('BEGIN IMMEDIATE')"],
    "reaches outside": ["import httpx", "from urllib import request", "from socket import create_connection"],
}
INNOCENT = {
    "bounds lengths": ["fields.String(validate=Bounded(40))", "validate.Range(1, 3)"],
    "reads the environment": ["environment()", "def f(environ): return environ['A']"],
    "tells the time": [
        "tx.now",
        "time.monotonic()",
        "'''What is due now() or CURRENT_TIMESTAMP.'''",
        "clock.now()",
    ],
    "commits": [
        "feedback.begin(tx, matter)",
        "file.flush()",
        "__all__ = ['begin']",
        "text('BEGIN SELECT 1; END')",
    ],
    "reaches outside": ["from urllib.parse import quote", "import http"],
}


@pytest.mark.parametrize("rule", RULES)
def test_the_product_does_it_in_one_place(rule):
    finds, places = RULES[rule]
    found = [
        f"{source.name}:{line}"
        for source in product()
        if not source.name.startswith(places)
        for line in finds(source)
    ]
    assert found == [], f"only {' and '.join(places)} {rule}"


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule in GUILTY for code in GUILTY[rule]])
def test_the_guard_finds_what_breaks_the_rule(rule, code):
    assert RULES[rule][0](Source("made_up.py", code, ast.parse(code)))


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule in INNOCENT for code in INNOCENT[rule]])
def test_the_guard_leaves_alone_what_keeps_it(rule, code):
    assert not RULES[rule][0](Source("made_up.py", code, ast.parse(code)))
