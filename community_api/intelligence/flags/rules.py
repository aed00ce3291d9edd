"""What must hold for a flag; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from community_api.core.actor import Actor
from community_api.core.errors import DomainError, FieldError, invalid
from community_api.intelligence.flags.terms import (
    CONCERN,
    COPIED,
    ENDED_WITHOUT_CASE,
    MAYBE_CHILD,
    MIN_FACT,
)
from community_api.intelligence.indicators.rules import protected_ground_only, unknown_codes
from community_api.intelligence.indicators.terms import IndicatorList
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_national import CHILDREN
from community_api.units.terms import Role
from community_api.wording.facts import says_something


def check_grounds(grounds: Sequence[Mapping[str, Any]], listed: IndicatorList) -> None:
    """Refuse grounds that no flag may rest on (R9).

    Raises DomainError ``indicator_unknown``, ``protected_ground_only``, ``fact_too_thin``. A
    non-indicator beside a real ground is let pass: the second person says whether the flag stands
    without it.
    """
    codes = [ground["indicator"] for ground in grounds]
    unknown = unknown_codes(listed, codes)
    if unknown:
        raise DomainError(
            "indicator_unknown", errors=_pointed(grounds, "indicator_unknown", frozenset(unknown))
        )
    if protected_ground_only(listed, codes):
        raise DomainError(
            "protected_ground_only", errors=_pointed(grounds, "protected_ground", frozenset(codes))
        )
    thin = [
        FieldError(f"/grounds/{index}/fact", "fact_too_thin", {"min": MIN_FACT})
        for index, ground in enumerate(grounds)
        if len(ground["fact"]) < MIN_FACT or not says_something(ground["fact"])
    ]
    if thin:
        raise DomainError("fact_too_thin", errors=thin, min=MIN_FACT)


def _pointed(grounds: Sequence[Mapping[str, Any]], code: str, wrong: frozenset[str]) -> list[FieldError]:
    return [
        FieldError(f"/grounds/{index}/indicator", code)
        for index, ground in enumerate(grounds)
        if ground["indicator"] in wrong
    ]


def may_concern_a_child(subjects: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a subject is or may be a child: unknown age counts as child (R40)."""
    return any(subject["age"] in MAYBE_CHILD for subject in subjects)


def may_see_identity(actor: Actor, *, own: bool, child: bool) -> bool:
    """Whether what identifies the subjects is shown, and not only that somebody is meant.

    Whoever told it; the safeguarding lead where a child may be concerned, whose best interests they speak
    for; whoever controls, within a case. The second person judges acts and words: a name adds nothing.
    """
    leads = any(grant.role == Role.SAFEGUARDING_LEAD for grant in actor.grants)
    return own or (child and leads) or actor.case_id is not None


def words_of(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text of a flag with its pointer, for warnings about protected terms."""
    for index, ground in enumerate(body["grounds"]):
        yield f"/grounds/{index}/fact", ground["fact"]
    for name in ("alternative_explanation", "necessity", "proportionality"):
        yield f"/{name}", body[name]
    for index, subject in enumerate(body.get("subjects", ())):
        yield f"/subjects/{index}/label", subject["label"]


def document_of(body: Mapping[str, Any], *, excepted: bool) -> dict[str, Any]:
    """What is sealed as the flag's one document; what identifies subjects is not in it.

    ``excepted``: it is raised against the teller's wish, and says why; its case gets no copy of that.
    """
    why = {"exception_reason": body["exception_reason"]} if excepted else {}
    return why | {
        "grounds": [{"indicator": g["indicator"], "fact": g["fact"]} for g in body["grounds"]],
        "alternative_explanation": body["alternative_explanation"],
        "necessity": body["necessity"],
        "proportionality": body["proportionality"],
        "subjects": [
            {"label": s["label"], "category": s["category"], "age": s["age"]}
            for s in body.get("subjects", ())
        ],
    }


def identities_of(body: Mapping[str, Any]) -> dict[str, str]:
    """What identifies subjects, by their place in the list; empty when nothing was told."""
    return {
        str(index): subject["identifying"]
        for index, subject in enumerate(body.get("subjects", ()))
        if subject.get("identifying")
    }


def check_subjects(pack: Pack, subjects: Iterable[Mapping[str, Any]]) -> None:
    """What the procedure wants to know of persons of a category; raises DomainError ``validation_failed``."""
    lacking = [
        FieldError(f"/subjects/{index}/{name}", "required", {})
        for index, subject in enumerate(subjects)
        for name in pack.flags.missing_of(subject)
    ]
    if lacking:
        raise DomainError("validation_failed", errors=lacking)


def check_stands(without_protected_ground: str) -> None:
    """Refuse to confirm what by the second person's own word rests on a protected ground (R9).

    ``without_protected_ground``: yes or no. Raises DomainError ``validation_failed``.
    """
    if without_protected_ground == "no":
        raise invalid("/decision", "does_not_stand")


def check_teller_protected(report_kind: str, answer: str | None) -> None:
    """Refuse to confirm what quotes or points to a reporter; of a concern the answer is required.

    ``answer``: yes, no, or None where nobody said. Raises DomainError ``validation_failed``.
    """
    if answer == "no":
        raise invalid("/decision", "does_not_stand")
    if answer is None and report_kind == CONCERN:
        raise invalid("/teller_protected", "required")


def copy_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The flag's own words that a case gets: what it says of the report's wishes stays with the flag."""
    return {name: document[name] for name in COPIED}


def is_over(status: str, review_on: date | None, today: date) -> bool:
    """Whether a flag never became a case and has had its time: nobody is reminded of it (R21)."""
    return status in ENDED_WITHOUT_CASE and review_on is not None and review_on <= today


def check_guardian(pack: Pack, text: str) -> None:
    """What a lead who agrees may say of a child's guardian; raises DomainError ``validation_failed``."""
    if text not in (pack.children or CHILDREN).guardian_told:
        raise invalid("/guardian_told", "not_under_procedure")
