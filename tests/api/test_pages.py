"""Pages for people who build clients: every operation and every problem in words, from here alone."""

import re

import pytest

from community_api.composition import PROBLEMS
from community_api.core.http import openapi
from community_api.core.i18n.problem_texts import load_problems
from community_api.core.i18n.translations import WORDS


@pytest.fixture
def get(shared_world):
    """The page at an address, as a stranger sees it; ``language``: one that they read."""
    client = shared_world.app.test_client()

    def page(path, language="en"):
        answer = client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        return answer

    return page


def test_the_reference_names_every_operation_also_without_javascript(get, shared_world):
    _, _, told = get("/docs").text.partition("<noscript>")
    for path, operations in openapi.document(shared_world.app)["paths"].items():
        for method in operations.keys() & openapi.METHODS:
            assert path in told
            assert operations[method]["summary"] in told or "&" in told


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/problems/id_reused"])
def test_nothing_is_fetched_from_elsewhere(get, path):
    assert not re.findall(r"""(?:src|href|action)\s*=\s*["']?\s*(?:https?:)?//""", get(path).text)
    assert "@import" not in get(path).text


def test_every_problem_has_a_page(get):
    every = get("/problems").text
    for code in load_problems(PROBLEMS).problems:
        assert code in every
        assert code in get(f"/problems/{code}").text


@pytest.mark.parametrize("language", [*WORDS.languages, *WORDS.public_languages])
def test_a_problem_is_told_in_the_readers_language_the_way_it_is_read(get, language):
    answer = get("/problems/receipt_unknown", language)
    way = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in answer.text
    assert answer.headers["Content-Language"] == language


def test_what_is_no_problem_is_not_found(shared_world):
    for code in ("nothing", "..%2f..%2fetc%2fpasswd", "%00"):
        assert shared_world.app.test_client().get(f"/problems/{code}").status_code == 404
