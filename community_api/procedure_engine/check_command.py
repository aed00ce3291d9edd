"""`flask procedure check FILE`: judge a pack for its author."""

from __future__ import annotations

from pathlib import Path

from community_api.core.i18n.translations import N_, NN_, SOURCE_LANGUAGE, WORDS, Sentence
from community_api.procedure_engine.language.findings import PackError, Place, Problem
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import parse

_SOUND = N_("{file}: sound")
_SIZE = N_("{name} version {version}: {stages} stages, {actions} actions, {forms} forms")
_NOT_USABLE = NN_("{file}: {number} problem, not usable", "{file}: {number} problems, not usable")


def check(path: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with the pack in a file; empty: it is sound."""
    return _judged(path)[1]


def report(path: Path, language: str = SOURCE_LANGUAGE) -> tuple[list[str], int]:
    """Lines for a terminal in a language, and the exit status: 0 sound, 1 not."""
    pack, problems = _judged(path)
    if pack is None:
        count = WORDS.translate_plural(_NOT_USABLE, len(problems), language, file=path)
        return [*(one.in_language(language) for one in problems), count], 1
    size = WORDS.translate(
        _SIZE, language, name=pack.name, version=pack.version,
        stages=len(pack.stages), actions=len(pack.actions), forms=len(pack.forms),
    )  # fmt: skip
    return [WORDS.translate(_SOUND, language, file=path), f"  {size}", f"  hash {pack.hash}"], 0


def _judged(path: Path) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack, or what is wrong with it; problems name the file as the author called it."""
    try:
        return parse(path.read_bytes(), str(path), says=WORDS.says), ()
    except PackError as error:
        return None, error.problems
    except OSError as error:
        return None, (
            Problem(
                str(path),
                Place(1, 1),
                Sentence(N_("the file cannot be read: {reason}"), reason=error.strerror),
            ),
        )
