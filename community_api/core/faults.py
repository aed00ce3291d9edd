"""What breaks a rule on content: a refusal, or for an optional detail a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from community_api.core.errors import DomainError, FieldError


def settle(
    values: Mapping[str, Any], faults: Iterable[FieldError], *, optional: Collection[str]
) -> tuple[Mapping[str, Any], list[FieldError]]:
    """The values without the ``optional`` fields that have faults, and these faults.

    Raises DomainError ``validation_failed`` for faults of other fields.
    """
    found = list(faults)
    if not found:
        return values, []
    grave = [fault for fault in found if fault.pointer[1:] not in optional]
    if grave:
        raise DomainError("validation_failed", errors=grave)
    names = {fault.pointer[1:] for fault in found}
    return {name: value for name, value in values.items() if name not in names}, found
