"""What the system can show of procedures."""

from __future__ import annotations

from community_api import access
from community_api.access.permissions import Permission
from community_api.core.actor import Actor
from community_api.core.errors import Refused
from community_api.core.uow import UnitOfWork
from community_api.procedure.pack import Pack
from community_api.procedure.shelf import active, packs


def listing(uow: UnitOfWork, actor: Actor) -> list[tuple[Pack, bool]]:
    """Every known version, and whether new cases take it today. Not secret: no leaf is written."""
    with uow() as tx:
        access.require(tx, actor, Permission.PROCEDURE_READ, None)
        day = tx.now.date()
    known = packs()
    return [(one, active(known, one.name, day) is one) for one in known]


def read(uow: UnitOfWork, actor: Actor, name: str, version: int) -> tuple[Pack, bool]:
    """One version; raises Refused ``not_found``."""
    for pack, in_force in listing(uow, actor):
        if (pack.name, pack.version) == (name, version):
            return pack, in_force
    raise Refused("not_found")
