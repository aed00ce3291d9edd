"""The OpenAPI document is true: made-up requests by every kind of caller are answered as it says."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from community_api.core.http.docs_pages import DOCUMENT
from community_api.core.http.views import BASE
from community_api.web.site.static_files import static_files
from tests.api.made_up_requests import CALLERS, Requests
from tests.api.matrix.calls import RECIPES
from tests.api.matrix.expected import Somebody
from tests.api.matrix.recipes import Call
from tests.support.app import World
from tests.support.operations import PLACE

OPERATIONS = sorted(
    f"{method.upper()} {path}"
    for path, told in yaml.safe_load(DOCUMENT.read_text(encoding="utf-8"))["paths"].items()
    for method in told
    if method != "parameters"
)
# Left out, with the reason. Nothing else is.
LEFT_OUT = {"POST /api/v1/auth/logout": "would end the session of the other requests; has tests of its own"}
TRIED = [name for name in OPERATIONS if name not in LEFT_OUT]
# Nothing is taken, or any words: the bounds of these are tried, requests at random have nothing to vary.
NOTHING_TO_GET_WRONG = {
    "DELETE /api/v1/indicators/{code}/suspension",
    "DELETE /api/v1/procedures/{name}/suspension",
    "GET /api/v1/code-lists",
    "GET /api/v1/code-lists/{name}",
    "GET /api/v1/courses",
    "GET /api/v1/indicators",
    "GET /api/v1/me",
    "GET /api/v1/operations",
    "GET /api/v1/procedures",
    "GET /api/v1/public/areas",
    "GET /api/v1/public/categories",
    "GET /api/v1/public/code-lists",
    "GET /api/v1/public/code-lists/{name}",
    "GET /api/v1/public/notice",
    "GET /api/v1/public/transparency",
    "POST /api/v1/public/receipts",
    "GET /",
    "GET /docs",
    "GET /docs/assets/{digest}/{name}",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /openapi.json",
    "GET /problems",
    "GET /problems/{code}",
}
# What only comes to pass after more than one person has done something: tried where that is told.
LATER = {
    "POST /api/v1/auth/password": "with one's own password; tests/api/access/test_password_change.py",
    "POST /api/v1/flags/{flag_id}/cosign-request": (
        "nobody decides on the flag any more until a lead has; tests/use_cases/flags"
    ),
    "GET /api/v1/handovers": "to partners; tests/use_cases/safeguarding",
    "POST /api/v1/concerns/{concern_id}/closing": "once it was triaged; tests/use_cases/triage",
    "POST /api/v1/concerns/{concern_id}/contact-unlocks/{unlock_id}/approval": (
        "to the second person of an unlocking; tests/use_cases/concerns"
    ),
    "POST /api/v1/concerns/{concern_id}/contact-unlocks/{unlock_id}/refusal": (
        "to the second person of an unlocking; tests/use_cases/concerns"
    ),
    "POST /api/v1/disseminations/{dissemination_id}/notices/{notice_id}/confirmation": (
        "to the unit that holds the report; tests/use_cases/referrals"
    ),
    "POST /api/v1/disseminations/{dissemination_id}/recall-confirmation": (
        "to the unit that holds the report, once it was recalled; tests/use_cases/referrals"
    ),
    "POST /api/v1/concerns/{concern_id}/reopening": "once it was closed; tests/use_cases/triage",
    "POST /api/v1/concerns/{concern_id}/replies/{reply_id}/approval": (
        "to the second person of a reply; tests/use_cases/concerns"
    ),
    "POST /api/v1/concerns/{concern_id}/replies/{reply_id}/refusal": (
        "to the second person of a reply; tests/use_cases/concerns"
    ),
    "POST /api/v1/emergencies/acknowledgements": "to duty commanders; use cases",
    "POST /api/v1/emergencies/justifications": "to duty commanders; use cases",
    "POST /api/v1/emergencies/stand-downs": "to duty commanders; use cases",
    "POST /api/v1/emergencies/stand-downs/{batch_id}/approval": "to duty commanders; use cases",
    "POST /api/v1/emergencies/stand-downs/{batch_id}/refusal": "to duty commanders; use cases",
    "POST /api/v1/emergencies/{emergency_id}/acknowledgement": "to duty commanders; tests/api/emergencies",
    "POST /api/v1/emergencies/{emergency_id}/actions": "to duty commanders; tests/api/emergencies",
    "POST /api/v1/emergencies/{emergency_id}/justification": "to duty commanders; tests/api/emergencies",
    "POST /api/v1/emergencies/{emergency_id}/stand-down": "to duty commanders; tests/api/emergencies",
    "POST /api/v1/handovers/{handover_id}/answer": "to partners; tests/use_cases/safeguarding",
    "POST /api/v1/observations/{observation_id}/closing": "once it was triaged; tests/use_cases/triage",
    "POST /api/v1/observations/{observation_id}/reopening": "once it was closed; tests/use_cases/triage",
    "POST /api/v1/problems/{problem_id}/entries": "to those who work on it; tests/use_cases/problems",
    "POST /api/v1/public/concerns": "takes a code that was given out; tests/api/public",
    "POST /api/v1/public/disputes": "takes the code of a concern; tests/api/public",
    "POST /api/v1/public/follow-ups": "takes the code of a concern; tests/api/public",
    "POST /api/v1/public/messages": "takes the code of a concern; tests/api/public",
    "POST /api/v1/public/permissions": "takes the code of a concern; tests/api/public",
    "POST /api/v1/public/questionnaires": "takes the code of a concern; tests/api/public",
    "POST /api/v1/public/withdrawals": "takes the code of a concern; tests/api/public",
    "POST /api/v1/safeguarding-records/{record_id}/closing": (
        "to safeguarding leads; tests/use_cases/safeguarding"
    ),
    "POST /api/v1/safeguarding-records/{record_id}/handovers": (
        "to safeguarding leads; tests/use_cases/safeguarding"
    ),
    "GET /metrics": "to operators, whom their address or a token tells; tests/api/test_operations.py",
    "POST /api/v1/auth/first-password": "takes a token that is shown once; tests/api/access",
    "POST /api/v1/auth/login": "passwords are hashed slowly, and counted; tests/api/access",
    "POST /api/v1/auth/refresh": "takes another token; tests/api/access",
    "POST /api/v1/flags/{flag_id}/cosign": "where a child is concerned",
    "POST /api/v1/flags/{flag_id}/withdrawal": "not once it is decided",
    "POST /api/v1/feedback/{feedback_id}/approval": "where a second reading is owed",
    "POST /api/v1/feedback/{feedback_id}/refusal": "where a second reading is owed",
    "POST /api/v1/indicators/{code}/suspension": "would stop the flags of the others; tests/api/oversight",
    "POST /api/v1/procedures/{name}/suspension": "would stop the steps of the others; tests/api/oversight",
    "POST /api/v1/operations/dead-letters/{item_id}/retry": "where something was given up",
    "POST /api/v1/referrals/{referral_id}/procedure-version": "where there is a newer version",
    "POST /api/v1/referrals/{referral_id}/steps": "where the referral waits for that step",
    "POST /api/v1/observations/{observation_id}/withdrawal": "last: what is withdrawn takes no more",
}
AS_DOCUMENTED = r"{\g<name>}"
RULES = {PLACE.sub(AS_DOCUMENTED, rule).replace(" ", f" {BASE}", 1): rule for rule in RECIPES}
ROLES = {
    "officer1": "officer",
    "supervisor2": "supervisor",
    "analyst1": "analyst",
    "manager": "intelligence_manager",
    "overseer": "oversight",
    "admin1": "administrator",
    "dpo": "dpo",
    "trainer": "trainer",
}
FURTHER = ("admin1.nor", "dpo.nor", "trainer.nor")
KNOWN_CALLERS = {who: purpose for who, purpose in CALLERS.items() if who} | dict.fromkeys(FURTHER)
SENT = {
    "GET /api/v1/public/code-lists/{name}": Call(f"{BASE}/public/code-lists/categories"),
    "GET /docs/assets/{digest}/{name}": Call(f"/docs/assets/{static_files()['docs.css'].digest}/docs.css"),
    "GET /problems/{code}": Call("/problems/not_found"),
    "POST /api/v1/cases": Call(f"{BASE}/cases", {"kind": "audit", "reason": "How rights are held"}),
}
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# How many requests of each sort, for an operation and a database.
MADE_UP = [5, pytest.param(100, marks=pytest.mark.torture)]
BOUNDS = [12, pytest.param(3000, marks=pytest.mark.torture)]
HOW = settings(phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def requests(shared_world: World) -> Requests:
    return Requests(shared_world)


def as_the_matrix_does(name: str, caller: str, requests: Requests) -> Call:
    if name not in RULES:
        return Call(name.split()[1])
    call = RECIPES[RULES[name]](Somebody(caller, ROLES[caller.partition(".")[0]]), requests.things)
    return Call(BASE + call.path, call.body)


@pytest.mark.parametrize("name", [name for name in TRIED if name not in LATER])
def test_what_people_really_send_is_answered_as_the_document_says(requests, name):
    statuses = set()
    for caller, purpose in KNOWN_CALLERS.items():
        call = SENT.get(name) or as_the_matrix_does(name, caller, requests)
        statuses.add(requests.remembered(name, caller, call.path, call.body, purpose).status_code)
    assert statuses & {200, 201, 204}, f"nobody was let in: {statuses}"


@pytest.mark.parametrize("number", BOUNDS)
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", TRIED)
def test_bounds(requests, name, mode, number):
    chance, callers = Random(name), list(CALLERS)
    operation = requests.operation(name)
    for place, made in enumerate(islice(requests.boundaries(operation, mode), number)):
        requests.send(made, callers[place % len(callers)], chance)


@pytest.mark.parametrize("number", MADE_UP)
@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", [name for name in TRIED if name not in NOTHING_TO_GET_WRONG])
def test_made_up_requests(requests, name, mode, number):
    operation = requests.operation(name)
    strategy = operation.as_strategy(generation_mode=mode)

    @seed(1)
    @settings(HOW, max_examples=number)
    @given(made=strategy, caller=st.sampled_from(list(CALLERS)), chance=st.integers(0, 1000))
    def run(made, caller, chance):
        requests.send(made, caller, Random(chance))

    run()
