"""What the system can show of procedures."""

from __future__ import annotations

from functools import lru_cache

from community_api import access, audit, procedures
from community_api.access.permissions import Permission
from community_api.access.proposals.procedure_changes import KIND, read_pack
from community_api.audit.terms import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import UnitOfWork
from community_api.core.errors import DomainError
from community_api.core.i18n.translations import Words
from community_api.intelligence.chain.referrals import dry_run
from community_api.intelligence.chain.referrals.dry_run import Trial
from community_api.procedure_engine.compare import Difference, compare
from community_api.procedure_engine.pack.definition import Pack


def list_procedures(uow: UnitOfWork, actor: Actor) -> list[tuple[Pack, bool]]:
    """Every known version, and whether new cases take it today. Not secret: no leaf is written."""
    with uow() as tx:
        access.require(tx, actor, Permission.PROCEDURE_READ, None)
        return [(one.pack, one.active) for one in procedures.standing(tx)]


def read(uow: UnitOfWork, actor: Actor, name: str, version: int) -> tuple[Pack, bool]:
    """One version; raises DomainError ``not_found``."""
    for pack, in_force in list_procedures(uow, actor):
        if (pack.name, pack.version) == (name, version):
            return pack, in_force
    raise DomainError("not_found")


def differences(
    uow: UnitOfWork, actor: Actor, name: str, version: int, *, since: int | None
) -> tuple[Difference, ...]:
    """What differs in a version since another one of the procedure; None: the one before.

    Raises DomainError ``not_found`` for a version that is not known, also where none came before.
    """
    new, _ = read(uow, actor, name, version)
    old, _ = read(uow, actor, name, version - 1 if since is None else since)
    return compare(old, new)


def diagram(
    uow: UnitOfWork, actor: Actor, words: Words, name: str, version: int, *, since: int | None
) -> str:
    """The SVG of a version in the caller's language, with what differs since another one (None: without).

    Raises DomainError ``not_found`` for a version that is not known.
    """
    pack, _ = read(uow, actor, name, version)
    old = None if since is None else read(uow, actor, name, since)[0]
    return _drawn(pack, old, words, actor.language)


def trial(uow: UnitOfWork, actor: Actor, content: str, *, last: int) -> Trial:
    """What a pack would have changed of the cases that ended last; nothing is changed.

    Told are codes and numbers, of no case by itself. Raises ``validation_failed`` with the line of everything
    that is wrong with the pack.
    """
    with uow() as tx:
        access.require(tx, actor, Permission.PROCEDURE_TRY, None)
        pack = read_pack(content, "/content")
        audit.record(
            tx, actor, Action.CONSULT, Permission.PROCEDURE_TRY, KIND, None,
            outcome="trial", procedure_hash=pack.hash,
        )  # fmt: skip
        return dry_run.replay(tx, pack, last=last)


@lru_cache(maxsize=32)
def _drawn(pack: Pack, since: Pack | None, words: Words, language: str) -> str:
    """Versions never change, so that a drawing is made once."""
    # A megabyte that hardly any process ever needs.
    from community_api.procedure_engine.diagram.captions import voice  # noqa: PLC0415
    from community_api.procedure_engine.diagram.svg_page import draw  # noqa: PLC0415

    return draw(pack, voice(words, language, *filter(None, (pack, since))), since)
