"""The one password of all demo accounts."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from community_api.core.errors import StartupError
from community_api.core.ids import ALPHABET

FILE_NAME = "demo-password"
GROUPS = 4
OWNER_ONLY = 0o600


def demo_password(text: str | None, folder: Path) -> str:
    """The password that was told, else the one kept in `folder`/demo-password, made now if there is none.

    The file is for its owner alone (0600) and is found there by `flask demo walk` and `flask feed`. Two
    programs that start at once agree on one password. Raises StartupError when the file cannot be used.
    """
    if text is not None:
        return text
    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _stored(file) or _made(file)
    except OSError as error:
        raise StartupError(f"{file} cannot be used: {error.strerror}") from error


def _stored(file: Path) -> str | None:
    """What the file holds; None: there is no file, or an empty one, which is removed."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, encoding="utf-8") as opened:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != OWNER_ONLY:
            os.fchmod(descriptor, OWNER_ONLY)
        password = opened.read().strip()
    if not password:
        file.unlink(missing_ok=True)
    return password or None


def _made(file: Path) -> str:
    """Make a password and keep it, unless another program has just kept one: then that."""
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(GROUPS)).lower()
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(password + "\n")
        # A link fails when the name is taken, so the file appears complete and once.
        os.link(draft, file)
    except FileExistsError:
        return _stored(file) or _made(file)
    finally:
        draft.unlink(missing_ok=True)
    return password
