"""A procedure version that is proposed: checked whole when asked for, and again when a second person decides.

What is proposed is held to everything that the newest version of the pack language asks for, whatever version
it says it is written in: no new case begins on less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from community_api import audit, procedures
from community_api.access.permissions import Permission
from community_api.access.proposals.change import Change
from community_api.audit import Action
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.errors import DomainError, FieldError, invalid
from community_api.core.i18n.translations import WORDS
from community_api.procedure_engine.language.findings import PackError
from community_api.procedure_engine.pack.definition import Pack
from community_api.procedure_engine.pack.loader import parse
from community_api.procedure_engine.terms import WHOLE
from community_api.units.directory import tree
from community_api.units.terms import Level

CONTENT = "/body/content"
# What an author mends first comes first; the rest is told when these are mended.
TOLD_AT_ONCE = 50
KIND = "procedure"


def adopt(tx: Transaction, body: Mapping[str, Any]) -> Change:
    """A new version of a procedure, which new cases take from the day on that it names.

    Raises ``validation_failed`` with the line of everything that is wrong with it; when it is no further
    version, or would already have begun.
    """
    pack = _checked(tx, body["content"])
    nation = tree(tx).at_level(Level.NATIONAL)[0]

    def act(tx: Transaction, actor: Actor) -> None:
        version_id = procedures.adopt(tx, pack, content=body["content"], proposal_id=body["proposal_id"])
        audit.record(
            tx, actor, Action.APPROVE, Permission.PROCEDURE_APPROVE, KIND, version_id,
            version=pack.version, to_state="adopted", outcome=pack.name, procedure_hash=pack.hash,
        )  # fmt: skip

    return Change(frozenset({nation.id}), None, frozenset(), act)


def read_pack(content: str, pointer: str) -> Pack:
    """The pack in a text. Raises ``validation_failed`` at the pointer, with the line of what is wrong."""
    try:
        return parse(content.encode(), "content", says=WORDS.says)
    except PackError as error:
        problems = [
            FieldError(
                pointer,
                "pack_unsound",
                {"line": one.place.line, "column": one.place.column, "said": one.said},
            )
            for one in error.problems[:TOLD_AT_ONCE]
        ]
        raise DomainError("validation_failed", errors=problems) from None


def _checked(tx: Transaction, content: str) -> Pack:
    pack = read_pack(content, CONTENT)
    if pack.header.language_version < WHOLE:
        raise invalid(CONTENT, "old_pack_language", version=WHOLE)
    newest = procedures.newest(tx, pack.name) or 0
    if pack.version <= newest:
        raise invalid(CONTENT, "not_a_further_version", newest=newest)
    if pack.header.effective_from < tx.now.date():
        raise invalid(CONTENT, "begins_in_the_past")
    return pack
