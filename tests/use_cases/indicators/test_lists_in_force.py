"""Indicator lists in the store: which one is in force, which one a flag may cite, and that none changes."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.core.clock import FixedClock
from community_api.core.errors import DomainError, StartupError
from community_api.intelligence.indicators import service
from community_api.intelligence.indicators.loader import LISTS
from community_api.intelligence.indicators.models import IndicatorListRow
from tests.support.factories import START, an_actor, unit_of_work

YEAR_LATER = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    return FixedClock(START)


@pytest.fixture
def uow(database_url, clock):
    made = unit_of_work(database_url, clock)
    yield made
    made.database.close()


@pytest.fixture
def shelf(tmp_path):
    """A folder of lists to which versions can be added."""
    return Shelf(tmp_path)


class Shelf:
    def __init__(self, parent):
        self.parent = parent
        self.source = (LISTS / "verlt.v1.yaml").read_text(encoding="utf-8")

    def holding(self, *versions, wording=""):
        """A new folder: what was read from another is kept in memory."""
        folder = self.parent / "-".join(map(str, versions)) / (wording or "plain")
        folder.mkdir(parents=True)
        for version in versions:
            text = self.source.replace("\nversion: 1\n", f"\nversion: {version}\n") + wording
            (folder / f"verlt.v{version}.yaml").write_text(text, encoding="utf-8")
        sums = [f"{sha256(path)}  {path.name}\n" for path in sorted(folder.glob("*.yaml"))]
        (folder / "SHA256SUMS").write_text("".join(sums))
        return folder


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows(uow):
    with uow() as tx:
        return tx.all(select(IndicatorListRow).order_by(IndicatorListRow.number))


def active_version(uow):
    with uow() as tx:
        return service.active_version(tx)


def cited(uow, version, occurred_at=START):
    with uow() as tx:
        return service.citable(tx, "verlt", version, occurred_at)


def refused(uow, version, occurred_at=START):
    with pytest.raises(DomainError) as refusal:
        cited(uow, version, occurred_at)
    return refusal.value.code


def test_first_start_puts_the_shipped_list_in_force_for_a_year(uow):
    service.install(uow)
    (row,) = rows(uow)
    assert (row.number, row.active_from, row.active_until) == (1, START, YEAR_LATER)
    assert active_version(uow) == 1


def test_putting_in_force_leaves_one_leaf(uow):
    service.install(uow)
    with uow() as tx:
        (leaf,) = tx.all(select(AuditEvent))
    assert (leaf.action, leaf.object_kind, leaf.object_id) == ("config", "indicator_list", rows(uow)[0].id)


def test_every_later_start_changes_nothing(uow, clock):
    service.install(uow)
    clock.advance(timedelta(days=3))
    service.install(uow)
    (row,) = rows(uow)
    assert (row.version, row.active_from) == (1, START)


def test_stored_list_reads_as_declared(uow):
    service.install(uow)
    with uow() as tx:
        listed = service.active(tx)
    assert "acquiring_materials" in listed.declared.indicators
    assert "religion" in listed.declared.non_indicators


def test_new_version_takes_the_place_of_the_one_before(uow, clock, shelf):
    service.install(uow, folder=shelf.holding(1))
    clock.advance(timedelta(days=100))
    service.install(uow, folder=shelf.holding(1, 2))
    first, second = rows(uow)
    assert (first.active_until, second.active_from) == (clock.now(), clock.now())
    assert active_version(uow) == 2


def test_version_that_was_replaced_is_cited_for_thirty_days_and_no_longer(uow, clock, shelf):
    service.install(uow, folder=shelf.holding(1))
    clock.advance(timedelta(days=100))
    service.install(uow, folder=shelf.holding(1, 2))
    clock.advance(timedelta(days=30))
    assert cited(uow, 1).version == 1
    assert refused(uow, 1, occurred_at=clock.now()) == "indicator_list_superseded"
    clock.advance(timedelta(seconds=1))
    assert refused(uow, 1) == "indicator_list_superseded"
    assert cited(uow, 2).version == 2


def test_version_that_never_was_cannot_be_cited(uow):
    service.install(uow)
    assert refused(uow, 7) == "indicator_list_superseded"


def test_older_product_does_not_bring_back_an_older_list(uow, shelf):
    service.install(uow, folder=shelf.holding(1, 2))
    service.install(uow, folder=shelf.holding(1))
    assert active_version(uow) == 2


def test_stored_list_that_was_declared_anew_in_other_words_stops_the_start(uow, shelf):
    service.install(uow, folder=shelf.holding(1))
    with pytest.raises(StartupError, match="not the list that was put in force"):
        service.install(uow, folder=shelf.holding(1, wording="# changed"))


def test_past_its_sunset_nothing_can_be_cited(uow, clock):
    service.install(uow)
    clock.set(YEAR_LATER)
    service.install(uow)
    assert active_version(uow) is None
    assert refused(uow, 1, occurred_at=YEAR_LATER) == "indicator_list_lapsed"
    with uow() as tx, pytest.raises(DomainError, match="indicator_list_lapsed"):
        service.active(tx)


def test_demo_renews_a_list_past_its_sunset(uow, clock):
    service.install(uow)
    clock.set(YEAR_LATER + timedelta(days=5))
    service.install(uow, renew=True)
    assert active_version(uow) == 1
    assert cited(uow, 1).version == 1


def test_version_once_cited_can_always_be_read(uow, clock):
    service.install(uow)
    clock.set(YEAR_LATER + timedelta(days=2000))
    with uow() as tx:
        listed = service.version_of(tx, kind="verlt", version=1)
        assert listed is not None
        assert listed.version == 1
        assert service.version_of(tx, kind="verlt", version=2) is None


def test_somebody_without_a_role_reads_no_list(uow):
    service.install(uow)
    with pytest.raises(DomainError, match="role_not_allowed"):
        service.read_active(uow, an_actor())


@pytest.mark.parametrize(
    ("moment", "months", "later"),
    [
        (datetime(2026, 1, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), 12, datetime(2029, 2, 28, tzinfo=UTC)),
        (datetime(2026, 12, 1, 5, tzinfo=UTC), 1, datetime(2027, 1, 1, 5, tzinfo=UTC)),
        (datetime(2026, 3, 2, tzinfo=UTC), 12, datetime(2027, 3, 2, tzinfo=UTC)),
    ],
)
def test_months_are_counted_by_the_calendar(moment, months, later):
    assert service.months_later(moment, months) == later
