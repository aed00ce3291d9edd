"""Write openapi.yaml from the code: python -m tools.openapi."""

import tempfile
from pathlib import Path

from community_api.core.config import Settings
from community_api.core.http.docs_pages import DOCUMENT
from community_api.core.http.openapi import as_yaml
from community_api.factory import create_app


def current() -> str:
    """The document of the application as it is, which no setting changes."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/empty.sqlite3"
        return as_yaml(create_app(Settings(mode="test", database_url=url, keys=Path(folder) / "keys")))


def main() -> None:
    """Write the document and say whether it changed."""
    document = current()
    is_current = DOCUMENT.exists() and DOCUMENT.read_text(encoding="utf-8") == document
    DOCUMENT.write_text(document, encoding="utf-8")
    print("openapi.yaml was current." if is_current else "openapi.yaml is new: look at the difference.")


if __name__ == "__main__":
    main()
