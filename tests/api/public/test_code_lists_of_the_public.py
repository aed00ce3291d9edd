"""Labels of what the public sees: to be read by everybody, in every public language."""

import pytest

from community_api.core.code_lists import code_lists
from community_api.core.i18n.translations import WORDS

PUBLIC = sorted(name for name, listed in code_lists().items() if listed.public)
LANGUAGES = (*WORDS.languages, *WORDS.public_languages)


def test_everybody_reads_which_lists_there_are(shared_world):
    listed = shared_world.anybody().get("/public/code-lists").items
    assert [item["name"] for item in listed] == PUBLIC
    assert all(item["public"] for item in listed)


def test_an_account_reads_of_every_list_whether_it_is_public(shared_world):
    listed = shared_world.client("officer1.lin-a").get("/code-lists").items
    assert [item["name"] for item in listed if item["public"]] == PUBLIC
    assert len(listed) == len(code_lists())


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_list_is_read_in_seven_languages(shared_world, name):
    labels = {}
    for language in LANGUAGES:
        answer = shared_world.anybody(language=language).get(f"/public/code-lists/{name}")
        assert answer.headers["Content-Language"] == language
        assert [item["code"] for item in answer.items] == list(code_lists()[name].codes)
        labels[language] = tuple(item["label"] for item in answer.items)
    assert len(LANGUAGES) == 7
    assert len(set(labels.values())) == 7


@pytest.mark.parametrize("name", ["flag_statuses", "nothing"])
def test_other_lists_are_not_there_for_the_public(shared_world, name):
    assert shared_world.anybody().get(f"/public/code-lists/{name}", expect=404).code == "not_found"


def test_an_account_is_asked_for_where_other_lists_are(shared_world):
    shared_world.anybody().get("/code-lists", expect=401)


def test_an_area_is_shown_with_its_outline(shared_world):
    areas = shared_world.anybody().get("/public/areas").items
    outlines = {area["area"]: area["outline"] for area in areas}
    ring = [[10.0, 51.0], [11.0, 51.0], [11.0, 52.0], [10.0, 52.0], [10.0, 51.0]]
    assert outlines["lin-a"] == {"type": "MultiPolygon", "coordinates": [[ring]]}
