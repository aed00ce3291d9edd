"""How each operation is called so that nothing but a right could refuse it: a recipe for every one."""

from __future__ import annotations

from community_api.clients.demo_tour import words
from community_api.procedure_engine import repository
from tests.api.matrix.emergency_calls import EMERGENCIES
from tests.api.matrix.expected import Somebody
from tests.api.matrix.recipes import Call, Recipe, about, plain
from tests.api.matrix.things import Thing, Things
from tests.support import public

BASE = "/api/v1"


# With whom a priority was agreed, and on what.
AGREED = {
    "title": "Light under the bridge",
    "text": "The town mends the lamps, we pass by at ten.",
    "agreed_with": [{"kind": "residents", "name": "Meeting of 2 March"}],
}


def _report(who: Somebody, things: Things) -> Call:
    """A new report for the place's team, by whoever calls."""
    body = {"occurred_at": "2026-03-01T08:00:00+00:00", **words.OBSERVATION, "unit": things.place.team}
    return Call("/observations", body, Thing("", "observation", (things.place.team,), who.username))


def _answer(who: Somebody, things: Things) -> Call:
    """An answer to what is owed: chains to those who decide in them, the team's to everybody else."""
    in_chain = who.role in {"analyst", "intelligence_manager"}
    owed = things["owed_above" if in_chain else "owed"]
    return Call("/feedback", {"obligation_id": owed.id, **words.FEEDBACK["flag"]}, owed)


def _problem(_who: Somebody, things: Things) -> Call:
    """A new problem of the place's team."""
    team = things.place.team
    body = {"title": "Noise behind the school", "scanning": "Every Friday night.", "unit": team}
    return Call("/problems", body, Thing("", "problem", (team,)))


def _priority(_who: Somebody, things: Things) -> Call:
    """A new priority of the place's team, for a month that has room."""
    team = things.place.team
    body = {**AGREED, "month": "2026-06", "unit": team}
    return Call("/priorities", body, Thing("", "priority", (team,)))


def _link(_who: Somebody, things: Things) -> Call:
    """Two reports of one team; of the second one only their desk knows that it is there."""
    ends = ({"kind": "observation", "id": things[name].id} for name in ("observation", "linked"))
    a, b = ends
    return Call("/links", {"a": a, "b": b, "reason": "The same leaflet."}, things["observation"])


def _step(who: Somebody, things: Things) -> Call:
    """A step that the procedure gives to the caller's role, though not where the referral stands."""
    manages = who.role == "intelligence_manager"
    body = {"action": "close" if manages else "acknowledge", "fields": {"reason": "Done."} if manages else {}}
    return Call(f"/referrals/{things['referral'].id}/steps", body, things["referral"])


def _notice(_who: Somebody, things: Things) -> Call:
    """A notice that the unit which holds the report has to confirm."""
    path = f"/disseminations/{things['held'].id}/notices/{things['notice'].id}/confirmation"
    return Call(path, {}, things["held"])


def _proposed(_who: Somebody, things: Things) -> Call:
    """A further role for somebody of the place."""
    unit = things.place.local
    body = {"account": things.place.who("officer2"), "role": "records_manager", "unit": unit}
    return Call("/proposals", {"kind": "grant", "body": body}, Thing("", "proposal", (unit,)))


def _certified(_who: Somebody, things: Things) -> Call:
    """A certificate for somebody of the place."""
    told = {
        "account": things.place.who("officer2"),
        "course": "verlt",
        "passed_at": "2026-02-01T00:00:00Z",
        "expires_at": "2027-02-01T00:00:00Z",
    }
    return Call("/certificates", told, Thing("", "certificate", (things.place.team,)))


def _second_person(name: str, proposed: str, word: str) -> Recipe:
    """A second person's word on what a supervisor of the place proposed about a concern."""

    def recipe(_who: Somebody, things: Things) -> Call:
        path = f"/concerns/{things[name].id}/{proposed}/{things.proposed[proposed]}/{word}"
        return Call(path, {"reason": "Read with care."}, things[name])

    return recipe


FLAG = {
    "kind": "verlt",
    "indicator_list_version": 1,
    "grounds": [{"indicator": code, "fact": fact} for code, fact in words.GROUNDS.items()],
    **words.FLAG,
}
COSIGN = {
    "decision": "agreed",
    "best_interests": "Support first; nothing else is needed.",
    "guardian_told": "yes",
}
STOP = {"reason": "Under review"}
PACK = (repository.SHIPPED / "osce-baseline.v3.yaml").read_text(encoding="utf-8")
TRIAGE = {"route": "problem", "reason": "Ours to solve."}
CLOSING = {"reason": "solved", "text_for_reporter": "It has stopped."}
REOPENING = {"reason": "It began again."}
HANDOVER = {
    "partner_unit": "school",
    "consent": "given",
    "minimum_dataset": {"need": "Somebody to talk to"},
}
RECIPES: dict[str, Recipe] = {
    **EMERGENCIES,
    "DELETE /indicators/<string:code>/suspension": plain("/indicators/acquiring_materials/suspension"),
    "DELETE /procedures/<string:name>/suspension": plain("/procedures/osce-baseline/suspension"),
    "POST /indicators/<string:code>/suspension": plain("/indicators/acquiring_materials/suspension", STOP),
    "POST /procedures/<string:name>/suspension": plain("/procedures/osce-baseline/suspension", STOP),
    "DELETE /auth/sessions/<uuid:session_id>": about("session", "/auth/sessions/{id}"),
    "GET /audit/events": plain("/audit/events"),
    "GET /auth/sessions": plain("/auth/sessions"),
    **{f"GET {path}": plain(path) for path in ("/cases", "/certificates", "/code-lists")},
    "GET /code-lists/<string:name>": plain("/code-lists/categories"),
    "GET /concerns": plain("/concerns"),
    "GET /concerns/<uuid:concern_id>": about("danger", "/concerns/{id}"),
    "GET /concerns/<uuid:concern_id>/contact": about("danger", "/concerns/{id}/contact"),
    "GET /duties": plain("/duties"),
    "GET /emergencies": plain("/emergencies"),
    "GET /emergencies/<uuid:emergency_id>": about("emergency", "/emergencies/{id}"),
    "GET /feedback": plain("/feedback"),
    "GET /feedback/<uuid:feedback_id>": about("message", "/feedback/{id}"),
    "GET /feedback/metrics": plain("/feedback/metrics"),
    "GET /feedback/obligations": plain("/feedback/obligations"),
    "GET /flags": plain("/flags"),
    "GET /flags/<uuid:flag_id>": about("flag", "/flags/{id}"),
    "GET /handovers": plain("/handovers"),
    "GET /bias-reviews": plain("/bias-reviews"),
    "GET /bias-reviews/<uuid:review_id>": about("bias_review", "/bias-reviews/{id}"),
    "POST /bias-reviews/<uuid:review_id>/closing": about(
        "bias_review", "/bias-reviews/{id}/closing", {"finding": "explained", "reason": "A festival."}
    ),
    "GET /courses": plain("/courses"),
    "GET /indicators": plain("/indicators"),
    "GET /disseminations/<uuid:dissemination_id>": about("giving", "/disseminations/{id}"),
    "POST /disseminations/<uuid:dissemination_id>/recall-confirmation": about(
        "held", "/disseminations/{id}/recall-confirmation", {}
    ),
    "POST /disseminations/<uuid:dissemination_id>/notices/<uuid:notice_id>/confirmation": _notice,
    "GET /intelligence-reports": plain("/intelligence-reports"),
    "GET /intelligence-reports/<uuid:report_id>": about("report", "/intelligence-reports/{id}"),
    "GET /intelligence-reports/<uuid:report_id>/disseminations": about(
        "report", "/intelligence-reports/{id}/disseminations"
    ),
    "GET /me": plain("/me"),
    "GET /observations": plain("/observations"),
    "GET /observations/<uuid:observation_id>": about("observation", "/observations/{id}"),
    "GET /operations": plain("/operations"),
    "GET /operations/dead-letters": plain("/operations/dead-letters"),
    "GET /oversight/figures": plain("/oversight/figures"),
    "GET /posts": plain("/posts"),
    "GET /procedures": plain("/procedures"),
    "GET /procedures/<string:name>/versions/<int:version>": plain("/procedures/osce-baseline/versions/1"),
    "GET /procedures/<string:name>/versions/<int:version>/diagram": plain(
        "/procedures/osce-baseline/versions/3/diagram"
    ),
    "GET /procedures/<string:name>/versions/<int:version>/differences": plain(
        "/procedures/osce-baseline/versions/3/differences?since=2"
    ),
    "POST /procedures/trial": plain("/procedures/trial", {"content": PACK, "last": 1}),
    "POST /referrals/<uuid:referral_id>/procedure-version": about(
        "referral", "/referrals/{id}/procedure-version", {"version": 1, "reason": "To try it"}
    ),
    "GET /accounts": plain("/accounts"),
    "GET /proposals": plain("/proposals"),
    "GET /proposals/<uuid:proposal_id>": about("proposal", "/proposals/{id}"),
    "GET /referrals": plain("/referrals"),
    "GET /referrals/<uuid:referral_id>": about("referral", "/referrals/{id}"),
    "GET /referrals/<uuid:referral_id>/actions": about("referral", "/referrals/{id}/actions"),
    "GET /referrals/<uuid:referral_id>/steps": about("referral", "/referrals/{id}/steps"),
    "GET /safeguarding-records": plain("/safeguarding-records"),
    "GET /safeguarding-records/<uuid:record_id>": about("record", "/safeguarding-records/{id}"),
    "GET /units": plain("/units"),
    "PATCH /me": plain("/me", {"language": "en"}),
    "POST /cases": plain("/cases", {"kind": "review", "reason": "A look at how rights are held"}),
    "POST /certificates": _certified,
    "POST /certificates/<uuid:certificate_id>/revocation": about(
        "certificate", "/certificates/{id}/revocation", {"reason": "The course was not passed."}
    ),
    "POST /concerns": plain("/concerns", {**public.concern_body(), "channel": "told"}),
    "POST /concerns/<uuid:concern_id>/contact-unlocks": about(
        "danger", "/concerns/{id}/contact-unlocks", {"reason": "They may be hurt."}
    ),
    "POST /concerns/<uuid:concern_id>/contact-unlocks/<uuid:unlock_id>/approval": _second_person(
        "danger", "contact-unlocks", "approval"
    ),
    "POST /concerns/<uuid:concern_id>/contact-unlocks/<uuid:unlock_id>/refusal": _second_person(
        "danger", "contact-unlocks", "refusal"
    ),
    "POST /concerns/<uuid:concern_id>/flags": about("concern", "/concerns/{id}/flags", FLAG),
    "POST /concerns/<uuid:concern_id>/replies": about(
        "concern", "/concerns/{id}/replies", {"text": "Thank you.", "language": "en", "kind": "answer"}
    ),
    "POST /concerns/<uuid:concern_id>/replies/<uuid:reply_id>/approval": _second_person(
        "concern", "replies", "approval"
    ),
    "POST /concerns/<uuid:concern_id>/replies/<uuid:reply_id>/refusal": _second_person(
        "concern", "replies", "refusal"
    ),
    "POST /concerns/<uuid:concern_id>/translations": about(
        "concern", "/concerns/{id}/translations", {"text": "Jeden Freitag.", "language": "de"}
    ),
    "POST /feedback": _answer,
    "POST /feedback/<uuid:feedback_id>/acknowledgement": about(
        "message", "/feedback/{id}/acknowledgement", {}
    ),
    "POST /feedback/<uuid:feedback_id>/approval": about("answer", "/feedback/{id}/approval", {}),
    "POST /feedback/<uuid:feedback_id>/refusal": about(
        "answer", "/feedback/{id}/refusal", {"reason": "Unclear."}
    ),
    "POST /flags/<uuid:flag_id>/cosign": about("flag", "/flags/{id}/cosign", COSIGN),
    "POST /flags/<uuid:flag_id>/cosign-request": about(
        "flag", "/flags/{id}/cosign-request", {"reason": "It may be a child."}
    ),
    "POST /flags/<uuid:flag_id>/decision": about("flag", "/flags/{id}/decision", words.CONFIRMATION),
    "POST /flags/<uuid:flag_id>/withdrawal": about(
        "flag", "/flags/{id}/withdrawal", {"reason": "Cleared up."}
    ),
    "GET /priorities": plain("/priorities"),
    "GET /priorities/<uuid:priority_id>": about("priority", "/priorities/{id}"),
    "POST /priorities": _priority,
    "POST /priorities/<uuid:priority_id>/withdrawal": about(
        "priority", "/priorities/{id}/withdrawal", {"reason": "The bridge is lit again."}
    ),
    "GET /problems": plain("/problems"),
    "GET /problems/<uuid:problem_id>": about("problem", "/problems/{id}"),
    "POST /problems": _problem,
    "POST /problems/<uuid:problem_id>/closing": about(
        "problem", "/problems/{id}/closing", {"achieved": "reduced", "text": "It is quieter."}
    ),
    "POST /problems/<uuid:problem_id>/entries": about(
        "problem", "/problems/{id}/entries", {"stage": "analysis", "text": "It is the slope."}
    ),
    "DELETE /links/<uuid:link_id>": about("link", "/links/{id}"),
    "GET /links": plain("/links"),
    "GET /triage": plain("/triage"),
    "POST /concerns/<uuid:concern_id>/closing": about("concern", "/concerns/{id}/closing", CLOSING),
    "POST /concerns/<uuid:concern_id>/reopening": about("concern", "/concerns/{id}/reopening", REOPENING),
    "POST /concerns/<uuid:concern_id>/triage": about("concern", "/concerns/{id}/triage", TRIAGE),
    "POST /links": _link,
    "POST /handovers/<uuid:handover_id>/answer": about(
        "handover", "/handovers/{id}/answer", {"answer": "accepted"}
    ),
    "POST /observations": _report,
    "POST /observations/<uuid:observation_id>/closing": about(
        "observation", "/observations/{id}/closing", CLOSING
    ),
    "POST /observations/<uuid:observation_id>/reopening": about(
        "observation", "/observations/{id}/reopening", REOPENING
    ),
    "POST /observations/<uuid:observation_id>/triage": about(
        "observation", "/observations/{id}/triage", TRIAGE
    ),
    "POST /observations/<uuid:observation_id>/flags": about("observation", "/observations/{id}/flags", FLAG),
    "POST /observations/<uuid:observation_id>/supplements": about(
        "observation", "/observations/{id}/supplements", {"facts": "The van came back at nine."}
    ),
    "POST /observations/<uuid:observation_id>/withdrawal": about(
        "observation", "/observations/{id}/withdrawal", {"reason": "Told twice."}
    ),
    "POST /proposals": _proposed,
    "POST /proposals/<uuid:proposal_id>/decision": about(
        "proposal", "/proposals/{id}/decision", {"decision": "refused", "reason": "Not needed."}
    ),
    "POST /safeguarding-records/<uuid:record_id>/closing": about(
        "record", "/safeguarding-records/{id}/closing", {"reason": "Support was arranged."}
    ),
    "POST /safeguarding-records/<uuid:record_id>/handovers": about(
        "record", "/safeguarding-records/{id}/handovers", HANDOVER
    ),
    "POST /referrals/<uuid:referral_id>/steps": _step,
}
# What everybody who is signed in may do, about the own session.
NOT_OF_THE_MATRIX = {"POST /auth/logout", "POST /auth/password", "POST /auth/refresh"}
# Tried with an id that is not there only: a dead letter belongs to nobody, and there is none.
MISSING_ONLY: dict[str, Recipe] = {
    "POST /operations/dead-letters/<uuid:item_id>/retry": lambda _who, _things: Call(
        "/operations/dead-letters/{id}/retry", {}
    ),
}
