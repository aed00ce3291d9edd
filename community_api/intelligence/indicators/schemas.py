"""How an indicator list is shown, in the reader's language."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from marshmallow import fields

from community_api.core.i18n.translations import Words
from community_api.core.schemas.fields import BaseSchema, Moment
from community_api.intelligence.indicators.service import Listed
from community_api.intelligence.indicators.terms import Indicator, NonIndicator


class IndicatorOut(BaseSchema):
    """One behaviour; grounds of a flag name its ``code``."""

    code = fields.String(required=True)
    # "class" is no name in Python.
    indicator_class = fields.String(data_key="class", attribute="class", required=True)
    behaviour = fields.String(required=True)
    why_relevant = fields.String(required=True)
    innocent_when = fields.List(fields.String(), required=True)
    min_facts = fields.List(fields.String(), required=True)
    not_alone = fields.Boolean(
        required=True,
        metadata={"description": "No ground by itself: the second person does not confirm on it only."},
    )


class IndicatorInForce(IndicatorOut):
    """An indicator of the list in force."""

    suspended = fields.Boolean(
        required=True, metadata={"description": "Oversight has stopped it: no new flag may name it."}
    )


class NonIndicatorOut(BaseSchema):
    """What is never a sign, and why."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    not_a_sign_because = fields.String(required=True)


class IndicatorListOut(BaseSchema):
    """The list in force. ``active_until`` is its sunset."""

    kind = fields.String(required=True)
    version = fields.Integer(required=True)
    title = fields.String(required=True)
    description = fields.String(required=True)
    active_from = Moment(required=True)
    active_until = Moment(required=True)
    indicators = fields.List(fields.Nested(IndicatorInForce), required=True)
    non_indicators = fields.List(fields.Nested(NonIndicatorOut), required=True)


def list_view(listed: Listed, words: Words, language: str, suspended: Collection[str] = ()) -> dict[str, Any]:
    """The list in the words of ``language``; ``suspended``: codes that oversight has stopped."""
    declared = listed.declared
    return {
        "kind": declared.kind,
        "version": declared.version,
        "title": words.translate(declared.title, language),
        "description": words.translate(declared.description, language),
        "active_from": listed.force.active_from,
        "active_until": listed.force.active_until,
        "indicators": [
            {**_indicator(one, words, language), "suspended": one.code in suspended}
            for one in declared.indicators.values()
        ],
        "non_indicators": [_non_indicator(one, words, language) for one in declared.non_indicators.values()],
    }


def _indicator(indicator: Indicator, words: Words, language: str) -> dict[str, Any]:
    return {
        "code": indicator.code,
        "class": indicator.indicator_class.value,
        "behaviour": words.translate(indicator.behaviour, language),
        "why_relevant": words.translate(indicator.why_relevant, language),
        "innocent_when": [words.translate(text, language) for text in indicator.innocent_when],
        "min_facts": [words.translate(text, language) for text in indicator.min_facts],
        "not_alone": indicator.not_alone,
    }


def _non_indicator(non_indicator: NonIndicator, words: Words, language: str) -> dict[str, Any]:
    return {
        "code": non_indicator.code,
        "label": words.translate(non_indicator.label, language),
        "not_a_sign_because": words.translate(non_indicator.not_a_sign_because, language),
    }
