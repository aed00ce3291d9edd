"""What `make bench-load` fills in is as good as told: listed, readable, and answered for."""

import pytest
from sqlalchemy import func, select

from benchmarks import load, synthetic_reports
from community_api.audit.models import AuditEvent
from community_api.community.concerns.models import Concern
from community_api.community.observations import service
from community_api.community.observations.models import Observation
from community_api.community.triage import service as desk
from community_api.composition import make_services
from community_api.core.clock import Clock
from community_api.core.config import Settings
from community_api.core.database.tables import DataKey
from community_api.core.pagination import PageWanted
from community_api.demo.loader import load_demo, person_id
from community_api.feedback.models import Contributor
from community_api.units.models import Duty
from tests.support.factories import actor_named


@pytest.fixture
def settings(tmp_path, database_url):
    return Settings(mode="test", database_url=database_url, keys=tmp_path / "keys", var=tmp_path)


@pytest.fixture
def uow(settings):
    uow = make_services(settings, Clock()).uow
    load_demo(uow, password="a demo password", hash_once=lambda password: f"not argon2: {password}")
    yield uow
    uow.database.close()


def count(uow, model) -> int:
    with uow() as tx:
        return int(tx.first(select(func.count()).select_from(model)))


@pytest.fixture
def filled(settings, uow):
    """How many rows of each model came with thirty observations."""
    models = (Observation, DataKey, Contributor, Duty, AuditEvent)
    before = {model: count(uow, model) for model in models}
    load.fill(settings, 30)
    return {model: count(uow, model) - before[model] for model in models}


def test_each_observation_has_its_key_and_its_author_and_the_commit_its_leaf(filled):
    told = {name: filled[name] for name in (Observation, DataKey, Contributor, AuditEvent)}
    assert told == {Observation: 30, DataKey: 30, Contributor: 30, AuditEvent: 1}


def test_desk_owes_triage_of_all_but_what_was_withdrawn(filled):
    assert filled[Duty] == 30 - 30 // synthetic_reports.WITHDRAWN_EVERY


def test_desk_finds_observations_and_concerns_in_its_queue(settings, uow):
    load.fill(settings, 40, concerns=True)
    assert (count(uow, Observation), count(uow, Concern)) == (30, 10)
    supervisor = actor_named(uow, "supervisor.lin-a")
    items = desk.list_waiting(uow, supervisor, wanted=PageWanted(limit=50)).items
    assert {item.kind for item in items} == {"observation", "concern"}
    assert len(items) == 40 - sum(
        1
        for index in range(0, 40, synthetic_reports.WITHDRAWN_EVERY)
        if index % synthetic_reports.CONCERN_EVERY
    )


def test_author_reads_what_was_filled_in(uow, filled):
    officer = actor_named(uow, synthetic_reports.OFFICER)
    listed = service.list_observations(uow, officer, params={}, box=None, wanted=PageWanted(limit=50)).items
    assert len(listed) == 30
    with uow() as tx:
        newest = tx.first(select(Observation).order_by(Observation.received_at.desc()).limit(1))
    assert newest.reporter_id == person_id(synthetic_reports.OFFICER)
    assert service.read(uow, officer, newest.id).facts == synthetic_reports.TOLD["facts"]


def test_many_are_made_by_several_processes(settings, uow, monkeypatch):
    monkeypatch.setattr(synthetic_reports, "ALONE_BELOW", 0)
    monkeypatch.setattr(synthetic_reports, "BATCH", 4)
    told = load.fill(settings, 10)
    assert (told.reports, told.rows, count(uow, Observation)) == (10, 37, 10)
