"""Names say what they are: no words of before, modules that are nouns, one meaning for a basename."""

import ast
from collections import defaultdict

import pytest
import yaml

from tests.guards.source import ROOT, Source, everything, product

# They say what somebody did to a thing, and not what the thing is.
SAYING_NOTHING = {"told", "one", "found", "known", "shown", "said", "kept", "given", "taken"}
# Lists of exceptions may only shrink.
LEFT: set[str] = set()
GERUNDS = {
    "community_api/access/sessions/housekeeping.py",
    "community_api/community/emergencies/paging.py",
    "community_api/core/crypto/sealing.py",
    "community_api/procedure_engine/language/language_grading.py",
    "community_api/procedure_engine/verification/staffing.py",
    "community_api/safeguarding/opening.py",
}
FIXED = {"__init__", "models", "presenters", "queries", "resources", "rules", "schemas", "service", "terms"}
SHARED = {("clients", "command"), ("core", "errors")}
LONGEST_FIRST_LINE = 15
LONG_FIRST_LINES = 940


def renamed(section):
    maps = (ROOT / "tools" / "renames").glob("*.yaml")
    read = [yaml.safe_load(path.read_text(encoding="utf-8")).get(section) or {} for path in maps]
    return {old: new for one in read for old, new in one.items()}


def saying_nothing(source):
    """Functions and parameters whose names say nothing."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and node.name.strip("_") in SAYING_NOTHING:
            yield f"{source.name}: {node.name}"
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            words = (each.arg for each in ast.walk(node.args) if isinstance(each, ast.arg))
            yield from (f"{source.name}: parameter {word}" for word in words if word in SAYING_NOTHING)


def long_first_lines(source):
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef
    nodes = (node for node in ast.walk(source.tree) if isinstance(node, kinds))
    texts = (ast.get_docstring(node) for node in nodes if not getattr(node, "name", "").startswith("_"))
    lines = (text.split("\n")[0] for text in texts if text)
    return [line for line in lines if len(line.split()) > LONGEST_FIRST_LINE]


def test_functions_and_parameters_say_what_they_are():
    assert {found for source in everything() for found in saying_nothing(source)} == LEFT


def test_modules_are_nouns():
    gerunds = {source.name for source in product() if source.name.endswith("ing.py")}
    assert gerunds == GERUNDS


def test_a_basename_means_one_thing_in_a_wing():
    places = defaultdict(list)
    for source in product():
        *folders, base = source.name.removesuffix(".py").split("/")[1:] or [""]
        if folders:
            places[folders[0], base].append(source.name)
    shared = {place for place, names in places.items() if len(names) > 1 and place[1] not in FIXED}
    assert shared == SHARED


def test_first_lines_of_docstrings_get_no_longer():
    assert sum(len(long_first_lines(source)) for source in product()) <= LONG_FIRST_LINES


def test_no_module_has_an_old_name():
    back = {old for old, new in renamed("modules").items() if not new.startswith(f"{old}.")}
    files = {old.replace(".", "/") for old in back}
    assert [file for file in sorted(files) if (ROOT / f"{file}.py").exists()] == []


def test_no_class_has_an_old_name():
    old = {name.rpartition(".")[2] for name in renamed("names") if name.rpartition(".")[2].istitle()}
    old -= set(renamed("names").values())
    old -= {"Question", "Standing", "Known", "Told", "Gathered", "Round", "Use"}
    defined = {
        node.name for source in product() for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)
    }
    assert defined & old == set()


@pytest.mark.parametrize(
    "code", ["def f(told): pass", "def _shown(): pass", "key = lambda one: one", "def f(*, known=None): pass"]
)
def test_the_guard_notices_a_name_that_says_nothing(code):
    assert list(saying_nothing(Source("made_up.py", code, ast.parse(code))))


def test_the_guard_notices_a_first_line_that_is_too_long():
    code = f'"""{"word " * 16}."""'
    assert long_first_lines(Source("made_up.py", code, ast.parse(code)))
