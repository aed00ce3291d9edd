"""What may stand on an indicator list, and what a flag may build on. Pure: no I/O, the time is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from community_api.core.i18n.translations import N_, Sentence
from community_api.intelligence.indicators.terms import (
    GRACE,
    LONGEST_SUNSET_MONTHS,
    Force,
    Indicator,
    IndicatorList,
)
from community_api.wording.patterns import hits

_CODE = re.compile(r"[a-z][a-z0-9_]{2,39}")
# Lists are written in English; this is the language their texts are examined in.
_WRITTEN_IN = "en"
# Counting signs is how lists turn into scores (R10; domain 7.3: no weights, no sum, no threshold by count).
_COUNTING = (
    "score*",
    "scoring",
    "weight*",
    "percent*",
    "quota*",
    "threshold*",
    "probabilit*",
    "risk level*",
    "sum of",
    "points system",
    "number of signs",
    "number of indicators",
    "* or more signs",
    "* or more indicators",
    "at least * signs",
    "at least * indicators",
)


def faults(declared: IndicatorList) -> tuple[Sentence, ...]:
    """Why the list must not be put in force, one sentence each; empty when it may (domain 7.3)."""
    return (*_list_faults(declared), *_faults_of_each(declared))


def faults_of_next(declared: IndicatorList, before: IndicatorList) -> tuple[Sentence, ...]:
    """Why a list must not take the place of another one; empty when it may.

    What is never a sign stays so: its disguises and the protected words of the list before count as well.
    """
    dropped = [code for code in before.non_indicators if code not in declared.non_indicators]
    both = replace(
        declared,
        non_indicators={**before.non_indicators, **declared.non_indicators},
        protected_terms={
            language: (*before.protected_terms.get(language, ()), *declared.protected_terms.get(language, ()))
            for language in {**before.protected_terms, **declared.protected_terms}
        },
    )
    kept = tuple(
        Sentence(N_("{code}: what is never a sign stays on the list"), code=code) for code in dropped
    )
    disguised = _faults_of_each(replace(both, non_indicators=before.non_indicators))
    return tuple(dict.fromkeys((*kept, *faults(both), *disguised)))


def _list_faults(declared: IndicatorList) -> Iterator[Sentence]:
    if not 1 <= declared.sunset_months <= LONGEST_SUNSET_MONTHS:
        text = N_("sunset_months: a list ends by itself after 1 to {most} months")
        yield Sentence(text, most=LONGEST_SUNSET_MONTHS)
    if not declared.indicators:
        yield Sentence(N_("indicators: the list is empty"))
    if not declared.non_indicators:
        yield Sentence(N_("non_indicators: what is never a sign must be on the list"))
    if not declared.protected_terms.get(_WRITTEN_IN):
        yield Sentence(N_("protected_terms: none for {language}"), language=_WRITTEN_IN)
    for code in (*declared.indicators, *declared.non_indicators):
        if not _CODE.fullmatch(code):
            yield Sentence(N_("{code}: a code is 3 to 40 small letters, digits and underscores"), code=code)
    for code in declared.indicators.keys() & declared.non_indicators.keys():
        yield Sentence(N_("{code}: is on the list of what is never a sign"), code=code)


def _faults_of_each(declared: IndicatorList) -> Iterator[Sentence]:
    for indicator in declared.indicators.values():
        for fault in _indicator_faults(indicator, declared):
            yield Sentence("{code}: {fault}", code=indicator.code, fault=fault)


def _indicator_faults(indicator: Indicator, declared: IndicatorList) -> Iterator[Sentence]:
    if not indicator.behaviour or not indicator.why_relevant or not indicator.source:
        yield Sentence(N_("needs behaviour, why_relevant and source"))
    if not indicator.innocent_when:
        yield Sentence(N_("innocent_when: every behaviour has an innocent explanation, name it"))
    if not indicator.min_facts:
        yield Sentence(N_("min_facts: say which facts a ground must tell"))
    told = " ".join((indicator.code.replace("_", " "), indicator.behaviour, *indicator.min_facts))
    for other in declared.non_indicators.values():
        for word in hits(other.disguises.get(_WRITTEN_IN, ()), told):
            yield Sentence(N_("“{word}” is never a sign ({code})"), word=word, code=other.code)
    for word in hits(declared.protected_terms.get(_WRITTEN_IN, ()), f"{told} {indicator.why_relevant}"):
        yield Sentence(N_("“{word}” is a protected trait"), word=word)
    for word in hits(_COUNTING, f"{told} {indicator.why_relevant}"):
        yield Sentence(N_("“{word}” counts or weighs; a human judges"), word=word)


def protected_words(
    declared: IndicatorList, text: str, further: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...]:
    """Words in ``text`` that speak of protected traits: a reason to advise.

    In any language of the list, and in those of ``further``, which the list lacks.
    """
    terms_of = {**(further or {}), **declared.protected_terms}
    found = (hits(terms, text) for terms in terms_of.values())
    return tuple(sorted({word for words in found for word in words}))


def unknown_codes(declared: IndicatorList, codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that this version knows neither as indicator nor as non-indicator."""
    return tuple(
        code for code in codes if code not in declared.indicators and code not in declared.non_indicators
    )


def protected_ground_only(declared: IndicatorList, codes: Sequence[str]) -> bool:
    """Whether every ground's code is a non-indicator (R9): then the flag is refused."""
    return bool(codes) and all(code in declared.non_indicators for code in codes)


def acceptable(force: Force, now: datetime, occurred_at: datetime) -> bool:
    """Whether a flag may still cite this version (contract 6).

    It is in force now, or was when the thing occurred and ended no more than 30 days ago.
    """
    if force.at(now):
        return True
    return force.at(occurred_at) and now <= force.active_until + GRACE


def in_force(forces: Iterable[Force], moment: datetime) -> Force | None:
    """The version in force at ``moment``; None when there is none. Of several the latest one."""
    running = [force for force in forces if force.at(moment)]
    return max(running, key=lambda force: force.active_from, default=None)
