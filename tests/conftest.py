"""What all tests share. They ask nothing of the shell they are started from."""

import gc
import os
import time
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled import compile_once
from tests.support.postgresql import why_missing

# What a shell says to the product, Flask and libpq, or about proxies, would make a test mean something else.
_MISLEADING = ("COMMUNITY_", "FLASK_", "PG", "PORT")
for _name in list(os.environ):
    if _name.startswith("COMMUNITY_TEST_"):
        continue
    if _name.startswith(_MISLEADING) or _name.lower().endswith("_proxy"):
        del os.environ[_name]
# Far from every zone the product knows: a local time that slips in is 12 hours and 45 minutes off.
os.environ["TZ"] = "Pacific/Chatham"
time.tzset()

pytest_plugins = ["tests.support.databases", "tests.support.app"]
compile_once()

# A busy machine is no fault of the product: examples have no time limit.
_patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("short", _patient, max_examples=50, derandomize=True)
settings.register_profile("long", _patient, max_examples=5000)
settings.load_profile("long" if os.environ.get("COMMUNITY_TEST_LONG") else "short")

# Few tests that take long: begun first, or one process works at the end while the others have nothing.
SLOW = ("tests/torture/", "tests/use_cases/server/", "tests/api/test_", "tests/api/matrix/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow files; within them, and after them, the order stays."""
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW))


def pytest_collection_finish() -> None:
    """Collect garbage less often, and never look through what was loaded: a sixth of the time otherwise."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, list[None], list[None]]:
    """The last lines say when a database was left out, and how to get it."""
    result = yield
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reason = why_missing()
    if reporter is not None and reason is not None:
        skipped = sum(reason in str(report.longrepr) for report in reporter.stats.get("skipped", ()))
        if skipped:
            reporter.write_line(f"PostgreSQL was NOT tested: {skipped} tests were skipped.", yellow=True)
            reporter.write_line(reason, yellow=True)
    return result
