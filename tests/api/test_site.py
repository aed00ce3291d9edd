"""The front page and the reference: what a browser is given, and what a program."""

import gzip
import re
from dataclasses import replace

import pytest

from community_api.core.i18n.translations import WORDS
from community_api.web.site import terms
from community_api.web.site.static_files import static_files
from tools import swagger_ui

LANGUAGES = (*WORDS.languages, *WORDS.public_languages)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def get(shared_world):
    """What a stranger is given at an address; words are headers."""
    client = shared_world.app.test_client()

    def get(path, **headers):
        return client.get(path, headers=headers)

    return get


@pytest.fixture
def front(get):
    """The front page in a language."""
    return lambda language="en": get("/", **{"Accept": BROWSER, "Accept-Language": language})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_is_told_in_their_language_what_this_is_and_where_to_go(front, language):
    answer = front(language)
    assert answer.mimetype == "text/html"
    assert answer.headers["Content-Language"] == language
    way = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in answer.text
    shown = answer.text.replace("&#39;", "'")
    assert [text for text in terms.EVERY_TEXT if WORDS.translate(text, language) not in shown] == []


def test_the_languages_of_the_page_are_seven(front):
    assert len({front(language).text for language in LANGUAGES}) == 7


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/html;q=0.9", "text/plain"]
)
def test_a_program_is_told_the_same_in_json(get, accept):
    answer = get("/", Accept=accept)
    assert answer.mimetype == "application/json"
    assert answer.json["name"] == "Community policing"
    assert answer.json["emergency_number"] == "112"
    assert "Accept" in answer.headers["Vary"]


def test_every_link_leads_somewhere(get, front):
    links = get("/").json["links"]
    assert {links[name] for name in terms.PLACES} == set(re.findall(r'<dt><a href="([^"]+)"', front().text))
    for name, link in links.items():
        assert name == "api" or get(link).status_code == 200


def test_a_demonstration_names_who_can_sign_in_and_never_the_password(get, front, shared_world):
    demo = get("/").json["demo"]
    assert {"username": "officer1.lin-a", "role": "officer"} in demo["accounts"]
    assert "demo-password" in demo["password"]
    for account in demo["accounts"]:
        assert account["username"] in front().text
        assert shared_world.client(account["username"]).get("/me").status == 200


def test_where_other_people_work_no_names_are_told(world):
    real = world.beside(replace(world.settings, mode="production"))
    client = real.app.test_client()
    assert client.get("/").json["demo"] is None
    assert "officer1" not in client.get("/", headers={"Accept": BROWSER}).text
    real.close()


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_a_page_loads_files_of_ours_and_nothing_else(get, path):
    answer = get(path, Accept=BROWSER)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|<script(?! defer src=)| style=| on[a-z]+=", answer.text)
    loaded = re.findall(r'(?:<link rel="stylesheet" href|<script defer src)="([^"]+)"', answer.text)
    assert loaded
    for address in loaded:
        file = get(address)
        assert file.status_code == 200
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert file.mimetype in {"text/css", "text/javascript"}


def test_a_file_is_given_compressed_to_who_takes_it(get):
    file = static_files()["swagger-ui-bundle.js"]
    address = f"/docs/assets/{file.digest}/{file.name}"
    whole, small = get(address), get(address, **{"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in whole.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == whole.data == file.content()
    assert len(small.data) < len(whole.data) / 2
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Content-Encoding" not in get(address, **{"Accept-Encoding": "gzip;q=0"}).headers


@pytest.mark.parametrize("name", ["docs.js", "LICENSE", "../resources.py", "SHA256SUMS"])
def test_no_other_file_is_given(get, name):
    for digest in ("0" * 16, static_files()["docs.css"].digest):
        assert get(f"/docs/assets/{digest}/{name}").status_code == 404


def test_the_reference_is_shown_by_the_files_that_were_looked_at():
    assert swagger_ui.SUMS.read_text(encoding="utf-8") == swagger_ui.sums()
