"""Which texts a language must hold in which only what the public reads is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from community_api.core.i18n.problem_texts import ProblemMap, load_problems
from community_api.core.i18n.public_languages import DECLARED, PublicWords
from community_api.core.i18n.translations import Words


def said_in(language: str, template: Catalog, root: Path) -> Catalog:
    """The part of the template that a language must hold: all of it, or what the public reads."""
    public = Words(root / "locales").public
    if language not in public.languages:
        return template
    texts = set(_refusals(public, root))
    part = Catalog(charset="utf-8")
    for message in template:
        if message.id and _public(message, public, texts):
            part.add(
                message.id,
                locations=message.locations,
                auto_comments=message.auto_comments,
                context=message.context,
            )
    return part


def unknown_names(public: PublicWords, template: Catalog, root: Path) -> list[str]:
    """Names in the list of public words that name nothing, one sentence each."""
    declared = _problems(public, root)
    files = {str(path) for message in template for path, _ in message.locations}
    contexts = {message.context for message in template if message.context}
    return [
        f"{DECLARED}: no {kind} is called {name}"
        for kind, names, known in (
            ("context", public.contexts, contexts),
            ("file", public.files, files),
            ("problem", public.problems, declared.problems.keys()),
            ("field", public.fields, declared.fields.keys()),
        )
        for name in _lacking(names, known)
    ]


def _lacking(names: Iterable[str], present: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(present))


def _public(message: Message, public: PublicWords, texts: set[str]) -> bool:
    if message.context in public.contexts:
        return True
    if {str(path) for path, _ in message.locations} & set(public.files):
        return True
    return message.context is None and message.id in texts


def _refusals(public: PublicWords, root: Path) -> Iterator[str]:
    """The words of the refusals and of the faults of fields that public endpoints can answer with."""
    declared = _problems(public, root)
    for code in public.problems:
        if code in declared.problems:
            yield declared.problems[code].title
            yield declared.problems[code].detail
    yield from (declared.fields[code] for code in public.fields if code in declared.fields)


def _problems(public: PublicWords, root: Path) -> ProblemMap:
    if not public.problems and not public.fields:
        return ProblemMap({}, {}, {})
    return load_problems(root / "community_api" / "problems.yaml")
