"""What the reader sees: numbered steps, why each matters, and the server's own answers."""

from __future__ import annotations

import re
import textwrap
from typing import Any, NoReturn, TextIO

from community_api.clients.http_client import Answer

WIDTH = 100
INDENT = "    "
# Where the status of an answer stands.
COLUMN = 62
UUID = re.compile(r"\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
BOLD, DIM, GREEN, YELLOW, RED = "1", "2", "32", "33", "31"


class NotAsPromised(Exception):
    """The product did not do what its contract promises; the message is a sentence about it."""


class Stage:
    """Writes the narration to ``stream``, in colour only on a terminal; counts steps and requests."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colour = stream.isatty()
        self.steps = 0
        self.requests = 0
        self.title = "the opening"

    def open(self, title: str, words: str) -> None:
        """The title of the play and what it is about."""
        self._line(title, BOLD)
        self._wrapped(words, "")

    def step(self, title: str, why: str) -> None:
        """A new step: who does what, and in a sentence or two why it matters."""
        self.steps += 1
        self.title = title
        self._line("")
        head, *rest = textwrap.wrap(title, WIDTH - len(INDENT))
        self._line(f"{self.steps:2}  {head}", BOLD)
        for line in rest:
            self._line(INDENT + line, BOLD)
        self._wrapped(why, INDENT, DIM)

    def say(self, words: str) -> None:
        """Something that was found in the answers."""
        self._wrapped(words, INDENT)

    def quote(self, words: str, language: str = "en") -> None:
        """A text that somebody wrote, or reads in their own ``language``."""
        whose = "" if language == "en" else f" (in the reader's language: {language})"
        self._wrapped(f"“{words}”{whose}", INDENT + "  ")

    def answered(self, method: str, path: str, answer: Answer, gist: str) -> None:
        """One request with its real status and the gist of its answer."""
        self.requests += 1
        request = f"{method} {short(path)}"
        colour = GREEN if answer.ok else YELLOW
        status = self._painted(str(answer.status), colour)
        room = WIDTH - COLUMN - 5
        lines = textwrap.wrap(gist, room) or [""]
        self._stream.write(f"{INDENT}{request:<{COLUMN - len(INDENT)}} {status} {lines[0]}".rstrip() + "\n")
        for line in lines[1:]:
            self._stream.write(" " * (COLUMN + 5) + line + "\n")

    def close(self, words: str) -> None:
        self._line("")
        self._line(words, GREEN)

    def _wrapped(self, words: str, indent: str, colour: str = "") -> None:
        for line in textwrap.wrap(words, WIDTH - len(indent)):
            self._line(indent + line, colour)

    def _line(self, words: str, colour: str = "") -> None:
        self._stream.write(self._painted(words, colour) + "\n")

    def _painted(self, words: str, colour: str) -> str:
        return f"\x1b[{colour}m{words}\x1b[0m" if self._colour and colour and words else words


def short(words: str) -> str:
    """Ids by their first characters: a reader compares, nobody types them."""
    return UUID.sub(lambda match: match.group(1)[:6] + "…", words)


def fail(sentence: str, answer: Answer | None = None) -> NoReturn:
    """End the walk: ``sentence`` says what should have been, ``answer`` what the server said instead."""
    if answer is None:
        raise NotAsPromised(sentence)
    told = f"{answer.status} {answer.code}".strip()
    fields = "; ".join(answer.field_errors)
    words = f"{answer.reason} {fields}".strip() if not answer.ok else _gist_of(answer.body)
    raise NotAsPromised(f"{sentence} The server answered {told}: {words}")


def _gist_of(body: Any) -> str:
    return textwrap.shorten(short(str(body)), 300)
