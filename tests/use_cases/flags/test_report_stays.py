"""A flag changes nothing on the report it stands on: not its row, not what anybody sees of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from community_api.community.observations.models import Observation
from tests.support.workflow import OFFICER, SUPERVISOR, subject


def row_of(world, reference):
    with world.uow() as tx:
        row = tx.first(select(Observation).where(Observation.reference == reference))
        return {column.key: getattr(row, column.key) for column in inspect(Observation).columns}


def faces_of(police, report):
    """Everything that the people who may see a report see of it."""
    path = f"/observations/{report['id']}"
    faces = []
    for who, purpose in ((OFFICER, None), (SUPERVISOR, "triage")):
        read = police.of(who).get(path, purpose=purpose)
        listed = [one for one in police.of(who).pages("/observations") if one["id"] == report["id"]]
        faces.append((read.body, read.etag, listed))
    return faces


def confirm(police, flag_id):
    police.decides_flag(flag_id)


def refuse(police, flag_id):
    police.decides_flag(flag_id, decision="refused")


def withdraw(police, flag_id):
    police.of(OFFICER).post(f"/flags/{flag_id}/withdrawal", {"reason": "Seen again by day."})


def lapse(police, _flag_id):
    police.world.later(days=30)


def leave(_police, _flag_id):
    pass


def run_the_chain(police, flag_id):
    reference = police.decides_flag(flag_id)["referral_reference"]
    police.brings_to("sent", police.referral_called(reference))


@pytest.mark.parametrize("happens", [leave, confirm, refuse, withdraw, lapse, run_the_chain])
def test_whatever_becomes_of_a_flag_the_report_stays_as_it_is(alone, happens):
    report = alone.observes()
    row, faces = row_of(alone.world, report["reference"]), faces_of(alone, report)
    flag_id = alone.raises_flag(report["id"])["id"]
    happens(alone, flag_id)
    assert row_of(alone.world, report["reference"]) == row
    assert faces_of(alone, report) == faces


@pytest.mark.parametrize("decision", ["agreed", "refused"])
def test_nor_does_a_co_signature_change_it(alone, decision):
    report = alone.observes()
    row, faces = row_of(alone.world, report["reference"]), faces_of(alone, report)
    flag_id = alone.raises_flag(report["id"], subjects=[subject("child")])["id"]
    alone.cosigns(flag_id, decision=decision)
    assert row_of(alone.world, report["reference"]) == row
    assert faces_of(alone, report) == faces


def test_no_answer_about_a_report_has_a_field_of_flags_or_indicators(alone):
    report = alone.observes()
    alone.raises_flag(report["id"])
    alone.world.clock.advance(timedelta(hours=1))
    told = " ".join(str(face) for face in faces_of(alone, report)).lower()
    assert "flag" not in told
    assert "indicator" not in told
    assert "passed_on" not in told
