"""The procedures of this installation: which versions there are, and which one new cases take."""

from community_api.procedures.service import (
    Standing,
    adopt,
    bind,
    forget,
    govern,
    governing,
    in_force,
    known,
    newest,
    prove,
    said,
    standing,
    version,
)

__all__ = [
    "Standing",
    "adopt",
    "bind",
    "forget",
    "govern",
    "governing",
    "in_force",
    "known",
    "newest",
    "prove",
    "said",
    "standing",
    "version",
]
