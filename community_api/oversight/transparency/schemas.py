"""What everybody may know, in JSON and in the reader's language."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from community_api.core.i18n.translations import Words
from community_api.core.schemas.fields import BaseSchema, Day
from community_api.intelligence.indicators.schemas import IndicatorInForce, NonIndicatorOut, list_view
from community_api.oversight.suppression import SMALLEST
from community_api.oversight.transparency.service import PUBLISHED, Quarter, Transparency
from community_api.procedure_engine.pack.definition import Pack


class PublicList(BaseSchema):
    """The list in force, in words."""

    kind = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    active_from = Day(required=True)
    active_until = Day(required=True)
    indicators = fields.List(fields.Nested(IndicatorInForce), required=True)
    non_indicators = fields.List(fields.Nested(NonIndicatorOut), required=True)


class PublicProcedure(BaseSchema):
    """A procedure in force, and the hash by which everybody can tell that it is unchanged."""

    name = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    notice = fields.String(required=True)
    legal_basis = fields.String(required=True)
    hash = fields.String(required=True)
    suspended = fields.Boolean(required=True)


_SMALL = {"description": f"To the nearest five; null: fewer than {SMALLEST}"}


class QuarterOut(BaseSchema):
    """Figures of a quarter that is over, of the whole installation."""

    first_day = Day(required=True)
    last_day = Day(required=True)
    raised = fields.Integer(required=True, allow_none=True, metadata=_SMALL)
    confirmed = fields.Integer(required=True, allow_none=True, metadata=_SMALL)
    refused = fields.Integer(required=True, allow_none=True, metadata=_SMALL)
    turned_away = fields.Integer(required=True, allow_none=True, metadata=_SMALL)
    disseminated = fields.Integer(required=True, allow_none=True, metadata=_SMALL)
    recalled = fields.Integer(required=True, allow_none=True, metadata=_SMALL)


class TransparencyOut(BaseSchema):
    """``indicator_list`` null: none is in force, so nothing can be flagged."""

    indicator_list = fields.Nested(PublicList, required=True, allow_none=True)
    procedures = fields.List(fields.Nested(PublicProcedure), required=True)
    figures = fields.List(fields.Nested(QuarterOut), required=True)


def transparency_view(publication: Transparency, words: Words, language: str) -> dict[str, Any]:
    """All of it in the words of ``language``."""
    return {
        "indicator_list": _list(publication, words, language),
        "procedures": [_procedure(one, publication, words, language) for one in publication.packs],
        "figures": [_quarter(one) for one in publication.quarters],
    }


def _list(publication: Transparency, words: Words, language: str) -> dict[str, Any] | None:
    if publication.listed is None:
        return None
    shown = list_view(publication.listed, words, language, publication.stopped_indicators)
    force = publication.listed.force
    return {**shown, "active_from": force.active_from.date(), "active_until": force.active_until.date()}


def _procedure(pack: Pack, publication: Transparency, words: Words, language: str) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "title": words.translate(pack.header.title, language),
        "notice": words.translate(pack.header.notice, language),
        "legal_basis": words.translate(pack.header.legal_basis, language),
        "hash": pack.hash,
        "suspended": pack.name in publication.stopped_procedures,
    }


def _quarter(quarter: Quarter) -> dict[str, Any]:
    numbers = {word: quarter.numbers[word] for word in PUBLISHED}
    return {"first_day": quarter.first_day, "last_day": quarter.last_day, **numbers}
