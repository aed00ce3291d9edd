"""What is read and written plainly is what marshmallow would read and write, to the last word."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError, fields, post_dump, post_load, validates_schema

from community_api.community.observations.schemas import ObservationIn, ObservationItem, SupplementIn
from community_api.core.schemas import fast_path
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    Day,
    Id,
    Moment,
    PageQuery,
    Text,
    Truth,
    Whole,
)
from community_api.core.schemas.special_fields import Decimal

ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 300),
    st.floats(-200, 200),
    st.sampled_from(
        ["", " ", "x", "true", "5", "2026-03-02T09:00:00Z", "2026-03-02T09:00:00", "2026-03-02", "\u200b",
         "7c9b41f4-3a0f-4f0d-9a53-0d5a5c1a4a01", "7C9B41F4-3A0F-4F0D-9A53-0D5A5C1A4A01", "vandalism",
         "witnessed", "community_problem", "street", "de", "lin-a", "y" * 30]
    ),
    st.lists(st.sampled_from(["a", 1, None]), max_size=2),
    st.dictionaries(st.sampled_from(["lat", "lon", "precision", "other"]), st.floats(-100, 100), max_size=3),
)  # fmt: skip


class Inner(BaseSchema):
    number = Whole(0, 9, required=True)
    words = Text(20)


class Checked(BaseSchema):
    number = Whole(0, 9)

    @validates_schema
    def _seven(self, data, **_kwargs):
        if data.get("number") == 7:
            raise ValidationError("seven")


class Every(BaseSchema):
    """One field of every kind that bodies have."""

    id = Id()
    at = Moment(required=True)
    day = Day(allow_none=True)
    text = Text(25, min_length=2)
    choice = Choice(["x", "vandalism"])
    whole = Whole(0, 200, load_default=7)
    decimal = Decimal(-90, 90)
    truth = Truth(load_default=False)
    renamed = fields.String(data_key="class", attribute="kind")
    inner = fields.Nested(Inner)
    checked = fields.Nested(Checked)
    several = fields.List(fields.Nested(Inner))
    listed = fields.List(fields.String())
    made = fields.String(load_default=lambda: "made")


class Finished(BaseSchema):
    number = Whole(0, 9)

    @post_load
    def _double(self, data, **_kwargs):
        return {name: value * 2 for name, value in data.items()}


READ = [ObservationIn, SupplementIn, PageQuery, Every, Finished]


def outcome(schema: Schema, values):
    try:
        return schema.load(values)
    except ValidationError as error:
        return error.messages


def by_the_library(schema_class):
    """The same schema without what is ours."""
    plainless = {"_deserialize": Schema._deserialize, "_serialize": Schema._serialize}
    return type(schema_class.__name__, (schema_class,), plainless)()


@pytest.mark.parametrize("schema_class", READ)
@given(data=st.data())
def test_a_body_is_read_as_marshmallow_reads_it(schema_class, data):
    names = [*sorted({field.data_key or name for name, field in schema_class().fields.items()}), "unknown"]
    told = data.draw(st.dictionaries(st.sampled_from(names), ANYTHING))
    assert outcome(schema_class(), told) == outcome(by_the_library(schema_class), told)


REPORT = {
    "id": "7c9b41f4-3a0f-4f0d-9a53-0d5a5c1a4a01",
    "occurred_at": "2026-03-02T09:00:00Z",
    "purpose": "crime_prevention",
    "category": "vandalism",
    "facts": "Somebody broke the window.",
    "source_relation": "witnessed",
    "language": "de",
    "place": {"kind": "street", "lat": 1.0, "lon": 2.0},
}


@given(data=st.data())
def test_a_report_that_lacks_something_or_has_it_wrong_is_read_as_marshmallow_reads_it(data):
    """Nearly whole, so that each path is taken: whole ones are read plainly, others by marshmallow."""
    wrong = data.draw(st.dictionaries(st.sampled_from(sorted(REPORT)), ANYTHING, max_size=2))
    left_out = data.draw(st.sets(st.sampled_from(sorted(REPORT)), max_size=2))
    sent = {name: value for name, value in {**REPORT, **wrong}.items() if name not in left_out}
    read = outcome(ObservationIn(), sent)
    assert read == outcome(by_the_library(ObservationIn), sent)
    assert not left_out & read.keys() or "required" in str(read), "nothing stands in for what was left out"


GOOD = {
    "at": "2026-03-02T09:00:00+01:00",
    "text": " two ",
    "choice": "x",
    "decimal": 3,
    "class": "k",
    "inner": {"number": 4},
    "checked": {"number": 5},
    "several": [{"number": 1, "words": "a"}],
    "listed": ["a"],
}


def test_what_is_right_is_read_without_marshmallow_walking_through_it(monkeypatch):
    expected = by_the_library(Every).load(GOOD)
    monkeypatch.setattr(Schema, "_deserialize", None)
    schema = Every(exclude=["checked", "several", "listed"])
    kept = {name: value for name, value in GOOD.items() if name not in {"checked", "several", "listed"}}
    left_out = {"checked", "several", "listed"}
    assert schema.load(kept) == {name: value for name, value in expected.items() if name not in left_out}


@pytest.mark.parametrize("values", [[], "x", None, 5, {"at": "no"}])
def test_what_is_not_plainly_right_is_left_to_marshmallow(values):
    assert fast_path.read(fast_path.Reader(Every()), values) is None


@pytest.mark.parametrize("options", [{"partial": True}, {"unknown": "exclude"}])
def test_a_schema_that_reads_in_a_way_of_its_own_is_left_to_marshmallow(options):
    assert fast_path.read(fast_path.Reader(Every(**options)), GOOD) is None
    assert Every(**options).load({"at": "2026-03-02T09:00:00Z", "inner": {"number": 1}})


# --- answers --------------------------------------------------------------------------------------------

VALUES = {
    Id: st.none() | st.builds(uuid.uuid4),
    Moment: st.none() | st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    Day: st.none() | st.dates(),
    fields.Boolean: st.none() | st.booleans(),
    fields.Integer: st.none() | st.integers() | st.booleans(),
    fields.Float: st.none() | st.floats(-9, 9) | st.integers(-9, 9),
    fields.String: st.none() | st.text(max_size=5) | st.integers(0, 3) | st.builds(uuid.uuid4),
}


def value_of(field):
    if isinstance(field, fields.Nested):
        one = view_of(field.schema)
        return st.none() | (st.lists(one, max_size=2) if field.many else one)
    if isinstance(field, fields.List):
        return st.none() | st.lists(value_of(field.inner), max_size=2)
    return next(values for kind, values in VALUES.items() if isinstance(field, kind))


def view_of(schema):
    values = {field.attribute or name: value_of(field) for name, field in schema.dump_fields.items()}
    return st.fixed_dictionaries({}, optional=values)


class Marked(BaseSchema):
    words = fields.String()

    @post_dump
    def _mark(self, data, **_kwargs):
        return {**data, "marked": True}


class Shown(Every):
    """Also what only answers have."""

    marked = fields.Nested(Marked)
    many = fields.Nested(Inner, many=True)
    as_text = fields.Integer(as_string=True)
    always = fields.String(dump_default="always")
    ids = fields.List(Id())
    moments = fields.List(Moment())


@pytest.mark.parametrize("schema_class", [ObservationItem, Shown])
@given(data=st.data())
def test_a_view_is_written_as_marshmallow_writes_it(schema_class, data):
    view = data.draw(view_of(schema_class()))
    ours, theirs = schema_class().dump(view), by_the_library(schema_class).dump(view)
    assert (ours, list(ours)) == (theirs, list(theirs))


def test_what_is_no_dictionary_is_written_by_marshmallow():
    class Row:
        number, words = 3, "three"

    assert Inner().dump(Row()) == {"number": 3, "words": "three"}
    assert Inner(many=True).dump([{"number": 1}, Row()]) == [{"number": 1}, {"number": 3, "words": "three"}]
