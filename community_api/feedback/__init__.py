"""What the product owes to everyone who told it something: obligations, answers, acknowledgements."""

from community_api.feedback.contributors import begin, behind, contribute
from community_api.feedback.messages import say
from community_api.feedback.obligations import (
    alias,
    is_owed_about,
    oblige_chain,
    oblige_flagger,
    owed_by_subject,
)
from community_api.feedback.reporter_obligations import Word, oblige_reporters, owed_before_closing

__all__ = [
    "Word",
    "alias",
    "begin",
    "behind",
    "contribute",
    "is_owed_about",
    "oblige_chain",
    "oblige_flagger",
    "oblige_reporters",
    "owed_before_closing",
    "owed_by_subject",
    "say",
]
