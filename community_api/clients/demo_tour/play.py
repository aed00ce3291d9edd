"""The play from its first to its last scene."""

from __future__ import annotations

from community_api.clients.demo_tour import chain, desk, feedback, officer_report, oversight, portal
from community_api.clients.demo_tour.cast import Cast
from community_api.clients.demo_tour.stage import NotAsPromised, Stage
from community_api.clients.demo_tour.story import Story
from community_api.clients.http_client import Wire

SCENES = (
    officer_report.an_officer_reports,
    officer_report.a_flag_on_identity_is_refused,
    officer_report.the_officer_flags_behaviour,
    officer_report.a_second_person_confirms,
    chain.the_analyst_finds_work,
    chain.the_analyst_assesses_and_writes,
    chain.another_analyst_approves,
    chain.the_local_manager_escalates,
    chain.the_region_sees_no_source,
    chain.the_regional_manager_escalates,
    chain.the_national_level_decides,
    feedback.nothing_closes_unanswered,
    feedback.everybody_who_decided_answers,
    feedback.the_officer_reads_and_rates,
    oversight.the_overseer_reads_the_trail,
    portal.somebody_tells_without_an_account,
    portal.two_people_answer,
    portal.they_read_on_by_the_code,
    desk.the_desk_sees_what_belongs_together,
    desk.a_problem_is_solved_with_partners,
    desk.a_report_ends_with_an_answer,
    desk.danger_wakes_somebody,
)


def play(wire: Wire, password: str, stage: Stage) -> None:
    """Play all scenes against the server behind ``wire``; raises NotAsPromised or ClientStopped."""
    stage.open(
        f"The main job, played through the public API at {wire.url}",
        "What an officer saw reaches the national level by a declared procedure and comes back as feedback;"
        " and what somebody without an account tells is answered, and solved with partners."
        " Every line with a status is a real request and its real answer.",
    )
    cast = Cast(wire, password, stage)
    story = Story(stage, cast, cast["officer1.lin-a"].signed_in_at)
    for scene in SCENES:
        try:
            scene(story)
        except (KeyError, TypeError) as unread:
            raise NotAsPromised(f"an answer lacks {unread}, or it is of another kind.") from unread
    cast.leave()
    stage.close(f"As promised: {stage.steps} steps, {len(cast)} people, {stage.requests} requests shown.")
