"""Requests that schemathesis makes up from the served document, sent by people of a world in use.

Ids are those of a world in which the main job was played, so that a good part of the requests reaches
something; bodies are partly those that people really send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation

from community_api.core.http.views import BASE
from tests.api.matrix.calls import FLAG
from tests.api.matrix.things import HERE, Things, make_things
from tests.support.app import World

load_all_checks()
# Who calls, and for what purpose; None: nobody who is known.
CALLERS: dict[str | None, str | None] = {
    "officer1.lin-a": None,
    "supervisor2.lin-a": "supervision",
    "analyst1.lin": "assessment",
    "manager.lin": "assessment",
    "overseer.oversight": "audit",
    None: None,
}
NEGATIVE = "negative_data_rejection"
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    NEGATIVE,
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
)
# Refusals besides 422 that may come first: contract section 2 has the order. 409 is one of them only because
# an id that was used before is looked up before rights and the rules on content.
REFUSED = ["400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429"]
CONFIGURATION = {
    # Who calls is ours to say.
    "generation": {"with-security-parameters": False},
    "checks": {
        NEGATIVE: {"expected-statuses": REFUSED},
        "missing_required_header": {"expected-statuses": REFUSED},
    },
}
# Headers that mean something here: an answer may have them only where the document says so.
OURS = {"etag", "link", "idempotent-replay"}
# What an address takes, as the things of the matrix are called there.
IDS = {
    "certificate_id": "certificate",
    "proposal_id": "proposal",
    "session_id": "session",
    "observation_id": "observation",
    "flag_id": "flag",
    "referral_id": "referral",
    "report_id": "report",
    "feedback_id": "message",
}
WORDS = {"name": ("osce-baseline", "categories"), "version": (1,), "code": ("not_found",)}
# Bodies whose codes no generator would guess.
BODIES: dict[str, dict[str, Any]] = {"POST /api/v1/observations/{observation_id}/flags": FLAG}


def left_out(answer: Any) -> bool:
    """Whether optional details that could not be read were left out, and named (contract section 2)."""
    if answer.status_code >= 300 or not answer.content or "json" not in answer.headers["content-type"][0]:
        return False
    body = answer.json()
    return isinstance(body, dict) and bool(body.get("warnings"))


@dataclass
class Requests:
    """Makes, sends and judges requests. ``answered`` counts the statuses of every operation."""

    world: World
    answered: dict[str, set[int]] = field(default_factory=dict)

    @cached_property
    def schema(self) -> schemathesis.BaseSchema:
        """The document as it is served."""
        configuration = SchemathesisConfig.from_dict(CONFIGURATION)
        return schemathesis.openapi.from_wsgi("/openapi.json", self.world.app, config=configuration)

    @cached_property
    def things(self) -> Things:
        return make_things(self.world, HERE)

    @cached_property
    def case(self) -> str:
        """The case in which oversight reads."""
        told = {"kind": "audit", "reason": "What the figures of the month rest on"}
        return str(self.world.client("overseer.oversight").post("/cases", told)["id"])

    def operation(self, name: str) -> APIOperation:
        method, path = name.split()
        return self.schema[path][method]

    def boundaries(self, operation: APIOperation, mode: GenerationMode) -> Iterator[Case]:
        """Requests on and beyond each bound that the document states, the same in every run."""
        yield from self.schema.iter_coverage_cases(
            operation, generation_modes=[mode], generation_config=self.schema.config.generation
        )

    def send(self, made: Case, caller: str | None, chance: Random) -> None:
        """Send one request as somebody and hold the answer against the document."""
        self._aim(made, chance)
        headers = self._headers(made, caller, chance)
        answer = made.call(headers=headers)
        self.judge(made, answer)
        if caller is None and made.method == made.operation.method.upper():
            public = made.operation.definition.raw["x-access"] == "public"
            assert public or answer.status_code >= 400, f"{made.operation.label} asks nobody who they are"

    def remembered(self, name: str, caller: str, path: str, body: Any, purpose: str | None) -> Any:
        """Send what people really send, and hold the answer against the document."""
        world, operation = self.world, self.operation(name)
        headers = {"Authorization": f"Bearer {world.client(caller).token()}"}
        if purpose is not None:
            headers |= {"X-Purpose": purpose, "X-Case": self.case}
        given = {} if body is None else {"body": body, "media_type": "application/json"}
        values = dict(zip(operation.path.split("/"), path.split("/"), strict=True))
        ids = {key.strip("{}"): value for key, value in values.items() if key.startswith("{")}
        made = operation.Case(path_parameters=ids, headers=headers, **given)
        if any(one.name == "If-Match" for one in operation.headers):
            made.headers["If-Match"] = self._tag(made, caller)
        answer = made.call()
        self.judge(made, answer)
        return answer

    def judge(self, made: Case, answer: Any) -> None:
        """Hold an answer against the document."""
        self.answered.setdefault(made.operation.label, set()).add(answer.status_code)
        warned = {NEGATIVE} if left_out(answer) else set()
        checks: list[Any] = [CHECKS.get_one(name) for name in CHECKED if name not in warned]
        made.validate_response(answer, checks=[*checks, undeclared_headers])

    def _aim(self, made: Case, chance: Random) -> None:
        """Let most requests reach something that is there."""
        for name in made.path_parameters or {}:
            known = [self.things[IDS[name]].id] if name in IDS else [*WORDS.get(name, ())]
            if known and chance.random() < 0.7 and made.meta and not made.meta.generation.mode.is_negative:
                made.path_parameters[name] = chance.choice(known)
        if made.meta is None or made.meta.generation.mode.is_negative or not isinstance(made.body, dict):
            return
        if chance.random() < 0.5 and made.operation.label in BODIES:
            made.body = BODIES[made.operation.label] | {"id": str(uuid4())}
        if "obligation_id" in made.body:
            made.body["obligation_id"] = self.things[chance.choice(("owed", "owed_above"))].id

    def _tag(self, made: Case, caller: str) -> str:
        """The entity tag of what the caller wants to change; one that fits nothing, if it is out of sight."""
        path = made.formatted_path.removeprefix(BASE).removesuffix("/steps")
        shown = self.world.client(caller).call("GET", path, purpose=CALLERS.get(caller), case=self.case)
        return shown.headers.get("ETag", '"1.0"')

    def _headers(self, made: Case, caller: str | None, chance: Random) -> dict[str, str]:
        if caller is None:
            return {}
        headers = {"Authorization": f"Bearer {self.world.client(caller).token()}"}
        purpose = CALLERS[caller]
        asked = {one.name for one in made.operation.headers}
        if "If-Match" in asked and "If-Match" in made.headers and chance.random() < 0.8:
            headers["If-Match"] = self._tag(made, caller)
        if "X-Purpose" in asked and purpose and chance.random() < 0.8:
            headers |= {"X-Purpose": purpose, "X-Case": self.case}
        return headers


def undeclared_headers(_context: Any, response: Any, made: Case) -> None:
    """Whether an answer carries one of our own headers without the document saying so."""
    declared = made.operation.responses.find_by_status_code(response.status_code)
    named = {name.lower() for name in declared.definition.get("headers", {})} if declared else set()
    told = {name.lower() for name in response.headers} & OURS
    assert told <= named, (
        f"{made.operation.label} {response.status_code} gives {sorted(told - named)} unannounced"
    )
