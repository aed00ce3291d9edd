"""What a nation sets around the chain: whole from language version 3 on, and never below what rights ask.

The floors are what no pack can switch off: R3, R8, R26, R30, R40, R41.
"""

from __future__ import annotations

from typing import Final

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.unknown_names import NO_CLASSIFICATION, NO_LEVEL_HERE, NO_PARTNER
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_national import Unasked
from community_api.procedure_engine.terms import LEVELS, PRODUCT_OUTCOMES, STAFFED, WHOLE
from community_api.procedure_engine.verification.references import Findings, each_known, unique, unknown

_SECTIONS: Final = (
    "threshold",
    "classification",
    "children",
    "safeguarding",
    "emergency",
    "special_categories",
    "rights",
    "meetings",
    "products",
    "statistics",
    "oversight",
    "logs",
    "languages",
)
# An emergency's account is owed while people still remember: no pack makes it later than three days.
_ACCOUNT_HOURS: Final = 72
_A_DAY: Final = 24
# A person is answered within three months at the latest (LED article 12, recital 43; a month is the rule).
_ANSWER_DAYS: Final = 90
_ANSWER_HOURS: Final = 2_160
# What every country's public is promised in plain words before it tells anything.
_FIRST_ANSWER_DAYS: Final = 5
_STATUS_DAYS: Final = 20
_FIRST_ANSWER: Final = N_("the public has a first answer within {days} working days at the latest")
_STATUS: Final = N_("the public hears of its matter every {days} working days at least")


def findings(pack: Pack) -> Findings:
    """Sections that are missing, and what is wrong with those that are there."""
    yield from _whole(pack)
    yield from _threshold(pack)
    yield from _classification(pack)
    yield from _children(pack)
    yield from _safeguarding(pack)
    yield from _emergency(pack)
    yield from unique(("duty_to_pursue",), pack.duty_to_pursue, key="category")
    yield from _rights(pack)
    yield from _public(pack)
    yield from _approvers(pack)
    yield from _meetings(pack)
    yield from _products(pack)
    yield from _languages(pack)


def _whole(pack: Pack) -> Findings:
    """All thirty points are declared: what is left to a default nobody has decided."""
    if pack.header.language_version < WHOLE:
        return
    for name in _SECTIONS:
        if getattr(pack, name) in (None, ()) and not (name == "languages" and pack.languages == ()):
            yield (
                ("procedure", "language_version"),
                Sentence(
                    N_("language version {version} needs the section `{name}`"), version=WHOLE, name=name
                ),
            )
    declared = {outcome.code for outcome in pack.feedback.outcomes}
    for code in PRODUCT_OUTCOMES:
        if code not in declared:
            yield (
                ("feedback", "outcomes"),
                Sentence(
                    N_("the outcome `{code}` must be here: the product itself answers with it"), code=code
                ),
            )
    for index, outcome in enumerate(pack.feedback.outcomes):
        if outcome.text is None:
            yield (
                ("feedback", "outcomes", index),
                Sentence(
                    N_("the outcome `{code}` needs a `text`: the sentence that an answer begins with"),
                    code=outcome.code,
                ),
            )


def _threshold(pack: Pack) -> Findings:
    if pack.threshold is not None:
        yield from unique(("threshold", "questions"), pack.threshold.questions)


def _classification(pack: Pack) -> Findings:
    """Every level of the pack has a ceiling, or may be given nothing that is classified."""
    if pack.classification is None:
        return
    path = ("classification",)
    yield from unique((*path, "values"), pack.classification.values)
    yield from unique((*path, "ceilings"), pack.classification.ceilings, key="level")
    levels = {level.code for level in pack.levels}
    values = {one.code for one in pack.classification.values}
    for index, ceiling in enumerate(pack.classification.ceilings):
        here = (*path, "ceilings", index)
        yield from unknown((*here, "level"), NO_LEVEL_HERE, ceiling.level, levels)
        yield from unknown((*here, "highest"), NO_CLASSIFICATION, ceiling.highest, values)


def _children(pack: Pack) -> Findings:
    """A lead looks on the same day at the latest, whatever a pack says (R40)."""
    if pack.children is None:
        return
    path = ("children", "referred_within")
    within = pack.children.referred_within
    if within is not None and (within.hours is None or within.hours > _A_DAY):
        yield (
            path,
            Sentence(
                N_("a child's matter is looked at within {hours} hours at the latest: write `hours`"),
                hours=_A_DAY,
            ),
        )
    if "no" in pack.children.guardian_told and "unsafe" not in pack.children.guardian_told:
        yield (
            ("children", "guardian_told"),
            Sentence(N_("`unsafe` must be here: a guardian can be the danger")),
        )


def _safeguarding(pack: Pack) -> Findings:
    """Exceptions from consent are named, partners get what they need, panels can meet."""
    rules = pack.safeguarding
    if rules is None:
        return
    path = ("safeguarding",)
    partners = rules.partners or ()
    yield from unique((*path, "grounds"), rules.grounds)
    yield from unique((*path, "partners"), partners)
    yield from unique((*path, "panels"), rules.panels)
    if (rules.without_consent is Unasked.GROUND) != bool(rules.grounds):
        yield (
            (*path, "grounds" if rules.grounds else "without_consent"),
            Sentence(N_("grounds are named where `without_consent` is `ground`, and only there")),
        )
    for index, partner in enumerate(partners):
        for at, name in enumerate(partner.needs):
            if name not in partner.gets:
                yield (
                    (*path, "partners", index, "needs", at),
                    Sentence(N_("`{code}` needs `{name}` and may not get it"), code=partner.code, name=name),
                )
    known = {partner.code for partner in partners}
    for index, panel in enumerate(rules.panels):
        here = (*path, "panels", index)
        yield from each_known((*here, "members"), NO_PARTNER, panel.members, known)
        if panel.quorum > len(set(panel.members)):
            yield (
                (*here, "quorum"),
                Sentence(N_("`{code}` has fewer members than its quorum"), code=panel.code),
            )
        yield from _staffed((*here, "chair"), panel.chair, LEVELS)


def _emergency(pack: Pack) -> Findings:
    """An account afterwards within three days, and somebody in the unit to hear that it did not come."""
    rules = pack.emergency
    if rules is None:
        return
    path = ("emergency",)
    yield from unique((*path, "triggers"), rules.triggers)
    yield from unique((*path, "contacts"), rules.contacts)
    hours = rules.justified_within.hours
    if hours is None or hours > _ACCOUNT_HOURS:
        yield (
            (*path, "justified_within"),
            Sentence(
                N_("what was done is accounted for within {hours} hours at the latest: write `hours`"),
                hours=_ACCOUNT_HOURS,
            ),
        )
    # The emergency belongs to a local unit, or to the nation where there is none.
    for level in ("local", "national"):
        if rules.heard_by not in STAFFED[level]:
            yield (
                (*path, "heard_by"),
                Sentence(N_("no unit of level {level} has a {role}"), level=level, role=rules.heard_by),
            )


def _rights(pack: Pack) -> Findings:
    """A person is answered in time."""
    if pack.rights is None:
        return
    yield from unique(("rights", "grounds"), pack.rights.grounds)
    clock = pack.rights.answered_within
    if (clock.hours or 0) > _ANSWER_HOURS or (clock.working_days or 0) > _ANSWER_DAYS:
        yield (
            ("rights", "answered_within"),
            Sentence(N_("a person is answered within {days} days at the latest"), days=_ANSWER_DAYS),
        )


def _public(pack: Pack) -> Findings:
    """Whoever told something is answered no later than the public notice says, by any procedure."""
    if pack.header.language_version < WHOLE:
        return
    promised = (
        ("public_first_answer", pack.feedback.public_first_answer, _FIRST_ANSWER_DAYS, _FIRST_ANSWER),
        ("public_status_every", pack.feedback.public_status_every, _STATUS_DAYS, _STATUS),
    )
    for key, clock, days, text in promised:
        if (clock.working_days or 0) > days or (clock.hours or 0) > days * _A_DAY:
            yield ("feedback", key), Sentence(text, days=days)


def _approvers(pack: Pack) -> Findings:
    if pack.special_categories is not None:
        yield from _staffed(
            ("special_categories", "approved_by"), pack.special_categories.approved_by, LEVELS
        )


def _meetings(pack: Pack) -> Findings:
    """Whoever chairs or attends has a post at that level, and enough may come."""
    yield from unique(("meetings",), pack.meetings)
    levels = {level.code for level in pack.levels}
    for index, meeting in enumerate(pack.meetings):
        path = ("meetings", index)
        yield from unique((*path, "record"), meeting.record)
        yield from unknown((*path, "level"), NO_LEVEL_HERE, meeting.level, levels)
        yield from _staffed((*path, "chair"), meeting.chair, (meeting.level,))
        for at, role in enumerate(meeting.attended_by):
            # Who works with the community brings its problems, and is tasked with none (R34).
            yield from _staffed((*path, "attended_by", at), role, ("community", meeting.level))


def _products(pack: Pack) -> Findings:
    yield from unique(("products",), pack.products)
    for index, product in enumerate(pack.products):
        yield from unique(("products", index, "minimum"), product.minimum)
        if product.made_by not in {"analyst", "intelligence_manager"}:
            yield (
                ("products", index, "made_by"),
                Sentence(
                    N_(
                        "products are made by analysts and intelligence managers, never by those in the "
                        "community"
                    )
                ),
            )


def _languages(pack: Pack) -> Findings:
    """Nothing is translated twice, and into no language that the pack does not name."""
    yield from unique(("translations",), pack.translations, key="text")
    languages = pack.languages or ()
    for index, one in enumerate(languages):
        if one in languages[:index]:
            yield (
                ("languages", index),
                Sentence(N_("the language `{language}` is declared twice"), language=one),
            )


def _staffed(path: tuple[str | int, ...], role: str, levels: tuple[str, ...]) -> Findings:
    """Somebody at one of these levels has that post."""
    if any(role in STAFFED[level] for level in levels):
        return
    if levels == LEVELS:
        yield path, Sentence(N_("nobody anywhere has the post of a {role}"), role=role)
    else:
        text = N_("nobody at level {level} has the post of a {role}")
        yield path, Sentence(text, level=levels[-1], role=role)
