"""Which browser apps may call, and what they may read of an answer."""

import pytest

from community_api.core.config import SettingError, read_settings
from community_api.core.http.cross_origin import CrossOrigin

PORTAL = "https://portal.example"
PUBLIC = "/api/v1/public"


def asked(origins, *, path="/api/v1/me", origin=PORTAL, method="GET", preflight=None):
    """Status and headers of an answer; the application behind says 200 and a tag."""
    answer = {}

    def application(environ, start_response):
        start_response("200 OK", [("ETag", '"1.a"')])
        return [b"{}"]

    def start_response(status, headers, *_rest):
        answer.update(status=status, headers=dict(headers))

    environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
    if origin is not None:
        environ["HTTP_ORIGIN"] = origin
    if preflight is not None:
        environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"] = preflight
    list(CrossOrigin(application, PUBLIC, origins)(environ, start_response))
    return answer


def test_an_app_of_a_named_origin_may_read_answers_and_our_headers():
    headers = asked([PORTAL])["headers"]
    assert headers["Access-Control-Allow-Origin"] == PORTAL
    exposed = set(headers["Access-Control-Expose-Headers"].split(", "))
    assert exposed >= {
        "ETag",
        "Link",
        "Location",
        "X-Request-Id",
        "Idempotent-Replay",
        "Retry-After",
        "Content-Language",
    }
    assert headers["ETag"] == '"1.a"'


@pytest.mark.parametrize(
    ("origins", "origin", "path"),
    [
        ([], PORTAL, "/api/v1/me"),
        ([PORTAL], "https://portal.example.evil", "/api/v1/me"),
        ([PORTAL], "http://portal.example", "/api/v1/me"),
        ([PORTAL], "null", "/api/v1/me"),
        ([PORTAL], None, "/api/v1/me"),
        (["*"], PORTAL, "/api/v1/me"),
        (["*"], PORTAL, "/api/v1/publicity"),
        (["*"], "*", "/api/v1/me"),
    ],
)
def test_nobody_else_is_let_in(origins, origin, path):
    answer = asked(origins, origin=origin, path=path)
    assert "Access-Control-Allow-Origin" not in answer["headers"]
    assert answer["headers"]["Vary"] == "Origin"


def test_a_star_opens_the_public_part_to_every_origin():
    assert asked(["*"], path=f"{PUBLIC}/receipts")["headers"]["Access-Control-Allow-Origin"] == "*"


def test_no_answer_lets_credentials_through():
    for answer in (asked([PORTAL]), asked([PORTAL], method="OPTIONS", preflight="POST")):
        assert "Access-Control-Allow-Credentials" not in answer["headers"]


def test_a_preflight_is_answered_without_the_application():
    answer = asked([PORTAL], method="OPTIONS", preflight="PATCH")
    assert answer["status"].startswith("204")
    assert "PATCH" in answer["headers"]["Access-Control-Allow-Methods"]
    assert {"Authorization", "If-Match", "X-Purpose", "X-Case", "X-Device-Time"} <= set(
        answer["headers"]["Access-Control-Allow-Headers"].split(", ")
    )


def test_a_preflight_of_a_stranger_goes_on_to_the_application():
    assert (
        asked([PORTAL], origin="https://evil.example", method="OPTIONS", preflight="POST")["status"]
        == "200 OK"
    )


@pytest.mark.parametrize(
    "value",
    ["https://portal.example/", "portal.example", "https://*.example", "ftp://a", "https://A.example"],
)
def test_an_origin_that_no_browser_sends_stops_the_start(value):
    with pytest.raises(SettingError, match="COMMUNITY_ORIGINS"):
        read_settings({"COMMUNITY_MODE": "test", "COMMUNITY_ORIGINS": value})


def test_several_origins_are_read():
    settings = read_settings(
        {"COMMUNITY_MODE": "test", "COMMUNITY_ORIGINS": f"{PORTAL}, http://localhost:5173,*"}
    )
    assert settings.origins == (PORTAL, "http://localhost:5173", "*")
