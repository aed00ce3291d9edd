"""Titles are free text and sealed like it; lists carry a plain title that passed the check of words."""

from __future__ import annotations

from uuid import UUID

import pytest

from community_api.community.priorities.models import Priority
from community_api.community.problems import clear_titles
from community_api.community.problems.models import Problem
from community_api.core.database.tables import DataKey
from community_api.core.database.unit_of_work import UnitOfWork
from tests.support.workflow import OFFICER, SUPERVISOR, Police

TITLE = "Noise behind the mosque in Mill Street"
PLAIN = "Noise behind the school"
PRIORITY = {
    "month": "2026-07",
    "title": TITLE,
    "text": "Light the path.",
    "agreed_with": [{"kind": "residents", "name": "Mill Street"}],
}


@pytest.fixture
def police(world):
    return Police(world)


def opens(police, **values):
    return police.of(SUPERVISOR).post(
        "/problems", {"title": TITLE, "scanning": "Every Friday night.", **values}
    )


def in_list(police, path, made):
    return next(one for one in police.of(SUPERVISOR).pages(path) if one["id"] == made["id"])


def warned(answer):
    return [(one["pointer"], one["code"]) for one in answer["warnings"]]


def test_one_reads_the_title_and_lists_show_category_and_reference(police):
    report = police.observes(OFFICER, category="noise_nuisance")
    made = opens(police, observations=[report["id"]])
    neutral = f"noise_nuisance {made['reference']}"
    assert (made["title"], made["list_title"]) == (TITLE, neutral)
    read = police.of(SUPERVISOR).get(f"/problems/{made['id']}", purpose="supervision")
    assert (read["title"], read["list_title"]) == (TITLE, neutral)
    listed = in_list(police, "/problems", made)
    assert listed["title"] == neutral
    assert "list_title" not in listed


def test_a_plain_title_stands_in_lists_as_it_was_sent(police):
    made = opens(police, list_title=PLAIN)
    assert in_list(police, "/problems", made)["title"] == PLAIN
    agreed = police.of(SUPERVISOR).post("/priorities", {**PRIORITY, "list_title": "Light on the way home"})
    assert in_list(police, "/priorities", agreed)["title"] == "Light on the way home"
    assert agreed["title"] == TITLE


@pytest.mark.parametrize(
    "refused",
    [
        "Noise at the m o s q u e",
        "Watch those people at the corner",
        "Call +49 170 5550123",
        "Van AB 1234",
    ],
)
def test_a_list_title_that_does_not_fit_is_warned_of_and_left_out(police, refused):
    made = opens(police, list_title=refused)
    assert warned(made) == [("/list_title", "not_for_lists")]
    assert in_list(police, "/problems", made)["title"] == made["reference"]
    agreed = police.of(SUPERVISOR).post("/priorities", {**PRIORITY, "list_title": refused})
    assert in_list(police, "/priorities", agreed)["title"] == "lin-a 2026-07 1"


def test_no_column_holds_a_title_in_clear(police):
    made = opens(police)
    agreed = police.of(SUPERVISOR).post("/priorities", PRIORITY)
    with police.world.uow() as tx:
        for table, made_id in (("community_problem", made["id"]), ("community_priority", agreed["id"])):
            model = Problem if table == "community_problem" else Priority
            row = tx.get(model, UUID(made_id))
            values = [getattr(row, column.name) for column in model.__table__.columns]
            assert not any("mosque" in str(value) for value in values)


def test_titles_of_earlier_releases_are_sealed_by_the_worker_and_read_as_before(police):
    made = opens(police, list_title=PLAIN)
    agreed = police.of(SUPERVISOR).post("/priorities", PRIORITY)
    _as_before(police.world.uow, UUID(made["id"]), UUID(agreed["id"]))
    assert in_list(police, "/problems", made)["title"] == made["reference"]
    assert police.of(SUPERVISOR).get(f"/problems/{made['id']}", purpose="supervision")["title"] == "Old title"
    clear_titles.seal(police.world.uow)
    with police.world.uow() as tx:
        assert tx.get(Problem, UUID(made["id"])).title is None
        assert tx.get(Priority, UUID(agreed["id"])).title is None
    assert police.of(SUPERVISOR).get(f"/problems/{made['id']}", purpose="supervision")["title"] == "Old title"
    read = police.of(SUPERVISOR).get(f"/priorities/{agreed['id']}", purpose="supervision")
    assert (read["title"], read["text"]) == ("Old priority", "Light the path.")


def _as_before(uow: UnitOfWork, problem_id: UUID, priority_id: UUID) -> None:
    """Two rows as the release before left them."""
    with uow() as tx:
        row, priority = tx.get(Problem, problem_id), tx.get(Priority, priority_id)
        assert row is not None
        assert priority is not None
        tx.update_row(row, title="Old title", list_title=None, sealed=None)
        kept = {"text": "Light the path.", "agreed_with": []}
        sealed = tx.sealer.seal(tx, priority.id, "community.priority", 1, kept)
        tx.update_row(priority, title="Old priority", sealed=sealed)
    with uow() as tx:
        tx.delete_where(DataKey, {"owner_id": problem_id})
