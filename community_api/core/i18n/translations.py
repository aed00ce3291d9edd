"""Words for people in their own language: marks, catalogs read at run time, formats of moments.

The English text is the key. It is marked where it stands (``N_``) and translated where the reader
is known, so a message is always in the language of the person who reads it.
"""

from __future__ import annotations

import gettext
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from community_api.core.i18n.public_languages import PublicWords, read_public_words

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

log = logging.getLogger("community.i18n")

SOURCE_LANGUAGE = "en"
PSEUDO = "xx-pseudo"
LOCALES = Path(__file__).resolve().parents[3] / "locales"
# Day before month in English too: 03/04 must not be read two ways in a police report.
_FORMATS = {"en": "en_GB"}
_PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
# Longer than any honest header; what is beyond is not read.
_ACCEPT_LIMIT = 400


def N_(text: str) -> str:
    """Mark a text for translation; the text itself comes back."""
    return text


def NC_(context: str, text: str) -> str:  # noqa: ARG001 - read by the extraction only
    """Mark a text that needs a context (a lone "Open"); translate it with the same context."""
    return text


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a text with a plural form, for ``translate_plural``."""
    return singular, plural


class Sentence:
    """A marked text with what fills it, said once the reader is known; in a string it is English.

    What fills it may be sentences again, and lists of them. Equal when they say the same.
    """

    __slots__ = ("params", "text")

    def __init__(self, text: str, /, **params: object) -> None:
        self.text = text
        self.params = params

    def __str__(self) -> str:
        return _fill(self.text, self.params)

    def __repr__(self) -> str:
        return f"Sentence({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sentence) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))


@lru_cache(maxsize=1024)
def placeholders(text: str) -> frozenset[str]:
    """The names in braces that a text expects, such as ``due`` in "by {due}"."""
    return frozenset(_PLACEHOLDER.findall(text))


def _one_form(number: int) -> int:
    return int(number != 1)


@dataclass(frozen=True)
class _Catalog:
    """What one language says: (context, English) -> its forms, and which form a number takes."""

    texts: Mapping[tuple[str | None, str], tuple[str, ...]]
    form: Callable[[int], int] = _one_form


_EMPTY = _Catalog({})


class Words:
    """The catalogs of one folder, each read when its language is first needed.

    Nothing here raises because of what a catalog holds: a missing, fuzzy or broken translation
    falls back to the English text, for a refusal in English is better than none.
    """

    def __init__(self, folder: Path = LOCALES, *, playful: bool = False) -> None:
        """``playful``: demo and test mode, where the pseudo-language is offered as well."""
        self._folder = folder
        self._playful = playful
        self._catalogs: dict[str, _Catalog] = {}
        self._lock = threading.Lock()

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a whole catalog; English first, the others by code."""
        return (SOURCE_LANGUAGE, *sorted(self._available - {SOURCE_LANGUAGE} - set(self.public.languages)))

    @cached_property
    def public_languages(self) -> tuple[str, ...]:
        """Those in which only what the public reads is said; no account may choose them."""
        return tuple(sorted(self._available & set(self.public.languages)))

    @cached_property
    def public(self) -> PublicWords:
        """What is said in the public languages."""
        return read_public_words(self._folder)

    @cached_property
    def _available(self) -> frozenset[str]:
        return frozenset(path.parent.parent.name for path in self._folder.glob("*/LC_MESSAGES/messages.po"))

    @property
    def offered(self) -> tuple[str, ...]:
        """What an account may choose."""
        return (*self.languages, PSEUDO) if self._playful else self.languages

    def negotiate(self, accept_language: str | None, *, account: str | None = None) -> str:
        """The account's language, else the best of the Accept-Language header, else English."""
        known = self.offered if account else (*self.offered, *self.public_languages)
        offered = {language.lower(): language for language in known}
        for tag in [account] if account else _preferred(accept_language or ""):
            wanted = tag.replace("_", "-").lower()
            found = offered.get(wanted) or offered.get(_base(wanted))
            if found:
                return found
        return SOURCE_LANGUAGE

    def says(self, text: str, language: str) -> bool:
        """Whether the catalog of a language has this text, without a context."""
        return bool(self._catalog(_base(language)).texts.get((None, text)))

    def said_in(self, texts: Iterable[str], language: str) -> str:
        """``language`` when it says all of these texts, else English: one answer is in one language."""
        if _base(language) not in self.public_languages:
            return language
        return language if all(self._forms(text, language, None) for text in texts) else SOURCE_LANGUAGE

    def translate(self, text: str, language: str, context: str | None = None, /, **params: object) -> str:
        """``text`` in ``language`` ("de", "de-AT"), its ``{placeholders}`` filled from ``params``."""
        params = {name: self._in_language(value, language) for name, value in params.items()}
        if language == PSEUDO:
            return self._pseudo(text, _fill(text, params), context)
        forms = self._forms(text, language, context)
        return _best(forms[0] if forms else text, text, params)

    def _in_language(self, value: object, language: str) -> object:
        """What fills a text, where it is a sentence or a list of them in the language of the whole."""
        if isinstance(value, Sentence):
            return self.translate(value.text, language, **value.params)
        if isinstance(value, list | tuple):
            return [self._in_language(one, language) for one in value]
        return value

    def translate_plural(
        self,
        words: tuple[str, str],
        number: int,
        language: str,
        context: str | None = None,
        /,
        **params: object,
    ) -> str:
        """The form of ``NN_`` words that ``number`` takes; ``{number}`` is filled as well."""
        source = words[_one_form(number)]
        params = {"number": number, **params}
        if language == PSEUDO:
            return self._pseudo(words[0], _fill(source, params), context)
        forms = self._forms(words[0], language, context)
        index = self._catalog(_base(language)).form(number) if forms else 0
        return _best(forms[index] if index < len(forms) else source, source, params)

    def _pseudo(self, text: str, filled: str, context: str | None) -> str:
        """Brackets around what is marked for translation, so that what is not stands out."""
        known = (context, text) in self._catalog(PSEUDO).texts
        return f"⟦{filled}⟧" if known else filled

    def _forms(self, text: str, language: str, context: str | None) -> tuple[str, ...]:
        """What the catalog of a language has for a text; English needs none: the text is what is said."""
        base = _base(language)
        return self._catalog(base).texts.get((context, text), ()) if base != SOURCE_LANGUAGE else ()

    def _catalog(self, language: str) -> _Catalog:
        if (known := self._catalogs.get(language)) is not None:
            return known
        # A language comes from an account or a header: only what the folder holds becomes a path.
        if language not in {PSEUDO, *self.languages, *self.public_languages}:
            return _EMPTY
        with self._lock:
            if language not in self._catalogs:
                self._catalogs[language] = self._read(language)
        return self._catalogs[language]

    def _read(self, language: str) -> _Catalog:
        if language == PSEUDO:
            return _catalog_in(self._folder / "messages.pot", keep_empty=True)
        return _catalog_in(self._folder / language / "LC_MESSAGES" / "messages.po", keep_empty=False)


def _catalog_in(path: Path, *, keep_empty: bool) -> _Catalog:
    """The catalog of a file: one and the same for all who read it, as long as the file is the same."""
    try:
        state = path.stat()
    except OSError:
        return _read_catalog(path, keep_empty=keep_empty)
    return _kept_catalog(path, keep_empty, (state.st_ino, state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=32)
def _kept_catalog(path: Path, keep_empty: bool, _state: tuple[int, int, int]) -> _Catalog:  # noqa: FBT001
    return _read_catalog(path, keep_empty=keep_empty)


def _read_catalog(path: Path, *, keep_empty: bool) -> _Catalog:
    """Read one catalog; fuzzy and empty entries count as missing, a broken file as empty."""
    from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - 50 ms, not before the first use

    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        form = gettext.c2py(catalog.plural_expr)
    except (OSError, PoFileError, ValueError, LookupError):
        log.warning("catalog unreadable, English is used", extra={"language": path.parent.parent.name})
        return _EMPTY
    texts = dict(_entries(catalog, keep_empty=keep_empty))
    return _Catalog(texts, form)


def _entries(
    catalog: Catalog, *, keep_empty: bool
) -> Iterator[tuple[tuple[str | None, str], tuple[str, ...]]]:
    for message in catalog:
        source = message.id if isinstance(message.id, str) else message.id[0]
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        complete = not message.fuzzy and all(said)
        if source and (complete or keep_empty):
            yield (message.context, source), said


@lru_cache(maxsize=64)
def _base(language: str) -> str:
    """The language without its region: there is one German for Berlin and Vienna."""
    return language.replace("_", "-").split("-", 1)[0].lower()


def _fill(text: str, params: Mapping[str, object]) -> str:
    """Fill ``{name}`` and nothing else: no attribute or index of a value can be reached from a text."""
    if "{" not in text:
        return text
    return _PLACEHOLDER.sub(lambda match: _as_text(params.get(match[1], "…")), text)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return ", ".join(map(str, value)) if isinstance(value, Iterable) else str(value)


def _best(translated: str, source: str, params: Mapping[str, object]) -> str:
    """The translation, unless it asks for something that the source does not give."""
    usable = placeholders(translated) <= placeholders(source) | params.keys()
    return _fill(translated if usable else source, params)


WORDS = Words()
translate = WORDS.translate
translate_plural = WORDS.translate_plural


def _preferred(header: str) -> list[str]:
    """The language tags of an Accept-Language header, best first; what cannot be read is left out."""
    weighed: list[tuple[float, str]] = []
    for part in header[:_ACCEPT_LIMIT].split(","):
        tag, _, weight = part.strip().partition(";")
        quality = _quality(weight)
        if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag.strip()) and quality > 0:
            weighed.append((quality, tag.strip()))
    return [tag for _, tag in sorted(weighed, key=lambda item: -item[0])]


def _quality(weight: str) -> float:
    found = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
    if found:
        return float(found[1])
    return 0.0 if weight.strip() else 1.0


def format_moment(moment: datetime, language: str, timezone: str) -> str:
    """A moment as a person reads it, in their zone: "23 November 2026, 23:26"; UTC says so.

    ``moment`` is aware; ``timezone`` is an IANA name, and one that is not known is read as UTC.
    """
    from babel.dates import format_time  # noqa: PLC0415 - as above

    zone = _zone(timezone)
    local = moment.astimezone(zone)
    template = _WHEN_UTC if zone.key == "UTC" else _WHEN
    time = format_time(local.time(), "short", locale=_format_of(language))
    return translate(template, language, date=format_day(local.date(), language), time=time)


def format_day(day: date, language: str) -> str:
    """A calendar day as a person reads it: "23 November 2026"."""
    from babel.dates import format_date  # noqa: PLC0415 - as above

    return format_date(day, "long", locale=_format_of(language))


# Translators: how a day and a time of day stand together; {time} is like 23:26.
_WHEN = N_("{date}, {time}")
_WHEN_UTC = N_("{date}, {time} UTC")


def direction(language: str) -> str:
    """Which way the language is read, as HTML writes it: ``rtl`` or ``ltr``."""
    from babel import Locale  # noqa: PLC0415 - as above

    return Locale.parse(_format_of(language)).text_direction


def _format_of(language: str) -> str:
    base = _base(language)
    known = base if base in (*WORDS.languages, *WORDS.public_languages) else SOURCE_LANGUAGE
    return _FORMATS.get(known, known)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not a zone's name, or one that this machine does not know
        return ZoneInfo("UTC")
