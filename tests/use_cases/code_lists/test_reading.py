"""Code lists as a client reads them."""

import pytest

from community_api.core.code_lists import code_lists, service
from community_api.core.code_lists.resources import list_view
from community_api.core.errors import DomainError
from community_api.core.i18n.translations import WORDS
from tests.support.factories import an_actor, unit_of_work
from tests.support.fakes import closed_gate, open_gate


@pytest.fixture
def uow(database_url):
    made = unit_of_work(database_url)
    yield made
    made.database.close()


def test_list_is_read_by_its_name(uow):
    found = service.read(uow, an_actor(), gate=open_gate, name="routes")
    assert list(found.codes) == ["problem", "crime", "safeguarding", "no_police_purpose", "returned"]


@pytest.mark.parametrize("name", ["nothing", "../routes", "routes.yaml", ""])
def test_list_that_nobody_declared_is_not_found(uow, name):
    with pytest.raises(DomainError, match="not_found"):
        service.read(uow, an_actor(), gate=open_gate, name=name)


def test_whom_the_policy_stops_learns_not_even_which_lists_there_are(uow):
    for name in ("routes", "nothing"):
        with pytest.raises(DomainError, match="role_not_allowed"):
            service.read(uow, an_actor(), gate=closed_gate, name=name)


def test_all_lists_are_named(uow):
    found = service.list_code_lists(uow, an_actor(), gate=open_gate)
    assert [listed.name for listed in found] == sorted(code_lists())


def test_whom_the_policy_stops_is_named_no_list(uow):
    with pytest.raises(DomainError, match="role_not_allowed"):
        service.list_code_lists(uow, an_actor(), gate=closed_gate)


def test_labels_are_in_the_readers_language():
    shown = list_view(code_lists()["ages"], WORDS, "de")
    assert [item["label"] for item in shown["items"]] == ["Erwachsen", "Kind", "Unbekannt"]


@pytest.mark.parametrize("language", [language for language in WORDS.languages if language != "en"])
@pytest.mark.parametrize("name", code_lists())
def test_every_label_and_description_is_translated(name, language):
    english, translated = (list_view(code_lists()[name], WORDS, which) for which in ("en", language))
    assert [item["label"] for item in english["items"]] != [item["label"] for item in translated["items"]]
    for ours, theirs in zip(english["items"], translated["items"], strict=True):
        assert (ours["description"] is None) == (theirs["description"] is None)
        if ours["description"] is not None:
            assert ours["description"] != theirs["description"]
