"""How much may be told: too little and too much are told apart, with the codes of core/schemas/fields.py.

marshmallow's own `Length` has one message for both. The document shows these as it would show that one.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

from marshmallow import ValidationError, validate


class Bounded(validate.Length):
    """A name, a code, a document: something, and ``most`` characters of it at most.

    ``empty``: nothing is something too, and whoever reads it says what is wrong with it.
    """

    def __init__(self, most: int, *, empty: bool = False) -> None:
        super().__init__(min=None if empty else 1, max=most)
        self._most, self._empty = most, empty

    def __call__(self, value: Any) -> Any:
        if not value and not self._empty:
            raise ValidationError("blank")
        if len(value) > self._most:
            raise ValidationError(f"too_long|max={self._most}")
        return value


class Several(validate.Length):
    """A list of at least ``fewest`` and at most ``most``."""

    def __init__(self, fewest: int, most: int) -> None:
        super().__init__(min=fewest or None, max=most)
        self._fewest, self._most = fewest, most

    def __call__(self, value: Sized) -> Any:
        if len(value) < self._fewest:
            raise ValidationError(f"too_few|min={self._fewest}")
        if len(value) > self._most:
            raise ValidationError(f"too_many|max={self._most}")
        return value
