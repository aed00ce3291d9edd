"""Whom to call at once: said with every report, calm or not, so that it tells nobody anything."""

from __future__ import annotations

from functools import lru_cache

from community_api.core.i18n.translations import N_, Words

TEXT = N_("If somebody is in danger now, call the emergency number; do not wait for an answer here.")


@lru_cache(maxsize=256)
def if_in_danger(words: Words, number: str, language: str) -> dict[str, str]:
    """The number of the country, and the words in ``language``.

    One and the same for everybody who speaks it, so it is said once: nobody changes what comes back.
    """
    return {"number": number, "text": words.translate(TEXT, language)}
