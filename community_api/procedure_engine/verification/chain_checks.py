"""Checks of results that reach other cases of a chain: recalls, new grades, corrections, questions."""

from __future__ import annotations

from collections.abc import Sequence

from community_api.core.i18n.translations import N_, Sentence
from community_api.procedure_engine.language.readers import Path
from community_api.procedure_engine.language.unknown_names import NO_MARK
from community_api.procedure_engine.pack.definition import Field, Pack, Result
from community_api.procedure_engine.terms import Entry
from community_api.procedure_engine.verification.references import Findings, each_known


def findings(path: Path, result: Result, pack: Pack, fields: Sequence[Field]) -> Findings:
    """Everything unsound about what one result does to other cases."""
    marks = {mark.code for mark in pack.marks}
    yield from each_known((*path, "marks_sender"), NO_MARK, result.marks_sender, marks)
    yield from each_known((*path, "marks_asker"), NO_MARK, result.marks_asker, marks)
    yield from _times(path, result)
    yield from _recalls(path, result, pack)
    yield from _questions(path, result, fields)
    axes = {field.axis for field in fields if field.type == "grade"}
    if result.regrades and not {"source", "information"} <= axes:
        yield (
            (*path, "regrades"),
            Sentence(N_("who grades anew needs a grade of the source and one of the information")),
        )


def _times(path: Path, result: Result) -> Findings:
    """Whoever must confirm or answer is told until when; nobody else is."""
    asked = result.regrades or result.corrects_report is not None or result.asks_originator
    if result.pauses:
        return
    if asked and result.within is None:
        yield (
            path,
            Sentence(
                N_("whoever has to confirm or to answer is given a time: the result needs the key `within`")
            ),
        )
    if result.within is not None and not asked:
        yield (*path, "within"), Sentence(N_("nobody has to confirm or to answer anything here"))


def _recalls(path: Path, result: Result, pack: Pack) -> Findings:
    """What is taken back has a way to be given up at every level that can hold it, and is answered for."""
    if not result.recalls:
        return
    called = {level for one in pack.entrances if one.by == Entry.RECALL for level in one.levels}
    for entrance in pack.entrances:
        for level in entrance.levels if entrance.by == Entry.DISSEMINATION else ():
            if level not in called:
                yield (
                    (*path, "recalls"),
                    Sentence(N_("no entrance by recall says where cases at level {level} go"), level=level),
                )
    if result.feedback is None:
        yield (*path, "recalls"), Sentence(N_("a recall is a decision: it needs a feedback point"))
    if not any(other.confirms_recall for action in pack.actions for other in action.results):
        yield (*path, "recalls"), Sentence(N_("no action confirms a recall"))


def _questions(path: Path, result: Result, fields: Sequence[Field]) -> Findings:
    """An answer names the question, and only an answer marks who asked."""
    if result.answers_originator and not any(one.type == "uuid" and one.required for one in fields):
        yield (
            (*path, "answers_originator"),
            Sentence(N_("an answer needs an obligatory field of type uuid: the question")),
        )
    if result.marks_asker and not result.answers_originator:
        yield (*path, "marks_asker"), Sentence(N_("nobody has asked anything that this result answers"))
