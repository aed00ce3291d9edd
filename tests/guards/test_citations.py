"""Numbers of rules, promises and sections that code and docs cite stand in docs/rules.md."""

import re
from pathlib import Path

import pytest

from tests.guards.source import ROOT

RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
ANCHORS = set(re.findall(r'<a id="([a-z0-9-]+)"></a>', RULES))
FOLDERS = ("community_api", "tests", "tools", "benchmarks", "migrations", "docs")
SUFFIXES = {".py", ".yaml", ".md"}
HERE = Path(__file__)
NUMBERED = re.compile(r"\b([RP])(\d{1,2})\b")
SECTIONS = re.compile(r"contract,? sections? ((?:\d+(?:, | and )?)+)")
ELSEWHERE = re.compile(r"\b(?:domain|promises),? (?:sections?|§)", re.IGNORECASE)


def sources():
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and path != HERE:
                yield path


def citations(text):
    """The anchors of docs/rules.md that a text means."""
    for kind, number in NUMBERED.findall(text):
        yield f"{kind.lower()}{int(number)}"
    for numbers in SECTIONS.findall(text):
        yield from (f"section-{number}" for number in re.findall(r"\d+", numbers))


def unresolved(text):
    return sorted(set(citations(text)) - ANCHORS)


def test_every_cited_rule_and_section_is_explained():
    broken = {path.relative_to(ROOT).as_posix(): missing for path in sources()
              if (missing := unresolved(path.read_text(encoding="utf-8")))}  # fmt: skip
    assert broken == {}


def test_no_source_cites_a_document_that_is_not_here():
    citing = [path.relative_to(ROOT).as_posix() for path in sources()
              if ELSEWHERE.search(path.read_text(encoding="utf-8"))]  # fmt: skip
    assert citing == []


def test_every_rule_and_promise_has_one_anchor():
    assert {f"r{number}" for number in range(1, 43)} <= ANCHORS
    assert {f"p{number}" for number in range(1, 85)} <= ANCHORS
    assert len(re.findall(r'<a id="', RULES)) == len(ANCHORS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("as R9 says", []),
        ("by R77", ["r77"]),
        ("contract sections 5, 9 and 12", []),
        ("contract section 44", ["section-44"]),
    ],
)
def test_the_guard_notices_what_it_should(text, expected):
    assert unresolved(text) == expected


def test_every_name_in_the_glossary_stands_in_the_code():
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    cells = [
        row.split("|")[2] for row in glossary.splitlines() if row.startswith("| ") and "*later*" not in row
    ]
    names = {name for cell in cells for name in re.findall(r"`([A-Za-z_-]{4,})`", cell)}
    code = "".join(path.read_text(encoding="utf-8") for path in sources() if path.parts[-2] != "docs")
    assert len(names) > 60
    assert {name for name in names if name not in code} == set()
