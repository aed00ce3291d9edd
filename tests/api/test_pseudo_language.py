"""Who reads the pseudo-language sees every word for people in brackets: an unmarked one stands out."""

import re

import pytest

from community_api import factory
from community_api.core.config import Settings
from community_api.core.i18n.translations import PSEUDO
from community_api.demo.loader import load_demo
from community_api.intelligence.indicators import service as indicators
from tests.support.factories import write_keys

PASSWORD = "a password for demos only"
# What a person reads, by the name of the field; all else is codes, names and what people wrote.
WORDS = {
    "title",
    "detail",
    "label",
    "message",
    "description",
    "notice",
    "text",
    "behaviour",
    "why_relevant",
    "innocent_when",
    "min_facts",
    "not_a_sign_because",
}
BRACKETED = re.compile(r"⟦[^⟦⟧]+⟧")


@pytest.fixture(scope="module")
def client(databases, tmp_path_factory):
    """An officer of the demo organisation who chose the pseudo-language."""
    with databases.fresh("sqlite") as addresses:
        keys = write_keys(tmp_path_factory.mktemp("keys") / "keys")
        app = factory.create_app(Settings(mode="test", database_url=addresses.database_url, keys=keys))
        uow = app.extensions["community"].uow
        indicators.install(uow)
        load_demo(uow, password=PASSWORD)
        yield Reader(app.test_client(), "officer1.lin-a")
        uow.database.close()


class Reader:
    def __init__(self, http, username):
        self.http = http
        signed = http.post("/api/v1/auth/login", json={"username": username, "password": PASSWORD})
        # Where no route is found nobody is asked who they are: then the header counts.
        self.headers = {"Authorization": f"Bearer {signed.json['access_token']}", "Accept-Language": PSEUDO}
        tag = self.get("/api/v1/me").headers["ETag"]
        changed = http.patch(
            "/api/v1/me", json={"language": PSEUDO}, headers={**self.headers, "If-Match": tag}
        )
        assert changed.status_code == 200

    def get(self, path):
        return self.http.get(path, headers=self.headers)

    def post(self, path, body):
        return self.http.post(path, json=body, headers=self.headers)


def words_of(values, name=None):
    """Every text under a name that people read."""
    if isinstance(values, dict):
        for inner, value in values.items():
            yield from words_of(value, inner)
    elif isinstance(values, list):
        for value in values:
            yield from words_of(value, name)
    elif isinstance(values, str) and name in WORDS:
        yield values


def unmarked(answer):
    found = list(words_of(answer.json))
    assert found, "there is nothing to read here"
    return [text for text in found if not BRACKETED.search(text)]


@pytest.mark.parametrize(
    "path",
    [
        "indicators",
        "code-lists/categories",
        "code-lists/outcomes",
        "posts",
        "procedures",
        "procedures/osce-baseline/versions/1",
    ],
)
def test_what_is_declared_is_marked(client, path):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200
    assert unmarked(answer) == []


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("observations", {}, 422),
        ("observations", {"facts": 7, "nonsense": True, "occurred_at": "now", "id": "x"}, 422),
        ("observations/7d1f7f0e-0000-4000-8000-000000000000/flags", {}, 422),
        ("nowhere", {}, 404),
        ("indicators", {}, 405),
    ],
)
def test_every_refusal_is_marked(client, path, body, status):
    answer = client.post(f"/api/v1/{path}", body)
    assert answer.status_code == status
    assert unmarked(answer) == []


def test_acknowledging_words_are_marked(client):
    answer = client.post(
        "/api/v1/observations",
        {
            "occurred_at": "2026-03-01T10:00:00Z",
            "purpose": "community_problem",
            "category": "lighting_litter",
            "facts": "Two lamps in the underpass are out.",
            "source_relation": "witnessed",
        },
    )
    assert answer.status_code == 201
    assert unmarked(answer) == []
