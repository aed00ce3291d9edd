"""The words of a pack in the reader's language: its own translation, else the product's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from community_api.core.i18n.translations import translate
from community_api.procedure_engine.engine.clocks import Clock
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.pack_lists import Titled
from community_api.procedure_engine.pack.pack_national import Translation

Say: TypeAlias = "Callable[[str], str]"

# What a nation sets around the chain, as a reader of the pack gets it.
_AROUND: Final = (
    "threshold",
    "classification",
    "children",
    "safeguarding",
    "emergency",
    "duty_to_pursue",
    "special_categories",
    "rights",
    "meetings",
    "products",
    "statistics",
    "oversight",
    "logs",
    "languages",
)
_WORDS: Final = frozenset({"title", "text", "authority", "complaints", "neutral_answer"})


def speaker(pack: Pack, language: str, say: Say | None = None) -> Say:
    """Says a title or text of the pack in a language such as "de-AT"; in English where nobody has.

    `say`: how the product says what the pack does not; None: by its catalogs.
    """

    def spoken(text: str) -> str:
        own = pack.translated(text, language)
        if own is not None:
            return own
        return translate(text, language) if say is None else say(text)

    return spoken


def listed(items: Iterable[Titled], say: Say) -> list[dict[str, str]]:
    """Codes with their titles, for an answer."""
    return [{"code": one.code, "title": say(one.title)} for one in items]


def around(pack: Pack, say: Say) -> dict[str, Any]:
    """The sections around the chain that a pack has, by name, as plain values with words said."""
    found = {name: getattr(pack, name) for name in _AROUND}
    return {name: _plain(value, say) for name, value in found.items() if value is not None}


def _plain(value: Any, say: Say) -> Any:
    if isinstance(value, Clock):
        return {"hours": value.hours, "working_days": value.working_days}
    if isinstance(value, StrEnum):
        return value.value
    if is_dataclass(value) and not isinstance(value, Translation):
        return {
            one.name: say(getattr(value, one.name))
            if one.name in _WORDS and isinstance(getattr(value, one.name), str)
            else _plain(getattr(value, one.name), say)
            for one in fields(value)
        }
    return [_plain(one, say) for one in value] if isinstance(value, tuple) else value
