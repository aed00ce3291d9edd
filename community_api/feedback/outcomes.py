"""What may be answered: the outcomes that the procedure declares (contract section 8)."""

from __future__ import annotations

from community_api import procedures
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import invalid
from community_api.feedback.models import Obligation
from community_api.procedure_engine.localize import speaker
from community_api.procedure_engine.pack.definition import Pack


def pack_of(tx: Transaction, row: Obligation) -> Pack | None:
    """The version by which an obligation is answered.

    It is the one of the decision; rows of before name none and go by the one in force. None if none is.
    """
    return procedures.governing(tx, row) or procedures.in_force(tx)


def titles(pack: Pack, language: str) -> list[dict[str, str]]:
    """Code and title of every outcome, in a language."""
    say = speaker(pack, language)
    return [{"code": outcome.code, "title": say(outcome.title)} for outcome in pack.feedback.outcomes]


def title_of(tx: Transaction, row: Obligation, code: str) -> str | None:
    """What the procedure calls an outcome of the product's own choice, in the recipient's language.

    None if an old procedure does not declare it.
    """
    pack = pack_of(tx, row)
    if pack is None or code not in pack.feedback_titles:
        return None
    return speaker(pack, row.language)(pack.feedback_titles[code])


def words(tx: Transaction, row: Obligation, code: str) -> dict[str, str | None]:
    """Title of an outcome and the sentence that begins its answer, in the recipient's language.

    Raises DomainError ``not_one_of`` for an outcome that the procedure does not declare.
    """
    pack = pack_of(tx, row)
    declared = {} if pack is None else {outcome.code: outcome for outcome in pack.feedback.outcomes}
    if pack is None or code not in declared:
        raise invalid("/outcome", "not_one_of")
    say = speaker(pack, row.language)
    text = declared[code].text
    return {"outcome_title": say(declared[code].title), "opening": None if text is None else say(text)}
