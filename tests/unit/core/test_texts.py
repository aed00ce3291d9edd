"""Lengths of texts: the longest is judged as sent, the shortest by what trimming leaves."""

import pytest
from marshmallow import ValidationError

from community_api.core.schemas.fields import BaseSchema, Text


class Told(BaseSchema):
    """A body with a text."""

    text = Text(30, min_length=20, required=True)


FULL = "x" * 30


@pytest.mark.parametrize("sent", [FULL, " " + FULL[2:] + " ", "\U0001f600" * 30])
def test_what_is_as_long_as_the_document_allows_is_taken(sent):
    assert Told().load({"text": sent})["text"] == sent.strip()


@pytest.mark.parametrize("sent", [FULL + "x", FULL + " ", "\n" + FULL, " " * 20 + "x" * 20])
def test_what_is_longer_as_sent_is_too_long(sent):
    with pytest.raises(ValidationError, match=r"too_long\|max=30"):
        Told().load({"text": sent})


@pytest.mark.parametrize("sent", ["x" * 19, "x" + " " * 25, " " * 10 + "x" * 19])
def test_white_space_at_the_ends_makes_no_text_long_enough(sent):
    with pytest.raises(ValidationError, match=r"too_short\|min=20"):
        Told().load({"text": sent})
