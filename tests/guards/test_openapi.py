"""The committed document is the one that the code makes."""

from tools.openapi import DOCUMENT, current


def test_the_committed_document_is_current():
    assert DOCUMENT.exists(), "make openapi writes it"
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "make openapi writes it anew"
