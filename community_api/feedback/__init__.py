"""What the product owes to everyone who told it something: obligations, answers, acknowledgements."""

from community_api.feedback.contributors import begin, contribute

__all__ = ["begin", "contribute"]
