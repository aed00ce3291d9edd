"""Nothing grows past what a reader can hold: files, functions, and names that say what is inside."""

import ast
from statistics import median

from tests.guards.source import ROOT, everything, product

# About 300 is the habit; past this it is two files.
LONGEST_FILE = 350
LONGEST_FUNCTION = 60
USUAL_FUNCTION = 10
TELLING_NOTHING = {"base", "common", "helper", "helpers", "misc", "stuff", "tools", "util", "utils"}
TEST_FOLDERS = {"api", "guards", "stories", "torture", "unit", "use_cases"}


def length(function):
    return function.end_lineno - function.lineno + 1


def test_no_file_is_longer_than_a_reader_can_hold():
    assert [f"{s.name}: {s.lines}" for s in everything() if s.lines > LONGEST_FILE] == []


def test_no_function_is_longer_than_a_screen():
    found = [
        f"{source.name}:{function.lineno} {function.name}: {length(function)}"
        for source in everything()
        for function in source.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    assert found == []


def test_functions_are_short_as_a_rule():
    assert (
        median(length(function) for source in product() for function in source.functions()) <= USUAL_FUNCTION
    )


def test_no_module_has_a_name_that_tells_nothing():
    modules = [source.name for source in everything()]
    assert [name for name in modules if TELLING_NOTHING & set(name.removesuffix(".py").split("/")[1:])] == []


def test_no_error_is_swallowed():
    found = [
        f"{source.name}:{node.lineno}"
        for source in everything()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and all(isinstance(inner, ast.Pass) for inner in node.body)
    ]
    assert found == []


def test_every_test_file_is_in_one_of_the_folders():
    files = [path.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")]
    assert [str(file) for file in files if file.parts[0] not in TEST_FOLDERS] == []
