"""The table of rights that people read is the one that the product follows."""

from tools.matrix import DOCUMENT, current


def test_the_table_in_the_document_is_current():
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "python -m tools.matrix writes it anew"
