"""Bodies and answers of observations (contract section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validates_schema

from community_api.community.observations import terms
from community_api.community.observations.models import Observation
from community_api.community.observations.observation_supplements import Supplemented
from community_api.community.observations.queries import BoundingBox
from community_api.community.observations.service import OpenedObservation
from community_api.community.shared.supplements import OpenedSupplement
from community_api.core import retention
from community_api.core.schemas.fields import (
    BaseSchema,
    Choice,
    CommandSchema,
    Id,
    Moment,
    Receipted,
    RetentionSchema,
    Text,
    Truth,
)
from community_api.core.schemas.list_schema import page_schema
from community_api.core.schemas.optional_details import LeftOut
from community_api.core.schemas.special_fields import Decimal, LanguageTag, Measure, PeriodQuery
from community_api.core.schemas.validators import Bounded
from community_api.units.schemas import UNIT
from community_api.wording.fields import WorkText


class PlaceIn(BaseSchema):
    """A place; valid ones outside every unit's area are taken too."""

    left_out: ClassVar = dict.fromkeys(("accuracy_m", "precision", "description"), LeftOut.ALWAYS)

    lat = Decimal(-90, 90, required=True)
    lon = Decimal(-180, 180, required=True)
    accuracy_m = Measure(0, terms.MAX_ACCURACY_M)
    precision = Choice(terms.Precision)
    description = Text(terms.MAX_PLACE_WORDS)


class ObservationIn(CommandSchema):
    """What an officer saw or heard. There is no field for flags or indicators, on purpose (R33)."""

    left_out: ClassVar = {
        "recorded_at": LeftOut.ALWAYS,
        "language": LeftOut.ALWAYS,
        "assessment": LeftOut.EMPTY_OR_IN_DANGER,
        "place": LeftOut.EMPTY_OR_IN_DANGER,
        "unit": LeftOut.EMPTY_OR_IN_DANGER,
    }

    occurred_at = Moment(required=True)
    recorded_at = Moment()
    purpose = Choice(terms.Purpose, required=True)
    category = Choice(terms.CATEGORIES, required=True)
    facts = Text(terms.MAX_FACTS, required=True, metadata={"description": "What was seen or heard"})
    assessment = Text(terms.MAX_ASSESSMENT, metadata={"description": "What the officer makes of it"})
    source_relation = Choice(terms.SourceRelation, required=True)
    place = fields.Nested(PlaceIn)
    immediate_danger = Truth()
    language = LanguageTag()
    unit = fields.String(validate=UNIT)


class SupplementIn(CommandSchema):
    """More to a report; at least one of the three."""

    left_out: ClassVar = dict.fromkeys(("facts", "assessment", "answers"), LeftOut.EMPTY_OR_IN_DANGER)

    facts = Text(terms.MAX_FACTS)
    assessment = WorkText(terms.MAX_ASSESSMENT)
    answers = WorkText(terms.MAX_FACTS)

    @validates_schema
    def _not_empty(self, data: Mapping[str, Any], **_kwargs: Any) -> None:
        if not any(data.get(name) for name in ("facts", "assessment", "answers")):
            raise ValidationError("nothing_told")


class WithdrawalIn(CommandSchema):
    """Why a report is taken back."""

    reason = Text(terms.MAX_REASON, required=True)


class ObservationQuery(PeriodQuery):
    """What a list of observations is narrowed by; times are those of receipt."""

    status = Choice(terms.Status)
    category = Choice(terms.CATEGORIES)
    unit = fields.String(validate=UNIT)
    bbox = fields.String(
        validate=Bounded(100), metadata={"description": "west,south,east,north in degrees WGS 84"}
    )

    @staticmethod
    def box(params: dict[str, Any]) -> BoundingBox | None:
        """Take ``bbox`` out of what was told, read; raises ValidationError."""
        raw = params.pop("bbox", None)
        return None if raw is None else read_box(raw)


def read_box(raw: str) -> BoundingBox:
    """``west,south,east,north``; raises ValidationError ``not_a_box``."""
    try:
        west, south, east, north = (float(part) for part in raw.split(","))
    except ValueError:
        raise ValidationError({"bbox": ["not_a_box"]}) from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise ValidationError({"bbox": ["not_a_box"]})
    return BoundingBox(west, south, east, north)


class PlaceOut(BaseSchema):
    """A place as it was told."""

    lat = fields.Float(required=True)
    lon = fields.Float(required=True)
    accuracy_m = fields.Integer(allow_none=True)
    precision = fields.String(allow_none=True)
    description = fields.String(allow_none=True)


class SupplementOut(BaseSchema):
    """What was added to a report."""

    id = Id(required=True)
    received_at = Moment(required=True)
    own = fields.Boolean(required=True)
    facts = fields.String(allow_none=True)
    assessment = fields.String(allow_none=True)
    answers = fields.String(allow_none=True)


class InDangerOut(BaseSchema):
    """Whom to call at once."""

    number = fields.String(required=True)
    text = fields.String(required=True)


class CalledOut(BaseSchema):
    """Since when somebody is called because of a report that tells of danger."""

    id = Id(required=True)
    paged_at = Moment(required=True)


class ObservationItem(BaseSchema):
    """An observation in a list: no narrative."""

    id = Id(required=True)
    reference = fields.String(required=True)
    status = fields.String(required=True)
    category = fields.String(required=True)
    purpose = fields.String(required=True)
    unit = fields.String(required=True)
    own = fields.Boolean(required=True)
    immediate_danger = fields.Boolean(required=True)
    occurred_at = Moment(required=True)
    received_at = Moment(required=True)
    attachments_state = fields.String(required=True)
    version = fields.Integer(required=True)


class ObservationOut(Receipted, ObservationItem):
    """One observation with its texts, to its reporter and their supervisors."""

    source_relation = fields.String(required=True)
    recorded_at = Moment(allow_none=True)
    clock_skew_s = fields.Integer(allow_none=True)
    language = fields.String(required=True)
    facts = fields.String(required=True)
    assessment = fields.String(allow_none=True)
    place = fields.Nested(PlaceOut, allow_none=True)
    reporter = Id(required=True)
    supplements = fields.List(fields.Nested(SupplementOut), required=True)
    retention = fields.Nested(RetentionSchema, required=True)
    if_in_danger = fields.Nested(InDangerOut)
    emergency = fields.Nested(CalledOut)


class SupplementedOut(Receipted, SupplementOut):
    """A supplement, and where its observation stands now."""

    observation = fields.Nested(
        BaseSchema.from_dict(
            {
                "id": Id(required=True),
                "status": fields.String(required=True),
                "version": fields.Integer(required=True),
            },
            name="ObservationStatusOut",
        ),
        required=True,
    )
    retention = fields.Nested(RetentionSchema, required=True)


ObservationList = page_schema(ObservationItem, "ObservationList")


def item_view(listed_row: tuple[Observation, str, bool]) -> dict[str, Any]:
    """What a list shows of an observation."""
    row, unit, own = listed_row
    return {
        "id": row.id,
        "reference": row.reference,
        "status": row.status,
        "category": row.category,
        "purpose": row.purpose,
        "unit": unit,
        "own": own,
        "immediate_danger": row.immediate_danger,
        "occurred_at": row.occurred_at,
        "received_at": row.received_at,
        "attachments_state": row.attachments_state,
        "version": row.version,
    }


def full_view(opened: OpenedObservation) -> dict[str, Any]:
    """What a single observation shows."""
    row = opened.row
    view = item_view((row, opened.unit, opened.own))
    view.update(
        source_relation=row.source_relation,
        recorded_at=row.recorded_at,
        clock_skew_s=row.clock_skew_s,
        language=row.language,
        facts=opened.facts,
        assessment=opened.assessment,
        place=_place_view(opened),
        reporter=row.reporter_id,
        supplements=[supplement_view(one) for one in opened.supplements],
        retention=retention.describe(row.retention_class, row.review_on, row.legal_hold),
    )
    return view


def reported_view(opened: OpenedObservation, danger: Mapping[str, str]) -> dict[str, Any]:
    """What the reporter is answered: ``danger`` says whom to call, and who is called is said as well."""
    view = {**full_view(opened), "if_in_danger": danger}
    if opened.emergency is not None:
        view["emergency"] = {"id": opened.emergency.id, "paged_at": opened.emergency.paged_at}
    return view


def supplement_view(opened: OpenedSupplement) -> dict[str, Any]:
    """What a supplement shows."""
    return {
        "id": opened.id,
        "received_at": opened.received_at,
        "own": opened.own,
        "facts": opened.facts,
        "assessment": opened.assessment,
        "answers": opened.answers,
    }


def supplemented_view(done: Supplemented) -> dict[str, Any]:
    """What the answer to a supplement shows."""
    row, observation = done.row, done.observation
    return {
        **supplement_view(done.opened),
        "observation": {"id": observation.id, "status": observation.status, "version": observation.version},
        "retention": retention.describe(row.retention_class, row.review_on, row.legal_hold),
    }


def _place_view(opened: OpenedObservation) -> dict[str, Any] | None:
    row = opened.row
    if row.lat is None:
        return None
    return {
        "lat": row.lat,
        "lon": row.lon,
        "accuracy_m": row.accuracy_m,
        "precision": row.precision,
        "description": opened.place_words,
    }
