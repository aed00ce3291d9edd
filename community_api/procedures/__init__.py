"""The procedures of this installation: which versions there are, and which one new cases take."""

from community_api.procedures.service import (
    VersionsInForce,
    adopt,
    bind,
    forget,
    govern,
    governing,
    in_force,
    known_packs,
    newest,
    prove,
    shipped_name,
    standing,
    translated,
    version,
)

__all__ = [
    "VersionsInForce",
    "adopt",
    "bind",
    "forget",
    "govern",
    "governing",
    "in_force",
    "known_packs",
    "newest",
    "prove",
    "shipped_name",
    "standing",
    "translated",
    "version",
]
