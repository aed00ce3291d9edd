"""What posts owe: opened once, ended once, listed for those who hold the post now."""

from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.core.database.unit_of_work import Transaction, UnitOfWork
from community_api.core.errors import DomainError, Stale
from community_api.core.pagination import PageWanted
from community_api.units import duties, posts, service
from community_api.units.directory import tree
from community_api.units.models import Duty
from community_api.units.terms import Role
from tests.support.factories import START, an_actor, overtaken
from tests.support.fakes import closed_gate, open_gate

KIND = "training_required"
TITLE = "Look at a report whose author lacks a valid certificate for flags"
TOMORROW = START + timedelta(days=1)


def post(uow: UnitOfWork, role: Role, unit: str) -> UUID:
    with uow() as tx:
        return posts.establish(tx, role, tree(tx).names[unit].id)


@pytest.fixture
def desk(uow) -> UUID:
    return post(uow, Role.SUPERVISOR, "lin-a")


def owe(uow, post_id, *, subject_id=None, kind=KIND, due_at=TOMORROW, **values) -> UUID:
    with uow() as tx:
        about = {"subject_kind": "observation", "subject_id": subject_id or uuid4(), "post_id": post_id}
        return duties.owe(tx, kind=kind, due_at=due_at, **about, **values).id


def listed(uow, actor, **wanted):
    return service.list_duties(uow, actor, gate=open_gate, wanted=PageWanted(**wanted))


def test_holder_of_the_post_sees_what_it_owes(uow, desk):
    report = uuid4()
    duty_id = owe(uow, desk, subject_id=report)
    (shown,) = listed(uow, an_actor(post_ids=frozenset({desk}))).items
    assert shown.id == duty_id
    assert (shown.kind, shown.title, shown.post) == (KIND, TITLE, "supervisor.lin-a")
    assert (shown.subject.kind, shown.subject.id) == ("observation", report)
    assert shown.subject.href == f"/api/v1/observations/{report}"
    assert (shown.due_at, shown.overdue) == (TOMORROW, False)


def test_nobody_else_sees_it(uow, desk):
    owe(uow, desk)
    other = post(uow, Role.SUPERVISOR, "lin-b")
    assert listed(uow, an_actor(post_ids=frozenset({other}))).items == []
    assert listed(uow, an_actor()).items == []


def test_duty_is_overdue_after_its_moment_and_not_before(uow, clock, desk):
    owe(uow, desk, due_at=START)
    holder = an_actor(post_ids=frozenset({desk}))
    assert not listed(uow, holder).items[0].overdue
    clock.advance(timedelta(microseconds=1))
    assert listed(uow, holder).items[0].overdue


def test_owing_twice_is_owing_once(uow, desk):
    report = uuid4()
    first = owe(uow, desk, subject_id=report)
    assert owe(uow, desk, subject_id=report, due_at=TOMORROW + timedelta(days=3)) == first
    (shown,) = listed(uow, an_actor(post_ids=frozenset({desk}))).items
    assert shown.due_at == TOMORROW


def test_loser_of_two_commits_that_open_one_duty_is_told_to_try_again(uow, desk):
    report = uuid4()
    about = {
        "kind": KIND,
        "subject_kind": "observation",
        "subject_id": report,
        "post_id": desk,
    }

    def open_duty(tx: Transaction) -> Duty:
        return duties.owe(tx, due_at=TOMORROW, **about)

    with pytest.raises(Stale):
        overtaken(uow, loser=open_duty, winner=open_duty)
    assert len(listed(uow, an_actor(post_ids=frozenset({desk}))).items) == 1


def test_discharged_duty_is_gone_and_may_be_owed_anew(uow, clock, desk):
    report = uuid4()
    first = owe(uow, desk, subject_id=report)
    with uow() as tx:
        duties.discharge(tx, kind=KIND, subject_id=report)
    assert listed(uow, an_actor(post_ids=frozenset({desk}))).items == []
    assert owe(uow, desk, subject_id=report) != first
    with uow() as tx:
        ended = tx.get(Duty, first)
        assert ended is not None
        assert ended.discharged_at == clock.now()


def test_discharging_what_is_not_owed_is_no_error(uow):
    with uow() as tx:
        duties.discharge(tx, kind=KIND, subject_id=uuid4())


def test_one_posts_duty_ends_and_the_others_stay(uow, desk):
    report, other = uuid4(), post(uow, Role.SUPERVISOR, "lin-b")
    for post_id in (desk, other):
        owe(uow, post_id, subject_id=report)
    with uow() as tx:
        duties.discharge(tx, kind=KIND, subject_id=report, post_id=desk)
    (shown,) = listed(uow, an_actor(post_ids=frozenset({desk, other}))).items
    assert shown.post == "supervisor.lin-b"


def test_everything_about_a_subject_ends_at_once(uow, desk):
    report = uuid4()
    owe(uow, desk, subject_id=report)
    owe(uow, desk, subject_id=report, kind="flag_lapsed")
    kept = owe(uow, desk)
    with uow() as tx:
        duties.discharge_all(tx, subject_id=report)
    assert [shown.id for shown in listed(uow, an_actor(post_ids=frozenset({desk}))).items] == [kept]


def test_most_urgent_come_first_over_all_pages(uow, desk):
    for days in (5, 1, 3, 2, 4, 1):
        owe(uow, desk, due_at=START + timedelta(days=days))
    holder = an_actor(post_ids=frozenset({desk}))
    seen, cursor = [], None
    while True:
        page = listed(uow, holder, limit=2, cursor=cursor)
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert [(shown.due_at - START).days for shown in seen] == [1, 1, 2, 3, 4, 5]
    assert len({shown.id for shown in seen}) == 6


def test_cursor_of_somebody_else_is_refused(uow, desk):
    for _ in range(2):
        owe(uow, desk)
    cursor = listed(uow, an_actor(post_ids=frozenset({desk})), limit=1).next_cursor
    with pytest.raises(DomainError) as refusal:
        listed(uow, an_actor(post_ids=frozenset({desk})), cursor=cursor)
    assert refusal.value.code == "cursor_invalid"


def test_list_writes_one_leaf_with_what_was_shown(uow, desk):
    report = uuid4()
    owe(uow, desk, subject_id=report)
    holder = an_actor(post_ids=frozenset({desk}))
    listed(uow, holder)
    with uow() as tx:
        (leaf,) = tx.all(select(AuditEvent).where(AuditEvent.actor == holder.account_id))
    envelope = orjson.loads(leaf.envelope)
    assert (envelope["action"], envelope["permission"]) == ("consult", "duty.list")
    assert envelope["shown"] == [str(report)]


def test_those_to_whom_the_list_is_closed_see_nothing(uow, desk):
    owe(uow, desk)
    with pytest.raises(DomainError) as refusal:
        service.list_duties(uow, an_actor(post_ids=frozenset({desk})), gate=closed_gate, wanted=PageWanted())
    assert refusal.value.code == "role_not_allowed"


def test_kind_that_nobody_declared_needs_a_title(uow, desk):
    with pytest.raises(LookupError, match="fetch_coffee"):
        owe(uow, desk, kind="fetch_coffee")
    owe(uow, desk, kind="fetch_coffee", title="Fetch coffee")
    (shown,) = listed(uow, an_actor(post_ids=frozenset({desk}))).items
    assert shown.title == "Fetch coffee"


def test_subject_without_an_address_has_none(uow, desk):
    with uow() as tx:
        duties.owe(
            tx,
            kind=KIND,
            subject_kind="riddle",
            subject_id=uuid4(),
            post_id=desk,
            due_at=TOMORROW,
        )
    assert listed(uow, an_actor(post_ids=frozenset({desk}))).items[0].subject.href is None


def test_what_a_public_request_opens_may_show_the_day_only(uow, desk):
    day = START.replace(hour=0)
    duty_id = owe(uow, desk, opened_at=day)
    with uow() as tx:
        duty = tx.get(Duty, duty_id)
        assert duty is not None
        assert duty.opened_at == day
