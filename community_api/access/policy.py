"""The one policy: may this person do this to that thing, and why.

Pure: no I/O, the time is an argument. It reads ``matrix.yaml`` and the scopes of roles (P7):
each grant is judged alone, so that several roles never add up to more than one of them allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from community_api.access.matrix import Matrix, Row, matrix
from community_api.access.permissions import Permission
from community_api.access.scopes import UnitTree, answers_to, covers
from community_api.access.target import Target
from community_api.access.terms import Act, Cell, View
from community_api.core.actor import Actor, Grant


class Reason(StrEnum):
    """Why the policy decided as it did; what is refused carries its reason as the code of the problem."""

    ALLOWED = "allowed"
    # What the caller may not know of, and what does not exist.
    NOT_FOUND = "not_found"
    ROLE = "role_not_allowed"
    PURPOSE = "purpose_required"
    CASE = "case_required"
    TRAINING = "training_required"
    SAME_PERSON = "same_person"
    NOT_INDEPENDENT = "not_independent"


# When several grants fail for different reasons, the caller hears the one that another role of theirs,
# or a better header, could not mend; then the one nearest to success.
TELLING: Final = (
    Reason.SAME_PERSON,
    Reason.NOT_INDEPENDENT,
    Reason.TRAINING,
    Reason.CASE,
    Reason.PURPOSE,
    Reason.ROLE,
)
# The cells from the widest sight to the narrowest: of several grants the first counts.
WIDEST: Final = (
    Cell.FULL,
    Cell.OWN,
    Cell.ADDRESSED,
    Cell.APPROVES,
    Cell.PROPOSES,
    Cell.CASE,
    Cell.METADATA,
)


@dataclass(frozen=True)
class Decision:
    """Allow or deny, with the reason.

    ``via`` is the grant that counted and ``cell`` what the matrix says for it; both None when no grant did.
    ``proposes``: the act waits for another authorised person. ``view`` METADATA: no content, no names.
    ``certificate`` is the course that is wanting when the reason is TRAINING.
    """

    allow: bool
    reason: Reason
    permission: Permission
    via: Grant | None = None
    cell: Cell | None = None
    view: View = View.CONTENT
    certificate: str | None = None

    @property
    def proposes(self) -> bool:
        return self.allow and self.cell is Cell.PROPOSES


def decide(
    actor: Actor,
    permission: Permission,
    target: Target | None,
    *,
    tree: UnitTree,
    at: datetime,
    rules: Matrix | None = None,
) -> Decision:
    """Whether ``actor`` may do this to ``target`` at the moment ``at``.

    ``target`` None: there is nothing particular yet (a list, a record to be made); where the permission is
    about one existing thing, None means that it does not exist. ``actor.purpose`` and ``actor.case_id`` are
    what the caller stated; the case is known to be open and the caller's own. ``rules`` None: the matrix in
    force.
    Raises ValueError when somebody is to rule on what nobody is named as having proposed.
    """
    question = _Question(actor, rules or matrix(), tree, at)
    row = question.rules.row(permission)
    if target is None and row.act in {Act.READ, Act.WRITE, Act.RULE}:
        target = Target.absent(row.about)
    if target is not None and not target.exists:
        return _refusal(row, question.blind_reason(row, target))
    findings = list(question.findings(row, target))
    allowed = [finding for finding in findings if finding.allow]
    if allowed:
        return min(allowed, key=_width)
    if findings:
        return min(findings, key=lambda finding: TELLING.index(finding.reason))
    if target is None or row.act is Act.MAKE or question.may_know_of(target):
        return _refusal(row, Reason.ROLE)
    return _refusal(row, question.blind_reason(row, target))


def may_know_of(
    actor: Actor, target: Target, *, tree: UnitTree, at: datetime, rules: Matrix | None = None
) -> bool:
    """Whether the caller may learn that this thing exists, purpose and case aside."""
    return _Question(actor, rules or matrix(), tree, at).may_know_of(target)


def about(permission: Permission) -> str:
    """The kind of thing that a permission is about."""
    return matrix().row(permission).about


def acts_on_one(permission: Permission) -> bool:
    """Whether it is done to one thing that is there: what somebody can be recused from."""
    return matrix().row(permission).act in {Act.WRITE, Act.RULE}


def reading_headers(permission: str) -> tuple[str, ...]:
    """The headers that this permission may ask for: why other people's content is read, and in which case."""
    rules = matrix()
    row = rules.row(Permission(permission))
    if row.act is not Act.READ:
        return ()
    cells = {row.cell(role) for role in rules.purposes} - {Cell.REFUSED, Cell.OWN}
    return tuple(
        name for name, asked in (("X-Purpose", bool(cells)), ("X-Case", Cell.CASE in cells)) if asked
    )


# What a cell means to somebody who reads the document; a full one needs no word.
IN_WORDS: Final = {
    Cell.FULL: "",
    Cell.OWN: " (own)",
    Cell.ADDRESSED: " (addressed to them)",
    Cell.CASE: " (within a purpose case)",
    Cell.METADATA: " (without content)",
    Cell.PROPOSES: " (proposes)",
    Cell.APPROVES: " (decides)",
}


def callers(permission: str) -> str:
    """Who holds a permission, in one sentence for the document."""
    row = matrix().row(Permission(permission))
    roles = [f"{role}{IN_WORDS[cell]}" for role, cell in row.cells.items() if cell is not Cell.REFUSED]
    course = f" Needs a valid certificate of the course `{row.certificate}`." if row.certificate else ""
    return f"Permission `{permission}`: {', '.join(roles) or 'nobody'}.{course}"


def cell_of(grant: Grant, row: Row, tree: UnitTree) -> Cell:
    """What the matrix says for this grant, held where it is held."""
    return row.cell_at(grant.role, tree.level(grant.unit_id)) if row.levels else row.cell(grant.role)


def view_of(row: Row, cell: Cell) -> View:
    """How much a cell shows; a list by somebody who needs a case to read shows no more than metadata."""
    bare = cell is Cell.METADATA or (cell is Cell.CASE and row.act is Act.LIST)
    return View.METADATA if bare else View.CONTENT


@dataclass(frozen=True)
class _Question:
    """Who asks, under which rules, where and when; the methods answer it for a row and a target."""

    actor: Actor
    rules: Matrix
    tree: UnitTree
    at: datetime

    def findings(self, row: Row, target: Target | None) -> Iterator[Decision]:
        """One decision for every grant whose cell and scope cover the target."""
        for grant, cell in self._reaching(row, target):
            reason = self._judge(row, target, grant, cell)
            yield Decision(
                allow=reason is Reason.ALLOWED,
                reason=reason,
                permission=row.permission,
                via=grant,
                cell=cell,
                view=view_of(row, cell),
                certificate=row.certificate if reason is Reason.TRAINING else None,
            )

    def may_know_of(self, target: Target) -> bool:
        seen_by = self.rules.knows_of(target.kind)
        if seen_by is None:
            return target.exists
        return target.exists and (any(self._reaching(seen_by, target)) or self._was_told(target))

    def _was_told(self, target: Target) -> bool:
        return not target.told.isdisjoint(self.actor.post_ids) and (
            self.actor.person_id not in target.subjects
        )

    def blind_reason(self, row: Row, target: Target) -> Reason:
        """One answer for what does not exist and for what the caller may not know of.

        403 where things of this kind are closed to every role of the caller, there or not; else 404. A role
        that is held at another level lists its own and what it decides near, so the list is not closed to it.
        """
        seen_by = self.rules.knows_of(target.kind)
        if seen_by is None or self._is_open_to(seen_by) or self._holds_cell(row):
            return Reason.NOT_FOUND
        return Reason.ROLE

    def _is_open_to(self, row: Row) -> bool:
        return any(row.cell(grant.role) is not Cell.REFUSED for grant in self.actor.grants)

    def _holds_cell(self, row: Row) -> bool:
        return any(cell_of(grant, row, self.tree) is not Cell.REFUSED for grant in self.actor.grants)

    def _reaching(self, row: Row, target: Target | None) -> Iterator[tuple[Grant, Cell]]:
        """The grants under which the caller could reach the target, with their cells."""
        for grant in self.actor.grants:
            cell = cell_of(grant, row, self.tree)
            if cell is not Cell.REFUSED and (
                target is None or covers(self.actor, grant, cell, row, target, tree=self.tree)
            ):
                yield grant, cell

    def _judge(self, row: Row, target: Target | None, grant: Grant, cell: Cell) -> Reason:
        """What is asked besides role and scope."""
        reasons = []
        if target is not None:
            reasons.append(self._conflict(row, target, cell))
        reasons.append(self._training(row, grant))
        if target is not None and row.act is Act.READ and not target.brought_by(self.actor.person_id):
            reasons.append(self._why_reading(grant, cell))
        return next((reason for reason in reasons if reason is not Reason.ALLOWED), Reason.ALLOWED)

    def _conflict(self, row: Row, target: Target, cell: Cell) -> Reason:
        """Nobody handles what they brought, approves what they proposed, or rules on whom they answer to."""
        if row.conflict and target.brought_by(self.actor.person_id):
            return Reason.SAME_PERSON
        if cell is not Cell.APPROVES:
            return Reason.ALLOWED
        if not target.proposers:
            raise ValueError(
                f"who proposed this {target.kind} is not named: nobody can be judged independent"
            )
        if self.actor.person_id in target.proposers:
            return Reason.SAME_PERSON
        if answers_to(self.actor.grants, target.proposer_grants, self.tree):
            return Reason.NOT_INDEPENDENT
        return Reason.ALLOWED

    def _training(self, row: Row, grant: Grant) -> Reason:
        """A certificate counts by the day, as the clocks of the unit have it."""
        if row.certificate is None:
            return Reason.ALLOWED
        day = self.at.astimezone(ZoneInfo(self.tree[grant.unit_id].timezone)).date()
        return Reason.ALLOWED if self.actor.certified(row.certificate, day) else Reason.TRAINING

    def _why_reading(self, grant: Grant, cell: Cell) -> Reason:
        """Other people's content is read for a purpose of the role and, where the cell says so, in a case."""
        purposes = self.rules.purposes.get(grant.role, frozenset())
        if purposes and self.actor.purpose not in purposes:
            return Reason.PURPOSE
        if cell is Cell.CASE and self.actor.case_id is None:
            return Reason.CASE
        return Reason.ALLOWED


def _refusal(row: Row, reason: Reason) -> Decision:
    return Decision(allow=False, reason=reason, permission=row.permission)


def _width(decision: Decision) -> tuple[bool, int]:
    return (decision.view is View.METADATA, WIDEST.index(decision.cell or Cell.METADATA))
