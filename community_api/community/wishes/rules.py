"""Whether something may leave although its teller forbade it; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from community_api.community.wishes.terms import TO_PROTECT, Way
from community_api.procedure_engine.terms import WishException


def may_leave(
    exception: str | None,
    ways: Iterable[Way],
    *,
    danger_acknowledged: bool,
    category: str | None,
    to_pursue: Collection[str],
) -> bool:
    """Whether an exception (None: none is claimed) opens every one of these ways.

    ``to_pursue``: the categories that the law, as the procedure names it, obliges the police to pursue.
    """
    if exception == WishException.DANGER_TO_LIFE:
        return danger_acknowledged
    if exception == WishException.SERIOUS_HARM:
        return set(ways) <= TO_PROTECT
    if exception == WishException.DUTY_TO_PURSUE:
        return category in to_pursue
    return False
