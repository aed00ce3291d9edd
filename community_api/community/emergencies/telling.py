"""Whom to call at once: said with every report, calm or not, so that it tells nobody anything."""

from __future__ import annotations

from collections.abc import Callable

from community_api.core.i18n import N_

TEXT = N_("If somebody is in danger now, call the emergency number; do not wait for an answer here.")


def if_in_danger(number: str, translate: Callable[[str], str]) -> dict[str, str]:
    """The number of the country and the words, as ``translate`` says them in the caller's language."""
    return {"number": number, "text": translate(TEXT)}
