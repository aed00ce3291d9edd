"""Absences: who is away holds no post meanwhile, and holds it again on return by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from community_api.access import vacancies
from community_api.access.accounts import role_assignments
from community_api.access.models import Account, PostHolder
from community_api.core.actor import Actor
from community_api.core.database.unit_of_work import Transaction
from community_api.core.ids import new_id
from community_api.units.models import Post
from community_api.units.terms import Role


class Held(NamedTuple):
    """One holding of a post as it was before an absence cut it."""

    post_id: UUID
    since: datetime
    until: datetime | None


def held_now(tx: Transaction, person_id: UUID) -> list[Held]:
    """What a person holds, to be given back if the absence is refused."""
    return [Held(row.post_id, row.since, row.until) for row in role_assignments.holdings_of(tx, person_id)]


def begin(
    tx: Transaction, actor: Actor, away: Account, deputy: Account | None, *, since: datetime, until: datetime
) -> None:
    """Let somebody be away from ``since`` until ``until`` (excluded).

    The deputy holds the posts, and the roles that go with them, for that time. Without one, a post that is
    empty from now on and owes something raises the alarm in this commit; a later one when it comes to it.
    """
    held = role_assignments.holdings_of(tx, away.person_id)
    for row in held:
        _interrupt(tx, row, since, until)
    if deputy is not None:
        for post_id in dict.fromkeys(row.post_id for row in held):
            _stand_in(tx, deputy, tx.get(Post, post_id), since, until)
    elif since <= tx.now:
        vacancies.left(tx, actor, dict.fromkeys(row.post_id for row in held), away.person_id)


def end(tx: Transaction, away: Account, before: Sequence[Held], *, since: datetime, until: datetime) -> None:
    """End an absence from now on: what was held ``before`` is held again, where it still would be."""
    again = max(since, tx.now)
    for was in before:
        if was.since >= until or until <= tx.now or (was.until is not None and was.until <= again):
            continue
        _give_back(tx, away, was, max(again, was.since), until)


def _give_back(tx: Transaction, away: Account, was: Held, back: datetime, until: datetime) -> None:
    rows = [row for row in role_assignments.holdings_of(tx, away.person_id) if row.post_id == was.post_id]
    returning = next((row for row in rows if row.since == until), None)
    if returning is not None and returning.until == returning.since:
        return  # the post was put down meanwhile
    if returning is not None:
        guard = {"id": returning.id, "since": returning.since, "until": returning.until}
        tx.update_where(PostHolder, guard, {"since": back})
    elif was.until is not None and was.until <= until and _still_in_role(tx, away, was.post_id):
        tx.add(
            PostHolder(
                id=new_id(), post_id=was.post_id, person_id=away.person_id, since=back, until=was.until
            )
        )
    else:
        return
    if back <= tx.now:
        vacancies.close_vacancy(tx, was.post_id)


def _still_in_role(tx: Transaction, away: Account, post_id: UUID) -> bool:
    post = tx.get(Post, post_id)
    return post is not None and role_assignments.grant_of(tx, away.id, post.role, post.unit_id) is not None


def _interrupt(tx: Transaction, row: PostHolder, since: datetime, until: datetime) -> None:
    """Cut the time away out of a holding: the row goes on from the return, a new one keeps what was before.

    In this way at most one row of a post and person is open at any moment of the commit.
    """
    guard = {"id": row.id, "since": row.since, "until": row.until}
    if row.since >= until or (row.until is not None and row.until <= since):
        return
    returns = row.until is None or row.until > until
    changed: dict[str, Any] = {"since": until} if returns else {"until": max(row.since, since)}
    tx.update_where(PostHolder, guard, changed)
    if returns and row.since < since:
        tx.add(
            PostHolder(
                id=new_id(), post_id=row.post_id, person_id=row.person_id, since=row.since, until=since
            )
        )


def _stand_in(tx: Transaction, deputy: Account, post: Post | None, since: datetime, until: datetime) -> None:
    if post is None:
        return
    role = Role(post.role)
    if role_assignments.grant_of(tx, deputy.id, role.value, post.unit_id) is None:
        role_assignments.give_role(tx, deputy, role, post.unit_id, since=since, until=until)
    else:
        role_assignments.hold(tx, post.id, deputy.person_id, since=since, until=until)
