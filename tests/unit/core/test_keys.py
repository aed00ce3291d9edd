"""Key files: each purpose its own, for nobody else to read, and a way to the next wrapping key."""

import base64
import stat

import pytest

from community_api.core.crypto.keys import PURPOSES, add_wrapping, complete, load_keys
from community_api.core.errors import StartupError

ALL = {"wrap-0001.key", *(f"{name}.key" for name in PURPOSES)}


@pytest.fixture
def folder(tmp_path):
    complete(tmp_path / "keys")
    return tmp_path / "keys"


def key_of(byte):
    return base64.b64encode(bytes((byte + n) % 256 for n in range(32)))


def test_what_is_missing_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "keys"
    assert {path.name for path in complete(folder)} == ALL
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert complete(folder) == []
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_missing_file_is_made_beside_those_that_are_there(folder):
    (folder / "token.key").unlink()
    kept = (folder / "wrap-0001.key").read_bytes()
    assert [path.name for path in complete(folder)] == ["token.key"]
    assert (folder / "wrap-0001.key").read_bytes() == kept


def test_the_next_wrapping_key_is_the_newest_and_the_old_one_stays(folder):
    assert add_wrapping(folder).name == "wrap-0002.key"
    ring = load_keys(folder, make_missing=False)
    assert ring.newest == "wrap-0002"
    assert set(ring.wrapping) == {"wrap-0001", "wrap-0002"}


@pytest.mark.parametrize("name", ["wrap-9999", "wrap-spring"])
def test_where_no_name_can_follow_none_is_made(folder, name):
    (folder / "wrap-0001.key").rename(folder / f"{name}.key")
    with pytest.raises(StartupError, match=name):
        add_wrapping(folder)
    assert {path.name for path in folder.glob("wrap-*")} == {f"{name}.key"}


def lose(folder):
    (folder / "digest.key").unlink()


def open_to_others(folder):
    (folder / "lookup.key").chmod(0o640)


def shorten(folder):
    (folder / "cursor.key").write_bytes(base64.b64encode(b"short"))


def garble(folder):
    (folder / "token.key").write_bytes(b"no base64!")


def repeat(folder):
    (folder / "token.key").write_bytes((folder / "lookup.key").read_bytes())


def make_plain(folder):
    (folder / "wrap-0001.key").write_bytes(base64.b64encode(b"A" * 32))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose, r"lacks digest\.key"),
        (open_to_others, r"lookup\.key may be read by others"),
        (shorten, r"cursor\.key holds fewer than 32 bytes"),
        (garble, r"token\.key is not base64"),
        (repeat, "two key files hold the same key"),
        (make_plain, r"wrap-0001\.key is not random"),
    ],
)
def test_a_key_that_is_no_good_stops_the_start_by_name(folder, spoil, words):
    spoil(folder)
    with pytest.raises(StartupError, match=words) as refusal:
        load_keys(folder, make_missing=False)
    said = str(refusal.value)
    assert [path for path in folder.iterdir() if path.read_text().strip() in said] == []


def test_a_directory_that_is_not_there_stops_the_start(tmp_path):
    with pytest.raises(StartupError, match="does not exist"):
        load_keys(tmp_path / "nowhere", make_missing=False)


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_directory_that_is_open_to_others_stops_the_start(folder, mode):
    folder.chmod(mode)
    with pytest.raises(StartupError, match=r"open to others; set its mode to 0700"):
        load_keys(folder, make_missing=True)


def test_a_good_key_is_read_as_it_was_written(folder):
    (folder / "cursor.key").write_bytes(key_of(7) + b"\n")
    assert load_keys(folder, make_missing=False).cursor == base64.b64decode(key_of(7))
