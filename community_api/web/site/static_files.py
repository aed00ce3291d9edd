"""Files that pages load: under the digest of their content, so that browsers may keep them for good."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("assets")
# What is served, and as what; licences stand beside the files that they are of.
MEDIA_TYPES: Final = {
    "docs.css": "text/css",
    "docs.js": "text/javascript",
    "site.css": "text/css",
    "swagger-ui/swagger-ui-bundle.js": "text/javascript",
    "swagger-ui/swagger-ui.css": "text/css",
}


@dataclass(frozen=True)
class StaticFile:
    """One file; ``digest`` is the beginning of the SHA-256 of its content, hexadecimal."""

    name: str
    path: Path
    media_type: str
    digest: str

    def content(self) -> bytes:
        return self.path.read_bytes()


@cache
def static_files() -> dict[str, StaticFile]:
    """Every file by its name, folders left out."""
    found = (_read(FOLDER / place, media_type) for place, media_type in MEDIA_TYPES.items())
    return {file.name: file for file in found}


@cache
def compressed(name: str) -> bytes:
    """The content of a file as gzip; made once, for a megabyte takes a moment."""
    return gzip.compress(static_files()[name].content(), mtime=0)


def _read(path: Path, media_type: str) -> StaticFile:
    return StaticFile(path.name, path, media_type, sha256(path.read_bytes()).hexdigest()[:16])
