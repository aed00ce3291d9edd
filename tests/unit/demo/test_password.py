"""The demo password is told or kept, by its owner alone, and made once."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from community_api.core.errors import StartupError
from community_api.demo.password import demo_password


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def test_password_that_was_told_is_taken_and_written_nowhere(tmp_path: Path) -> None:
    assert demo_password("told by setting", tmp_path) == "told by setting"
    assert list(tmp_path.iterdir()) == []


def test_password_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    first = demo_password(None, folder)
    assert len(first) >= 16
    assert demo_password(None, folder) == first
    assert [file.name for file in folder.iterdir()] == ["demo-password"]
    assert mode_of(folder / "demo-password") == 0o600


def test_two_installations_have_two_passwords(tmp_path: Path) -> None:
    assert demo_password(None, tmp_path / "a") != demo_password(None, tmp_path / "b")


def test_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "demo-password"
    file.write_text("kept-before\n", encoding="utf-8")
    file.chmod(0o644)
    assert demo_password(None, tmp_path) == "kept-before"
    assert mode_of(file) == 0o600


def test_empty_file_is_no_password(tmp_path: Path) -> None:
    (tmp_path / "demo-password").touch()
    made = demo_password(None, tmp_path)
    assert made
    assert demo_password(None, tmp_path) == made


def test_many_who_start_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        passwords = set(pool.map(lambda _: demo_password(None, tmp_path), range(40)))
    assert len(passwords) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["demo-password"]


def test_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("somebody else's", encoding="utf-8")
    (tmp_path / "demo-password").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StartupError, match="demo-password cannot be used"):
        demo_password(None, tmp_path)


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(StartupError, match="demo-password cannot be used"):
        demo_password(None, tmp_path / "var")
