"""Posts: finding the one that owes something, and making those that a unit must have."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid5

from community_api.core.database.unit_of_work import Transaction
from community_api.units.directory import directory, raise_epoch
from community_api.units.models import Post
from community_api.units.terms import PostName, Role


def id_of(role: Role, unit_id: UUID) -> UUID:
    """The id that a role's post in a unit has or will have; so no post is ever made twice."""
    return uuid5(unit_id, role.value)


def find(tx: Transaction, role: Role, unit_id: UUID) -> UUID | None:
    """The id of a role's post in a unit; None: the unit has no such post."""
    known = directory(tx).posts.get((role, unit_id))
    if known is None and tx.get(Post, id_of(role, unit_id)) is not None:
        known = id_of(role, unit_id)
    return known


def establish(tx: Transaction, role: Role, unit_id: UUID) -> UUID:
    """The id of a role's post in a unit, which is made in this commit if there was none.

    A duty never goes lost because nobody has filled a post yet: it waits there. The post may be made by two
    commits at once; then one of them is tried again and finds it.
    """
    known = find(tx, role, unit_id)
    if known is not None:
        return known
    post = tx.add(new(role, unit_id))
    raise_epoch(tx)
    return post.id


def new(role: Role, unit_id: UUID) -> Post:
    """A post that is not yet stored."""
    return Post(id=id_of(role, unit_id), role=role.value, unit_id=unit_id)


def name_of(tx: Transaction, post_id: UUID) -> PostName:
    """The public name of a post; `str()` of it is the form shown. Raises KeyError for no post's id."""
    known = directory(tx).post_names.get(post_id)
    if known is not None:
        return known
    row = tx.get(Post, post_id)
    if row is None:
        raise KeyError(post_id)
    return PostName(Role(row.role), directory(tx).tree.name_of(row.unit_id))


def names_of(tx: Transaction, post_ids: Collection[UUID]) -> tuple[str, ...]:
    """The public names of posts, in alphabetical order."""
    return tuple(sorted(str(name_of(tx, post_id)) for post_id in post_ids))
