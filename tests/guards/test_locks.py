"""The lock files say the same: what pip installs is what uv resolved for what pyproject.toml asks."""

import re
import tomllib

from tests.guards.source import ROOT

PIN = re.compile(r"^([a-z0-9-]+)(?:\[[^]]*\])?==(\S+)")


def pins(lock):
    """Name and version of each package in a requirements file."""
    found = (PIN.match(line) for line in (ROOT / lock).read_text().splitlines())
    return {match.groups() for match in found if match}


def resolved():
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {package["name"]: package for package in packages}


def declared(requirement):
    """The name in a requirement, as the lock writes it."""
    return re.split(r"[\[<>=~! ;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_development_adds_to_what_runs_and_changes_nothing_of_it():
    assert pins("requirements.lock") < pins("requirements-dev.lock")


def test_both_files_hold_the_versions_that_were_resolved():
    versions = {(name, package["version"]) for name, package in resolved().items() if "version" in package}
    assert pins("requirements-dev.lock") <= versions


def test_every_declared_dependency_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run = {declared(requirement) for requirement in project["project"]["dependencies"]}
    develop = {declared(requirement) for requirement in project["dependency-groups"]["dev"]}
    assert run <= {name for name, _version in pins("requirements.lock")}
    assert run | develop <= {name for name, _version in pins("requirements-dev.lock")}


def test_the_lock_was_resolved_for_what_is_declared_now():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = resolved()["community-api"]["metadata"]["requires-dist"]
    specifiers = {(item["name"], item.get("specifier", "")) for item in asked}
    wanted = {
        (declared(requirement), re.sub(r"^[^<>=~!]*", "", requirement))
        for requirement in project["project"]["dependencies"]
    }
    assert {(name, frozenset(which.split(","))) for name, which in specifiers} == {
        (name, frozenset(which.split(","))) for name, which in wanted
    }


def test_every_package_is_pinned_by_digest():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text())
        packages = [entry for entry in entries if PIN.match(entry)]
        assert packages
        assert [entry.split()[0] for entry in packages if "--hash=sha256:" not in entry] == []


def test_a_python_without_pip_finds_one_in_the_lock():
    (wheel,) = resolved()["pip"]["wheels"]
    assert wheel["url"].startswith("https://files.pythonhosted.org/")
    assert wheel["hash"].startswith("sha256:")
