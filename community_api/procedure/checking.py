"""`flask procedure check FILE`: judge a pack for its author."""

from __future__ import annotations

from pathlib import Path

from community_api.core.i18n import N_, WORDS, Sentence
from community_api.procedure.loading import parse
from community_api.procedure.pack import Pack
from community_api.procedure.problems import PackError, Place, Problem


def check(path: Path) -> tuple[Problem, ...]:
    """Everything that is wrong with the pack in a file; empty: it is sound."""
    return _judged(path)[1]


def report(path: Path) -> tuple[list[str], int]:
    """Lines for a terminal, and the exit status: 0 sound, 1 not."""
    pack, problems = _judged(path)
    if pack is None:
        count = f"{len(problems)} problem" + ("" if len(problems) == 1 else "s")
        return [*map(str, problems), f"{path}: {count}, not usable"], 1
    size = f"{len(pack.stages)} stages, {len(pack.actions)} actions, {len(pack.forms)} forms"
    return [f"{path}: sound", f"  {pack.name} version {pack.version}: {size}", f"  hash {pack.hash}"], 0


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
