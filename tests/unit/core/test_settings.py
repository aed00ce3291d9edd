"""Settings: what is kept where, and names that are mistyped."""

from pathlib import Path

import pytest

from community_api.clients import environment
from community_api.clients.http_client import ClientStopped
from community_api.core.config import KNOWN, SettingError, read_settings

DEMO = {"COMMUNITY_MODE": "demo"}


def test_everything_is_kept_in_var():
    settings = read_settings(DEMO)
    assert settings.database_url == "sqlite:///var/community.sqlite3"
    assert (settings.var, settings.keys) == (Path("var"), Path("var/keys"))


def test_the_state_is_kept_elsewhere_as_a_whole():
    settings = read_settings({**DEMO, "COMMUNITY_STATE": "/srv/community"})
    assert settings.database_url == "sqlite:////srv/community/community.sqlite3"
    assert (settings.var, settings.keys) == (Path("/srv/community"), Path("/srv/community/keys"))


def test_what_is_said_of_database_and_keys_goes_before_the_state():
    named = {"COMMUNITY_DATABASE_URL": "sqlite:///other.sqlite3", "COMMUNITY_KEYS": "/etc/keys"}
    settings = read_settings({**DEMO, **named, "COMMUNITY_STATE": "/srv/community"})
    assert (settings.database_url, settings.keys) == ("sqlite:///other.sqlite3", Path("/etc/keys"))


def test_programs_beside_the_server_find_the_password_in_the_state(tmp_path):
    environ = {"COMMUNITY_STATE": str(tmp_path)}
    with pytest.raises(ClientStopped, match=str(tmp_path)):
        environment.demo_password(environ)
    (tmp_path / "demo-password").write_text("kept-in-the-state\n")
    assert environment.demo_password(environ) == "kept-in-the-state"


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("COMMUNITY_ORIGNS", "COMMUNITY_ORIGNS: is no setting; perhaps COMMUNITY_ORIGINS is meant"),
        ("COMMUNITY_XYLOPHONE", "COMMUNITY_XYLOPHONE: is no setting"),
    ],
)
def test_a_mistyped_name_stops_the_start(name, values):
    with pytest.raises(SettingError) as refusal:
        read_settings({**DEMO, name: "secret-4711"})
    assert str(refusal.value) == values


def test_what_belongs_to_others_is_let_be():
    read_settings({**DEMO, "COMMUNITY_TEST_LONG": "1", "COMMUNITY_FEED_PASSWORD": "x", "COMMUNITIES": "1"})


def test_every_setting_that_is_known_is_explained_to_operators():
    text = Path("docs/operating.md").read_text(encoding="utf-8")
    assert [name for name in KNOWN if f"| `{name}` |" not in text] == []
