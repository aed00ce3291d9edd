"""What holds of the policy for every person, permission and thing."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from community_api.access.matrix import matrix
from community_api.access.permissions import Permission
from community_api.access.policy import Decision, Reason, decide
from community_api.access.scopes import addressed_to
from community_api.access.target import Address, Target
from community_api.access.terms import Act, Cell, Purpose, View
from community_api.access.visibility import sight
from community_api.core.actor import Actor
from community_api.units.terms import Role
from tests.unit.access.country import ABOVE, NOW, TREE, actor, certificate, grant, person, unit

NAMES = ("ada", "ben", "sue")
PEOPLE = frozenset(map(person, NAMES))
units = st.sampled_from(sorted(ABOVE))
roles = st.sampled_from([role.value for role in Role])
permissions = st.sampled_from(list(Permission))
people = st.sampled_from(sorted(PEOPLE))
crowds = st.frozensets(people, max_size=2)
addresses = st.builds(
    Address,
    role=st.none() | roles,
    unit_id=st.none() | units.map(unit),
    person_id=st.none() | people,
    below=st.booleans(),
)


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    held = draw(st.lists(st.tuples(roles, units), max_size=3))
    return actor(
        draw(st.sampled_from(NAMES)),
        *held,
        purpose=draw(st.none() | st.sampled_from([purpose.value for purpose in Purpose])),
        case=draw(st.booleans()),
        certificates=draw(st.sampled_from([(), (certificate(),)])),
    )


targets = st.builds(
    Target,
    kind=st.sampled_from(sorted(matrix().seen_by)),
    unit_id=st.none() | units.map(unit),
    owner=st.none() | people,
    addressed=st.lists(addresses, max_size=2).map(tuple),
    authors=crowds,
    subjects=crowds,
    proposers=st.frozensets(people, min_size=1, max_size=2),
    proposer_grants=st.lists(st.builds(grant, roles, units), max_size=2).map(tuple),
    subject_roles=st.frozensets(roles, max_size=1),
    exists=st.booleans(),
)


def about(permission: Permission, target: Target) -> Target:
    return replace(target, kind=matrix().row(permission).about)


def ask(who: Actor, permission: Permission, target: Target | None) -> Decision:
    return decide(who, permission, target, tree=TREE, at=NOW)


@given(actors(), permissions, st.none() | targets)
def test_a_decision_gives_its_reason_and_what_counted(who, permission, target):
    decision = ask(who, permission, target)
    assert decision.allow is (decision.reason is Reason.ALLOWED)
    if decision.allow:
        assert decision.via is not None
        assert decision.via in who.grants
        assert decision.cell is matrix().row(permission).cell(decision.via.role)


@given(actors(), permissions, st.none() | targets)
def test_a_refused_cell_never_allows(who, permission, target):
    decision = ask(who, permission, target)
    assert decision.cell is not Cell.REFUSED
    row = matrix().row(permission)
    if all(row.cell(grant.role) is Cell.REFUSED for grant in who.grants):
        assert not decision.allow


@given(actors(), permissions, targets, st.data())
def test_a_person_never_may_more_with_a_role_less(who, permission, target, data):
    # A role may make somebody answer to the proposer: that is what the one exception is for.
    target = replace(target, proposer_grants=())
    if who.grants and not ask(who, permission, target).allow:
        gone = data.draw(st.integers(0, len(who.grants) - 1))
        fewer = replace(who, grants=who.grants[:gone] + who.grants[gone + 1 :])
        assert not ask(fewer, permission, target).allow


@given(actors(), permissions, targets)
def test_several_roles_allow_no_more_than_one_of_them(who, permission, target):
    target = replace(target, proposer_grants=())
    together = ask(who, permission, target).allow
    alone = [ask(replace(who, grants=(grant,)), permission, target).allow for grant in who.grants]
    assert together is any(alone)


@given(actors(), permissions, targets)
def test_nobody_approves_an_own_proposal_by_any_role(who, permission, target):
    if matrix().row(permission).act is Act.RULE:
        own = replace(target, proposers=target.proposers | {who.person_id})
        assert not ask(who, permission, own).allow


@given(actors(), permissions, targets)
def test_authors_and_subjects_handle_nothing_where_the_row_says_so(who, permission, target):
    if matrix().row(permission).conflict:
        for field in ("authors", "subjects"):
            involved = replace(target, **{field: frozenset({who.person_id})})
            assert not ask(who, permission, involved).allow


@given(actors(), permissions, targets)
def test_what_one_may_not_know_of_looks_like_what_is_not_there(who, permission, target):
    """The reasons tell apart only what the caller may see, or what one may make anew."""
    decision = ask(who, permission, target)
    row = matrix().row(permission)
    blind = Decision(False, Reason.NOT_FOUND, permission)
    if decision == blind and target.exists:
        assert ask(who, permission, Target.absent(target.kind)).reason is Reason.NOT_FOUND
    if row.act is not Act.MAKE and not target.exists:
        assert decision.reason in {Reason.NOT_FOUND, Reason.ROLE}
        assert decision.via is None


@given(actors(), permissions, targets)
def test_a_thing_out_of_reach_gives_the_answer_of_a_thing_that_is_not_there(who, permission, target):
    row = matrix().row(permission)
    near = {unit(name) for name in ("hav-a", "hav", "wes", "nor")}
    grants = tuple(held for held in who.grants if held.role != Role.OVERSIGHT and held.unit_id not in near)
    stranger = replace(who, grants=grants)
    far = replace(
        about(permission, target), exists=True, unit_id=unit("hav-a"), owner=person("nan"), addressed=()
    )
    if row.seen_by is not None and row.act is not Act.MAKE:
        absent = Target.absent(row.about)
        assert ask(stranger, permission, far) == ask(stranger, permission, absent)


@given(actors(), permissions, targets)
def test_content_of_others_is_read_with_a_purpose_of_the_role_only(who, permission, target):
    decision = ask(who, permission, target)
    others = not target.brought_by(who.person_id)
    if matrix().row(permission).act is Act.READ and decision.allow and others:
        assert decision.via is not None
        purposes = matrix().purposes.get(decision.via.role)
        assert purposes is None or who.purpose in purposes
        assert decision.cell is not Cell.CASE or who.case_id is not None


@given(actors(), permissions, targets)
def test_lists_show_what_the_policy_would_let_be_known(who, permission, target):
    """The scope that a query uses and the policy's own judgement of one row never part."""
    row = matrix().row(permission)
    if row.act is not Act.LIST:
        return
    target = replace(about(permission, target), exists=True, subjects=frozenset(), subject_roles=frozenset())
    shown = shows(who, permission, target)
    assert shown is ask(who, permission, target).allow


def shows(who: Actor, permission: Permission, target: Target) -> bool:
    """What a query made from the sight would answer about one row."""
    seen = sight(who, permission, tree=TREE)
    if target.everybodys and not seen.everything:
        return (
            bool(seen)
            and matrix().row(permission).seen_by is None
            and any(part.cell not in {Cell.OWN, Cell.ADDRESSED} for part in seen.parts)
        )
    return (
        seen.everything
        or (seen.own and target.owner == who.person_id)
        or not target.units.isdisjoint(seen.units)
        or (target.owner is None and not target.units.isdisjoint(seen.unowned_units))
        or any(addressed_to(who, held, target, TREE) for held in seen.addressees)
    )


@given(actors(), permissions)
def test_a_list_is_open_exactly_where_there_is_something_to_see(who, permission):
    if matrix().row(permission).act is Act.LIST:
        seen = sight(who, permission, tree=TREE)
        assert bool(seen) is ask(who, permission, None).allow
        if seen:
            assert seen.view is ask(who, permission, None).view


@given(actors())
def test_no_metadata_is_shown_as_content(who):
    seen = sight(who, Permission.OBSERVATION_LIST, tree=TREE)
    for name in ABOVE:
        if seen.view_of_unit(unit(name)) is View.CONTENT:
            assert any(part.cell in {Cell.FULL, Cell.OWN} and unit(name) in part.units for part in seen.parts)
