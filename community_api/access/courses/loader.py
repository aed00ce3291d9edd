"""Reads the declared courses from their files, once.

A course has versions: what is taught changes with law and with the lists. A certificate names the version
that was passed; a later version may say from which day on that is no longer enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from community_api.access.models import CourseCertificate
from community_api.core import yaml_files
from community_api.core.errors import StartupError

FOLDER: Final = Path(__file__).with_name("declared")
_KEYS: Final = {"code", "version", "title", "effective_from", "modules", "test", "valid_months"}
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
# What is counted from: certificates of before versions were written down are of it.
FIRST: Final = 1


@dataclass(frozen=True)
class Module:
    """A part of a course."""

    code: str
    title: str


@dataclass(frozen=True)
class Course:
    """One version of a course. ``earlier_until``: earlier versions count no more from then on; None: never.

    ``pass_percent`` of ``questions`` is the least with which the test is passed; ``valid_months`` is for how
    long a certificate should be given.
    """

    code: str
    version: int
    title: str
    effective_from: date
    modules: tuple[Module, ...]
    questions: int
    pass_percent: int
    valid_months: int
    earlier_until: date | None = None


def courses(folder: Path = FOLDER) -> Mapping[tuple[str, int], Course]:
    """Every course by code and version. StartupError: one cannot be read or breaks a rule."""
    return _courses(folder)


@cache
def _courses(folder: Path) -> Mapping[tuple[str, int], Course]:
    found = [_read(path) for path in sorted(folder.glob("*.yaml"))]
    return {(one.code, one.version): one for one in sorted(found, key=lambda item: (item.code, item.version))}


def in_force(code: str, day: date, folder: Path = FOLDER) -> Course | None:
    """The newest version of a course on a day; None: there was none yet."""
    versions = [
        one for (known, _), one in courses(folder).items() if known == code and one.effective_from <= day
    ]
    return versions[-1] if versions else None


def counts_until(code: str, version: int | None, folder: Path = FOLDER) -> date | None:
    """The day from which a certificate of a version is not enough, because of a later one; None: none.

    ``version`` None: of before versions were written down, which is the first.
    """
    passed = FIRST if version is None else version
    ends = [
        one.earlier_until
        for (known, number), one in courses(folder).items()
        if known == code and number > passed and one.earlier_until is not None
    ]
    return min(ends, default=None)


def enough_until(row: CourseCertificate) -> datetime:
    """The moment from which a certificate counts no more: by itself, or because of a later version."""
    day = counts_until(row.course, row.course_version)
    return row.expires_at if day is None else min(row.expires_at, datetime.combine(day, time(), UTC))


def _read(path: Path) -> Course:
    try:
        told: Any = yaml_files.read(path.read_text(encoding="utf-8"))
        course = _course(told)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, ValueError) as wrong:
        raise StartupError(f"{path.name} is no course: {wrong}") from wrong
    if path.name != f"{course.code}.v{course.version}.yaml":
        raise StartupError(
            f"{path.name} is no course: its file is called {course.code}.v{course.version}.yaml"
        )
    return course


def _course(value: Any) -> Course:
    unknown = (
        value.keys() ^ _KEYS if "earlier_until" not in value else value.keys() ^ (_KEYS | {"earlier_until"})
    )
    if unknown:
        raise ValueError(f"unknown or missing: {', '.join(sorted(unknown))}")
    course = Course(
        code=value["code"],
        version=value["version"],
        title=value["title"],
        effective_from=value["effective_from"],
        modules=tuple(Module(**one) for one in value["modules"]),
        questions=value["test"]["questions"],
        pass_percent=value["test"]["pass_percent"],
        valid_months=value["valid_months"],
        earlier_until=value.get("earlier_until"),
    )
    if not _CODE.fullmatch(course.code) or course.version < FIRST or not course.modules:
        raise ValueError("a code, a version from 1 on and at least one module are needed")
    if course.questions < 1 or not 50 <= course.pass_percent <= 100 or not 1 <= course.valid_months <= 60:
        raise ValueError(
            "a test has questions, is passed from 50 to 100 percent, and is good for 1 to 60 months"
        )
    if course.earlier_until is not None and course.earlier_until < course.effective_from:
        raise ValueError("earlier versions cannot stop counting before this one begins")
    return course
