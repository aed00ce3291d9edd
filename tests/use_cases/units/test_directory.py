"""Units and posts in a database: stored once, read rarely, never out of date for long."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select

from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import Stale
from community_api.units import directory as kept
from community_api.units import posts, tree_changes
from community_api.units.declaration import DeclaredUnit
from community_api.units.directory import directory, tree
from community_api.units.models import Post, UnitRow
from community_api.units.rules import TreeBroken, Unit
from community_api.units.service import establish_units
from community_api.units.terms import POSTS_OF_LEVEL, Level, PostName, Role
from tests.support.factories import overtaken


def unit_id(uow: UnitOfWork, name: str) -> UUID:
    with uow() as tx:
        found = tree(tx).named(name)
        assert found is not None
        return found.id


def declared(name: str, level: Level, under: str | None = None) -> DeclaredUnit:
    return DeclaredUnit(name, name.title(), level, under, "Europe/Berlin", "nor", None)


def test_stored_units_form_the_declared_tree(uow):
    with uow() as tx:
        units = tree(tx)
    assert len(units) == 13
    assert units.path(units.names["lin-a"].id) == "nor/ost/lin/lin-a"
    assert units.team_at(lat=51.5, lon=10.5) is units.names["lin-a"]


def test_path_is_stored_as_the_tree_spells_it(uow):
    with uow() as tx:
        units = tree(tx)
        assert {row.path for row in tx.all(select(UnitRow))} == {units.path(unit.id) for unit in units}


def test_every_unit_has_the_posts_of_its_level(uow):
    with uow() as tx:
        for unit in tree(tx):
            found = {role for role in Role if posts.find(tx, role, unit.id) is not None}
            assert found == set(POSTS_OF_LEVEL[unit.level])


def test_post_has_a_public_name(uow):
    with uow() as tx:
        lin_a = tree(tx).names["lin-a"].id
        post_id = posts.find(tx, Role.SUPERVISOR, lin_a)
        assert post_id is not None
        assert posts.name_of(tx, post_id) == PostName(Role.SUPERVISOR, "lin-a")
        assert posts.names_of(tx, [post_id]) == ("supervisor.lin-a",)


def test_nobodys_post_has_no_name(uow):
    with uow() as tx, pytest.raises(KeyError):
        posts.name_of(tx, uuid4())


def test_post_that_a_unit_lacks_is_none_until_it_is_established(uow):
    lin_a = unit_id(uow, "lin-a")
    with uow() as tx:
        assert posts.find(tx, Role.TRAINER, lin_a) is None
    with uow() as tx:
        made = posts.establish(tx, Role.TRAINER, lin_a)
    with uow() as tx:
        assert posts.find(tx, Role.TRAINER, lin_a) == made
        assert str(posts.name_of(tx, made)) == "trainer.lin-a"
        assert posts.establish(tx, Role.TRAINER, lin_a) == made


def test_two_posts_may_be_established_twice_each_in_one_commit(uow):
    lin_a, lin_b = unit_id(uow, "lin-a"), unit_id(uow, "lin-b")
    with uow() as tx:
        first = posts.establish(tx, Role.TRAINER, lin_a)
        assert posts.establish(tx, Role.TRAINER, lin_a) == first
        assert posts.establish(tx, Role.TRAINER, lin_b) != first
    with uow() as tx:
        assert len(tx.all(select(Post).where(Post.role == "trainer", Post.unit_id.in_([lin_a, lin_b])))) == 2


def test_loser_of_two_commits_that_establish_a_post_is_told_to_try_again(uow):
    lin_a = unit_id(uow, "lin-a")

    def establish(tx: Transaction) -> UUID:
        return posts.establish(tx, Role.TRAINER, lin_a)

    with pytest.raises(Stale):
        overtaken(uow, loser=establish, winner=establish)


def test_units_are_read_once(uow):
    statements: list[str] = []
    event.listen(uow.database.engine, "before_cursor_execute", lambda *values: statements.append(values[2]))
    for _ in range(5):
        with uow() as tx:
            directory(tx)
    assert len([text for text in statements if "units_unit" in text]) == 1
    assert len([text for text in statements if "core_cache_version" in text]) == 1


def test_what_another_process_changed_is_seen_when_trust_ends(uow, monkeypatch):
    with uow() as tx:
        before = directory(tx)
    with uow() as tx:
        establish_units(tx, [declared("sudria-2", Level.EXTERNAL)])
    with uow() as tx:
        assert directory(tx) is before
    monkeypatch.setattr(kept, "TRUST_SECONDS", 0.0)
    with uow() as tx:
        assert "sudria-2" in directory(tx).tree.names


def test_unchanged_units_are_not_read_again_when_trust_ends(uow, monkeypatch):
    monkeypatch.setattr(kept, "TRUST_SECONDS", 0.0)
    with uow() as tx:
        before = directory(tx)
    with uow() as tx:
        assert directory(tx) is before


def test_what_this_process_changed_is_seen_at_once(uow):
    with uow() as tx:
        directory(tx)
    with uow() as tx:
        establish_units(tx, [declared("sudria-2", Level.EXTERNAL)])
    kept.forget(uow.database.engine)
    with uow() as tx:
        assert "sudria-2" in tree(tx).names


def test_what_is_heard_of_a_newer_epoch_is_read_at_once(uow):
    with uow() as tx:
        before = directory(tx)
    kept.heard(uow.database.engine, before.epoch)
    with uow() as tx:
        assert directory(tx) is before
        establish_units(tx, [declared("sudria-2", Level.EXTERNAL)])
    kept.heard(uow.database.engine, before.epoch + 1)
    with uow() as tx:
        assert "sudria-2" in tree(tx).names


def test_a_change_that_was_judged_by_an_older_tree_is_judged_again(uow):
    shelter = Unit(uuid4(), "shelter", "The shelter", Level.EXTERNAL, None, "Europe/Berlin", "nor")
    with uow() as tx:
        planned = tree_changes.with_unit(directory(tx), shelter)
    with uow() as tx:
        establish_units(tx, [declared("sudria-2", Level.EXTERNAL)])
    with pytest.raises(Stale), uow() as tx:
        tree_changes.establish(tx, planned, shelter, None)
    kept.forget(uow.database.engine)
    with uow() as tx:
        tree_changes.establish(tx, tree_changes.with_unit(directory(tx), shelter), shelter, None)
    kept.forget(uow.database.engine)
    with uow() as tx:
        assert {"shelter", "sudria-2"} <= tree(tx).names.keys()


def test_two_changes_at_once_leave_two_epochs(uow):
    with uow() as tx:
        before = kept.epoch_of(tx)
    with pytest.raises(Stale):
        overtaken(
            uow,
            loser=lambda tx: establish_units(tx, [declared("abroad-1", Level.EXTERNAL)]),
            winner=lambda tx: establish_units(tx, [declared("abroad-2", Level.EXTERNAL)]),
        )
    with uow() as tx:
        assert kept.epoch_of(tx) == before + 1
        assert {row.name for row in tx.all(select(UnitRow)) if row.name.startswith("abroad")} == {"abroad-2"}


def test_units_that_form_no_tree_are_not_stored(uow):
    with pytest.raises(TreeBroken), uow() as tx:
        establish_units(tx, [declared("lost", Level.LOCAL)])
    with uow() as tx:
        assert tx.first(select(UnitRow).where(UnitRow.name == "lost")) is None
