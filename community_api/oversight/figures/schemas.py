"""Figures in JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core.schemas.fields import BaseSchema, Moment, QuerySchema
from community_api.oversight.figures.service import Figures, UnitFigures
from community_api.units.schemas import UNIT

FLAGS = ("raised", "waiting", "confirmed", "refused", "cosign_refused", "withdrawn", "lapsed")
ANSWERS = ("owed", "waived")
REPORTS = ("disseminated", "recalled")


class FiguresQuery(QuerySchema):
    """Of which time and unit; without any of the last 90 days and all."""

    unit = fields.String(validate=UNIT)
    since = Moment(data_key="from")
    until = Moment(data_key="to")


class FlagFigures(BaseSchema):
    """What became of flags; ``waiting``: at this moment. ``refused``: by the second person."""

    raised = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    confirmed = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    cosign_refused = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    lapsed = fields.Integer(required=True)


class AnswerFigures(BaseSchema):
    """Answers that came to be owed to officers; ``waived``: whoever they were owed to has left."""

    owed = fields.Integer(required=True)
    waived = fields.Integer(required=True)


class OversightUnitOut(BaseSchema):
    """Those of one unit. ``turned_away``: flags refused before they were kept, by code of the refusal."""

    unit = fields.String(required=True)
    flags = fields.Nested(FlagFigures, required=True)
    turned_away = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    disseminated = fields.Integer(required=True)
    recalled = fields.Integer(required=True)
    answers = fields.Nested(AnswerFigures, required=True)


class OversightFiguresOut(BaseSchema):
    """Figures by unit, about nobody."""

    since = Moment(data_key="from", required=True)
    until = Moment(data_key="to", required=True)
    units = fields.List(fields.Nested(OversightUnitOut), required=True)


def figures_view(figures: Figures) -> dict[str, Any]:
    """What is shown of figures."""
    return {"since": figures.since, "until": figures.until, "units": [_unit(one) for one in figures.units]}


def _unit(figures: UnitFigures) -> dict[str, Any]:
    return {
        "unit": figures.unit,
        "flags": {word: figures.flags[word] for word in FLAGS},
        "turned_away": dict(sorted(figures.turned_away.items())),
        **{word: figures.reports[word] for word in REPORTS},
        "answers": {word: figures.answers[word] for word in ANSWERS},
    }
