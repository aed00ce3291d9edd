"""What the product owes to everyone who told it something: obligations, answers, acknowledgements."""

from community_api.feedback.contributors import alias, begin, behind, contribute, matter_behind

__all__ = ["alias", "begin", "behind", "contribute", "matter_behind"]
