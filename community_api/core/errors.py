"""Domain errors: a code and parameters, no prose and no status; the edge maps and translates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

# What does not exist, and what the caller may not know of.
NOT_FOUND: Final = "not_found"
# No answer names more faults than this, however many there are.
MAX_ERRORS: Final = 100


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field; ``pointer`` is an RFC 6901 pointer into the body."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class DomainError(Exception):
    """The product refuses, for the reason that ``code`` names in ``problems.yaml``.

    ``retry_after`` is in whole seconds. ``denial`` is what the trail must know of it, when policy
    refused a signed-in caller: the edge writes it. ``params`` fill the words of the problem; none may repeat
    what the caller submitted.
    """

    def __init__(
        self,
        code: str,
        *,
        errors: Iterable[FieldError] = (),
        retry_after: int | None = None,
        denial: object | None = None,
        **params: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.denial = denial
        self.params = params


def not_found() -> DomainError:
    """What does not exist and what the caller may not know of: the same refusal."""
    return DomainError(NOT_FOUND)


def invalid(pointer: str, code: str, **params: Any) -> DomainError:
    """One field breaks a rule on content."""
    return DomainError("validation_failed", errors=[FieldError(pointer, code, params)])


class Stale(Exception):
    """Somebody else changed a row between reading and commit: the use case is to be tried again."""


class AlreadyCommitted(Exception):
    """A command of this id is in the database: a replay, or an id used twice."""


class SealBroken(Exception):
    """A sealed text does not belong to the row it stands in, or was changed."""

    def __init__(self, owner_id: object) -> None:
        super().__init__("sealed text cannot be opened")
        self.owner_id = owner_id


class StartupError(Exception):
    """The product must not start like this; the message says why and what to do."""
