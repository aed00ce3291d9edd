"""Pack language: actions, their results, and moves."""

from __future__ import annotations

from typing import Final

from community_api.procedure_engine.language.language_forms import guards
from community_api.procedure_engine.language.language_parts import (
    CLOCK_READER,
    CODE,
    LEVEL_READER,
    ROLE_READER,
    TITLE,
)
from community_api.procedure_engine.language.readers import Key, act, block, code, each, member, yes_or_no
from community_api.procedure_engine.language.unknown_names import NO_FEEDBACK_POINT
from community_api.procedure_engine.pack.definition import Action, Move, ReportSource, Result
from community_api.procedure_engine.terms import FeedbackPoint

REPORT_SOURCE: Final = (
    Key("action", code, "the action that sanitises"),
    Key("field", code, "the field of its form that holds the text"),
)
RESULT: Final = (
    Key("when", each(code, least=1), "values of the outcome field; left out: always", default=()),
    Key("to", code, "the next stage; not with `stays`", default=None),
    Key("stays", yes_or_no, "the case stays where it is, and its clock goes on", default=False),
    Key(
        "feedback",
        member(FeedbackPoint, NO_FEEDBACK_POINT),
        "the decision that it is, which owes an answer",
        default=None,
    ),
    Key("retention", code, "the class the case gets", default=None),
    Key("disseminates", yes_or_no, "the units named in the form get the report", default=False),
    Key(
        "issues_report",
        block(ReportSource, REPORT_SOURCE),
        "where the text of the report comes from that the case gets now",
        default=None,
    ),
    Key("sets", each(code), "marks it sets", default=()),
    Key("clears", each(code), "marks it clears", default=()),
    Key("recalls", yes_or_no, "takes back what the case gave, and what was passed on", default=False),
    Key("confirms_recall", yes_or_no, "what was taken back is given up here", default=False),
    Key("regrades", yes_or_no, "whoever holds the report hears of its new grade", default=False),
    Key(
        "corrects_report",
        block(ReportSource, REPORT_SOURCE),
        "where the text comes from that replaces the report's; whoever holds it hears of it",
        default=None,
    ),
    Key("asks_originator", yes_or_no, "asks the unit that made the report for its consent", default=False),
    Key("answers_originator", yes_or_no, "answers such a question", default=False),
    Key("marks_sender", each(code), "marks it sets on the sender's case", default=()),
    Key("marks_asker", each(code), "marks it sets on the case that asked", default=()),
    Key("reply", yes_or_no, "a recipient outside the chain has answered", default=False),
    Key(
        "at_levels",
        each(LEVEL_READER, least=1),
        "only at these levels; left out: at all",
        default=(),
    ),
    Key("pauses", yes_or_no, "the stage's clock stands still, `within` that time at most", default=False),
    Key("resumes", yes_or_no, "the stage's clock runs again", default=False),
    Key(
        "within",
        CLOCK_READER,
        "the time that those whom it reaches have; of a pause: its longest duration",
        default=None,
    ),
)
ACTION: Final = (
    CODE,
    TITLE,
    Key("from", each(code, least=1), "the stages in which it is possible", into="sources"),
    Key("roles", each(ROLE_READER, least=1), "who may, in the case's unit"),
    Key("not_actor_of", each(act), "acts that exclude whoever did them", default=()),
    Key("form", code, "what is asked; left out: nothing", default=None),
    Key("guards", guards, "what must hold; all of them", default=()),
    Key("outcome_field", code, "the choice that decides between results", default=None),
    Key("results", each(block(Result, RESULT), least=1), "what can come of it"),
    Key("after_end", yes_or_no, "it may also be taken when the case has ended", default=False),
)
MOVE: Final = (
    CODE,
    TITLE,
    Key("from", code, "the stage that it leaves", into="source"),
    Key("to", code, "the next stage"),
    Key("guards", guards, "when all hold, the product goes on"),
)
READ_ACTION: Final = block(Action, ACTION)
READ_MOVE: Final = block(Move, MOVE)
