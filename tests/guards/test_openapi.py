"""The committed document is the one that the code makes."""

import re

import schemathesis
import yaml

from community_api.core.pages import DOCUMENT
from tools.openapi import current


def test_the_committed_document_is_current():
    assert DOCUMENT.exists(), "make openapi writes it"
    assert DOCUMENT.read_text(encoding="utf-8") == current(), "make openapi writes it anew"


def test_it_is_openapi_3_1():
    document = yaml.safe_load(current())
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_what_it_refers_to_is_there():
    text = current()
    components = yaml.safe_load(text)["components"]
    named = {tuple(found.split("/")) for found in re.findall(r"'#/components/([^']+)'", text)}
    assert len(named) > 50
    assert not {(kind, name) for kind, name in named if name not in components[kind]}
