"""Which optional details may be left out of a report is decided field by field."""

from __future__ import annotations

import pytest
from marshmallow import Schema, fields

from community_api.community.concerns.schemas import ConcernIn
from community_api.community.observations.schemas import ObservationIn, SupplementIn
from community_api.community.public.schemas import (
    PublicConcernIn,
    PublicFollowUpIn,
    PublicMessageIn,
    PublicWithdrawalIn,
    QuestionnaireIn,
)
from community_api.core.errors import FieldError
from community_api.core.schemas.optional_details import LeftOut, leave_out

ALWAYS, WORDS, EMPTY, STRICT = LeftOut.ALWAYS, LeftOut.EMPTY_OR_IN_DANGER, LeftOut.EMPTY, None
# What is wrong with a strict field is always said: who it is, what is forbidden, that somebody is in danger.
PLACE = {"place.accuracy_m": ALWAYS, "place.precision": ALWAYS, "place.description": ALWAYS}
CONTACT = {"contact.safe_when": EMPTY, "contact.never_when": EMPTY}
TOLD = {
    "occurred_on": ALWAYS,
    "language": ALWAYS,
    "may_publish": ALWAYS,
    "how_known": WORDS,
    "place": WORDS,
    "area": WORDS,
    "contact": WORDS,
    "immediate_danger": STRICT,
    "do_not_pass_on": STRICT,
    **PLACE,
    **CONTACT,
}
DECIDED: dict[type[Schema], dict[str, LeftOut | None]] = {
    ObservationIn: {
        "id": STRICT,
        "recorded_at": ALWAYS,
        "language": ALWAYS,
        "assessment": WORDS,
        "place": WORDS,
        "unit": WORDS,
        "immediate_danger": STRICT,
        **PLACE,
    },
    SupplementIn: {"id": STRICT, "facts": WORDS, "assessment": WORDS, "answers": WORDS},
    ConcernIn: {"id": STRICT, **TOLD},
    PublicConcernIn: {"proof": ALWAYS, **TOLD},
    PublicFollowUpIn: {"proof": ALWAYS},
    PublicMessageIn: {"id": STRICT},
    PublicWithdrawalIn: {"id": STRICT, "text": WORDS},
    QuestionnaireIn: {"id": STRICT},
}


def optional_fields(schema: Schema, around: str = "") -> dict[str, LeftOut | None]:
    found: dict[str, LeftOut | None] = {}
    rules = getattr(schema, "left_out", {})
    for name, field in schema.load_fields.items():
        if not field.required:
            found[around + name] = rules.get(name)
        if isinstance(field, fields.Nested):
            found |= optional_fields(field.schema, f"{around}{name}.")
    return found


@pytest.mark.parametrize("schema", DECIDED, ids=lambda schema: schema.__name__)
def test_every_optional_field_of_a_report_is_decided(schema: type[Schema]) -> None:
    assert optional_fields(schema()) == DECIDED[schema]


@pytest.mark.parametrize("schema", DECIDED, ids=lambda schema: schema.__name__)
def test_no_required_field_is_ever_left_out(schema: type[Schema]) -> None:
    made = schema()
    assert not [name for name in getattr(made, "left_out", {}) if made.load_fields[name].required]


@pytest.mark.parametrize(
    ("danger", "fault", "place"),
    [
        (False, ("/place/accuracy_m", "wrong_type"), "/place/accuracy_m"),
        (True, ("/place/accuracy_m", "wrong_type"), "/place/accuracy_m"),
        (False, ("/place/lat", "out_of_range"), None),
        (True, ("/place/lat", "out_of_range"), "/place"),
        (True, ("/place/zoom", "unknown_field"), "/place"),
        (False, ("/place", "null"), "/place"),
        (False, ("/assessment", "too_long"), None),
        (True, ("/assessment", "too_long"), "/assessment"),
        (True, ("/facts", "blank"), None),
        (True, ("/zoom", "unknown_field"), None),
        (True, ("", "wrong_type"), None),
    ],
)
def test_the_innermost_field_that_may_go_is_left_out(
    danger: bool,
    fault: tuple[str, str],
    place: str | None,
) -> None:
    sent = {"immediate_danger": danger, "place": {"lat": 1, "accuracy_m": "x", "zoom": 3}, "assessment": "a"}
    before = {**sent, "place": dict(sent["place"])}  # type: ignore[call-overload]
    rest, left_out = leave_out(ObservationIn(), sent, [FieldError(*fault)])
    assert [one.pointer for one in left_out] == ([] if place is None else [place])
    assert (rest == sent) == (place is None)
    assert sent == before


def test_what_a_reporter_s_safety_hangs_on_goes_with_the_contact_as_a_whole() -> None:
    sent = {"immediate_danger": True, "contact": {"channel": "phone", "value": "1", "never_when": 7}}
    rest, left_out = leave_out(PublicConcernIn(), sent, [FieldError("/contact/never_when", "wrong_type")])
    assert [one.pointer for one in left_out] == ["/contact"]
    assert "contact" not in rest
