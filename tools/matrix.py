"""Write the matrix of roles and permissions into docs/security.md: python -m tools.matrix."""

from pathlib import Path

from community_api.access.matrix_table import with_matrix

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "security.md"


def current() -> str:
    """The document with the matrix as it is."""
    return with_matrix(DOCUMENT.read_text(encoding="utf-8"))


def main() -> None:
    """Write the document and say whether it changed."""
    document = current()
    is_current = DOCUMENT.read_text(encoding="utf-8") == document
    DOCUMENT.write_text(document, encoding="utf-8")
    print("docs/security.md was current." if is_current else "docs/security.md has a new matrix.")


if __name__ == "__main__":
    main()
