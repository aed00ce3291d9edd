"""A browser app of another origin: what it may call, and that the public part keeps no trace of it."""

from dataclasses import replace

import pytest

PORTAL = "https://portal.example"


@pytest.fixture
def app(world):
    """The same product, which lets the portal in, and every origin to the public part."""
    return world.beside(replace(world.settings, origins=(PORTAL, "*"))).app.test_client()


def test_the_portal_reads_an_answer_and_its_tag(app, world):
    token, _ = world.sign_in("officer1.lin-a")
    answer = app.get("/api/v1/me", headers={"Origin": PORTAL, "Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
    assert "Set-Cookie" not in answer.headers


def test_the_portal_reads_why_it_was_refused(app):
    answer = app.get("/api/v1/me", headers={"Origin": PORTAL})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL


def test_any_page_may_use_the_public_part(app):
    answer = app.post("/api/v1/public/receipts", json={}, headers={"Origin": "https://anything.example"})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_stranger_s_page_may_read_nothing_else(app):
    answer = app.options(
        "/api/v1/observations",
        headers={"Origin": "https://anything.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 405
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_the_setting_no_page_of_another_origin_is_let_in(world):
    answer = world.app.test_client().post("/api/v1/public/receipts", json={}, headers={"Origin": PORTAL})
    assert "Access-Control-Allow-Origin" not in answer.headers
