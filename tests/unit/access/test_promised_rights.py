"""The product's matrix says what was promised, cell by cell, and nothing is left out on either side."""

import pytest

from community_api.access.matrix import matrix
from community_api.access.permissions import Permission
from community_api.units.terms import Level
from tests.api.matrix.rights import REFUSED, Right, documented, rights

LEVELS = ("community", "local", "regional", "national", "external")
ROLES = sorted({*rights().roles, "tasking_chair"} - {"public"})


def promised_of(permission: str) -> list[tuple[str, Right]]:
    """What is promised of a permission, by every operation that names it."""
    named = [
        (one.id, rights().operations[one.id]) for one in documented().values() if one.permission == permission
    ]
    return named or [(permission, rights().permissions[permission])]


def letter(permission: Permission, role: str, level: str) -> str:
    """What the product's own matrix says for a role held at a level."""
    cell = matrix().row(permission).cell_at(role, Level(level)).value
    return REFUSED if cell == "-" else cell


def test_every_documented_operation_is_in_the_table_and_nothing_else():
    in_the_document = {one.id for one in documented().values()}
    assert in_the_document - rights().operations.keys() == set(), "write down what was promised of them"
    assert rights().operations.keys() - in_the_document == set(), "no longer there"


def test_every_permission_is_promised_somewhere_and_nothing_else():
    on_routes = {one.permission for one in documented().values() if one.permission}
    assert {permission.value for permission in Permission} - on_routes == rights().permissions.keys()


def test_what_needs_no_permission_is_public_or_everybodys_and_nothing_else():
    free = {one.id for one in documented().values() if one.permission is None}
    table = rights().operations
    public = {name for name, right in table.items() if right.public}
    assert public <= free
    assert free - public == {"refreshTokens", "signOut", "changePassword"}
    assert all(table[name].everybody for name in free - public)


@pytest.mark.parametrize("permission", sorted(Permission), ids=str)
def test_the_matrix_says_what_was_promised(permission):
    wrong = [
        (name, role, level, "promised", meant, "in the matrix", given, right.source)
        for name, right in promised_of(permission.value)
        for role in ROLES
        for level in LEVELS
        if not agree(
            meant := right.letter_in_matrix(role, level),
            given := letter(permission, role, level),
            right,
            role,
        )
    ]
    assert wrong == []


def agree(meant: str, new_grades: str, right: Right, role: str) -> bool:
    """Whether two letters say the same; what is everybody's is y or o."""
    if right.everybody and role not in right.in_matrix:
        return new_grades in {"y", "o"}
    return meant == new_grades


@pytest.mark.parametrize("role", ROLES)
def test_the_purposes_of_a_role_are_those_promised(role):
    assert sorted(matrix().purposes.get(role, ())) == sorted(rights().purposes.get(role, ()))
