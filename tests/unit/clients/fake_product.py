"""The part of the product that the walk meets, in memory and by the book; tests break promises of it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx

from tests.unit.clients import fake_desk
from tests.unit.clients.fake_server import PASSWORD, problem

LINE = {"lin": "ost", "ost": "nor"}
STEPS = {
    "assess": ("to_assess", "to_evaluate"),
    "evaluate": ("to_evaluate", "to_sanitise"),
    "sanitise": ("to_sanitise", "to_approve"),
    "approve_sanitised": ("to_approve", "to_decide"),
    "acknowledge": ("to_acknowledge", "to_decide"),
    "decide": ("to_decide", "to_disseminate"),
    "disseminate": ("to_disseminate", "sent"),
    "close": ("to_feed_back", "closed"),
}
REQUIRED = {
    "assess": ("outcome", "summary", "factors", "protective_factors", "plan", "ideology"),
    "evaluate": ("scheme", "source_grade", "source_reason", "information_grade", "information_reason"),
    "sanitise": ("text", "residual_risk"),
    "approve_sanitised": ("decision", "reason"),
    "decide": ("outcome", "reason", "review_on", "feedback_outcome"),
    "disseminate": ("to_units", "purpose", "legal_basis", "handling_code", "need_to_know"),
    "close": ("reason",),
}
MANAGERS = ("decide", "disseminate", "close")
FACTOR = {"type": "object", "properties": {"code": {"enum": ["harmful_objectives", "group_influence"]}}}
Row = dict[str, Any]


class FakeProduct:
    """Everything a request may see or change, by kind and id."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Row]] = {
            kind: {}
            for kind in (
                "observations",
                "flags",
                "referrals",
                "reports",
                "obligations",
                "feedback",
                "concerns",
                "problems",
                "emergencies",
            )
        }
        self.codes: dict[str, str] = {}
        self.events: list[Row] = []
        self.sessions: set[str] = set()
        # Tests put themselves before the real answer: (method, path pattern) -> answer or None.
        self.instead: Callable[[httpx.Request, str, str], httpx.Response | None] = lambda *_: None

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        self.asked = request.url.params
        body = json.loads(request.content) if request.content else {}
        if path == "/auth/login":
            return self._login(body)
        if path.startswith("/public/"):
            return self.instead(request, "", path) or self._public(path.removeprefix("/public/"), body)
        token = request.headers["authorization"].removeprefix("Bearer ")
        if token not in self.sessions:
            return problem(401, "token_revoked")
        who = token.split(" ")[1]
        if path == "/auth/logout":
            self.sessions.discard(token)
            return httpx.Response(204)
        return self.instead(request, who, path) or self._route(request, who, path, body)

    def _login(self, body: Row) -> httpx.Response:
        if body["password"] != PASSWORD:
            return problem(401, "login_refused")
        token = f"{uuid.uuid4()} {body['username']}"
        self.sessions.add(token)
        return httpx.Response(200, json={"access_token": token, "refresh_token": "r", "expires_in": 900})

    def _route(self, request: httpx.Request, who: str, path: str, body: Row) -> httpx.Response:
        for method, pattern, answer in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                return answer(self, who, *found.groups(), **({"body": body} if method == "POST" else {}))
        return problem(404, "not_found")

    def _public(self, what: str, body: Row) -> httpx.Response:
        if what == "receipts":
            code = f"{len(self.codes):032}"
            self.codes[code] = str(uuid.uuid4())
            return ok({"code": code, "groups": [code[at : at + 4] for at in range(0, 32, 4)]})
        known = self.rows["concerns"].get(self.codes.get(body["code"].replace("o", "0"), ""))
        if what != "concerns":
            return ok(known) if known else problem(404, "receipt_unknown")
        row_id = self.codes[body["code"]]
        if body.get("immediate_danger"):
            fake_desk.call_somebody(self)
            return ok({"if_in_danger": {"number": "112"}}, 201)
        row = {"state": "received", "received_on": "2026-10-01", "next_on": "2026-10-08"}
        more = {"id": row_id, "reference": "LIN-A-1", "status": "received", "text": body["text"]}
        self.rows["concerns"].setdefault(row_id, {**row, **more, "messages": []})
        return ok(row, 200 if known else 201, {"Idempotent-Replay": "true"} if known else None)

    def _reply(self, who: str, concern: str, body: Row) -> httpx.Response:
        self.rows["concerns"][concern]["reply"] = {**body, "writer": who}
        return ok({"id": body["id"], "state": "awaiting_second_person"}, 201)

    def _approve(self, who: str, concern: str, _reply: str, body: Row) -> httpx.Response:
        row = self.rows["concerns"][concern]
        if row["reply"]["writer"] == who:
            return problem(403, "same_person")
        row["messages"].append({"from": "police", "text": row["reply"]["text"]})
        return ok({"state": "approved"}, 201)

    def _me(self, who: str) -> httpx.Response:
        return ok({"id": f"id of {who}", "name": f"Name of {who}"})

    def _indicators(self, who: str) -> httpx.Response:
        codes = ("acquiring_materials", "threat_of_violence")
        listed = [{"code": code, "behaviour": f"Does {code}."} for code in codes]
        return ok({"version": 1, "indicators": listed, "non_indicators": [{"code": "religion"}]})

    def _observation(self, who: str, record_id: str) -> httpx.Response:
        row = self.rows["observations"].get(record_id)
        if not row or row["reporter"] != f"id of {who}":
            self._log("denied", record_id)
        return ok(row) if row and row["reporter"] == f"id of {who}" else problem(404, "not_found")

    def _actions(self, who: str, referral: str) -> httpx.Response:
        return ok({"items": [self._form(a) for a in self._offered(who, self.rows["referrals"][referral])]})

    def _duties(self, who: str) -> httpx.Response:
        about = ({"kind": "referral", "id": referral} for referral in self.rows["referrals"])
        return self._listed(
            {"subject": subject, "kind": "to_assess", "due_at": "2026-10-01"} for subject in about
        )

    def _owed(self, who: str) -> httpx.Response:
        owed = self.rows["obligations"].values()
        return self._listed(o for o in owed if o["owed_by"] == who and o["state"] == "open")

    def _acknowledge(self, who: str, feedback: str, body: Row) -> httpx.Response:
        return ok({"id": body["id"]}, 201)

    def _events(self, who: str) -> httpx.Response:
        return self._listed(event for event in self.events if event["object"] == self.asked.get("object"))

    def _sessions(self, who: str) -> httpx.Response:
        return self._listed([{"current": True, "started_at": "2026-10-01T12:00:00Z"}])

    def _list(self, who: str, kind: str) -> httpx.Response:
        return self._listed(self.rows[kind].values())

    def _single(self, who: str, kind: str, record_id: str) -> httpx.Response:
        row = self.rows[kind.replace("intelligence-", "")][record_id]
        return ok(row, headers={"ETag": f'"{row.get("version")}.a"'})

    def _listed(self, items: Any) -> httpx.Response:
        return ok({"items": list(items), "next_cursor": None})

    def _log(self, action: str, about: str) -> None:
        self.events.append({"action": action, "object": about, "leaf_hash": "0123456789abcdef"})

    def _report(self, who: str, body: Row) -> httpx.Response:
        if body["id"] in self.rows["observations"]:
            return ok(self.rows["observations"][body["id"]], headers={"Idempotent-Replay": "true"})
        row = body | {"reference": f"LIN-A-{len(self.rows['observations'])}", "status": "received"}
        row |= {"reporter": f"id of {who}", "audit_receipt": {"event_id": "e", "leaf_hash": "h"}}
        self.rows["observations"][body["id"]] = row
        self._log("collect", body["id"])
        return ok(row, 201)

    def _flag(self, who: str, observation: str, body: Row) -> httpx.Response:
        if {ground["indicator"] for ground in body["grounds"]} == {"religion"}:
            return problem(422, "protected_ground_only")
        row = {"id": body["id"], "status": "awaiting_second_person", "about": observation, "by": who}
        self.rows["flags"][body["id"]] = row
        self._log("collect", body["id"])
        return ok(row, 201)

    def _confirm(self, who: str, flag: str, body: Row) -> httpx.Response:
        row = self._open_referral("lin", "to_assess")
        reported = self.rows["observations"][self.rows["flags"][flag]["about"]]
        row["behind"] = reported["reference"]
        self._owe(
            "supervisor.lin-a",
            flag,
            row,
            "flag_decision",
            "confirmed",
            report_reference=reported["reference"],
        )
        self._log("alter", flag)
        self._log("consult", flag)
        return ok({"id": body["id"], "referral_reference": row["reference"]}, 201)

    def _open_referral(self, unit: str, state: str, parent: Row | None = None) -> Row:
        row_id = str(uuid.uuid4())
        row = {"id": row_id, "reference": f"{unit}-{row_id[:8]}", "unit": unit, "state": state, "version": 1}
        if parent:
            row |= {"parent_id": parent["id"], "report_id": parent["report_id"]}
        self.rows["referrals"][row_id] = row
        return row

    def _owe(self, whom: str, about: str, referral: Row, kind: str, outcome: str, **more: Any) -> None:
        row: Row = {
            "id": str(uuid.uuid4()),
            "state": "open",
            "owed_by": whom,
            "language": "de",
            "subject": {"kind": "referral", "id": about},
        }
        self.rows["obligations"][row["id"]] = row | {"decision": {"kind": kind, "outcome": outcome}, **more}
        referral.setdefault("owes", []).append(row["id"])
        referral.setdefault("behind_of", {})[row["id"]] = referral.get("behind")

    def owe_for_report(self, whom: str, about: str, kind: str, outcome: str, reference: str) -> None:
        """Owe the officer behind a report a word."""
        self._owe(whom, about, self.rows["observations"][about], kind, outcome, report_reference=reference)

    def _offered(self, who: str, referral: Row) -> list[str]:
        role, unit = who.split(".")
        open_here = [
            a for a, (state, _) in STEPS.items() if state == referral["state"] and unit == referral["unit"]
        ]
        mine = [action for action in open_here if (action in MANAGERS) == (role == "manager")]
        return [a for a in mine if a != "approve_sanitised" or who != referral.get("writer")]

    def _form(self, action: str) -> Row:
        required = REQUIRED.get(action, ())
        properties = {name: {"type": "string"} for name in required}
        if action == "assess":
            properties["factors"] = {"type": "array", "items": FACTOR}  # type: ignore[dict-item]
        return {"action": action, "title": action, "fields": {"required": required, "properties": properties}}

    def _step(self, who: str, record_id: str, body: Row) -> httpx.Response:
        referral = self.rows["referrals"][record_id]
        action, unit = body["action"], who.split(".")[1]
        if action not in self._offered(who, referral):
            return problem(403, "same_person")
        if action == "close" and any(
            self.rows["obligations"][o]["state"] == "open" for o in referral["owes"]
        ):
            return problem(409, "feedback_owed")
        before, after = STEPS[action]
        if body["fields"].get("outcome") == "investigate":
            after = "to_feed_back"
        referral |= {"state": after, "version": referral["version"] + 1, "writer": who}
        if action == "approve_sanitised":
            referral["report_id"] = str(uuid.uuid4())
            self.rows["reports"][referral["report_id"]] = {"grades": [{"code": "B"}, {"code": "2"}]}
        if action == "sanitise":
            self.text = body["fields"]["text"]
        if action == "decide":
            self._owe(who, record_id, referral, "decision", body["fields"]["outcome"])
        if action == "disseminate":
            self.rows["reports"][referral["report_id"]]["text"] = self.text
            self._open_referral(LINE[unit], "to_acknowledge", referral)["behind"] = referral["behind"]
            self._log("disclose", referral["report_id"])
        if action == "close" and "parent_id" in referral:
            self.rows["referrals"][referral["parent_id"]]["state"] = "to_feed_back"
        return ok({"from_state": before, "to_state": after}, 201)

    def _feed_back(self, who: str, body: Row) -> httpx.Response:
        self.rows["obligations"][body["obligation_id"]]["state"] = "met"
        behind = next(
            referral["behind_of"][body["obligation_id"]]
            for referral in (*self.rows["referrals"].values(), *self.rows["observations"].values())
            if body["obligation_id"] in referral.get("behind_of", {})
        )
        named = self.rows["obligations"][body["obligation_id"]].get("report_reference")
        self.rows["feedback"][body["id"]] = {**body, "report_reference": named or behind}
        return ok({"state": "delivered", "obligation": {"state": "met"}}, 201)


def ok(body: Row, status: int = 200, headers: dict[str, str] | None = None) -> httpx.Response:
    hidden = ("behind", "owes", "behind_of", "writer", "about", "by")
    return httpx.Response(status, json={k: v for k, v in body.items() if k not in hidden}, headers=headers)


ROUTES: tuple[tuple[str, str, Callable[..., httpx.Response]], ...] = (
    ("GET", "/me", FakeProduct._me),
    ("GET", "/auth/sessions", FakeProduct._sessions),
    ("GET", "/indicators", FakeProduct._indicators),
    ("POST", "/observations", FakeProduct._report),
    ("GET", "/observations/([^/]+)", FakeProduct._observation),
    ("POST", "/observations/([^/]+)/flags", FakeProduct._flag),
    ("POST", "/flags/([^/]+)/decision", FakeProduct._confirm),
    ("GET", "/referrals/([^/]+)/actions", FakeProduct._actions),
    ("POST", "/referrals/([^/]+)/steps", FakeProduct._step),
    ("GET", "/duties", FakeProduct._duties),
    ("GET", "/feedback/obligations", FakeProduct._owed),
    ("POST", "/feedback", FakeProduct._feed_back),
    ("POST", "/feedback/([^/]+)/acknowledgement", FakeProduct._acknowledge),
    ("GET", "/audit/events", FakeProduct._events),
    ("POST", "/concerns/([^/]+)/replies", FakeProduct._reply),
    ("POST", "/concerns/([^/]+)/replies/([^/]+)/approval", FakeProduct._approve),
    ("GET", "/triage", fake_desk.triage_queue),
    ("POST", "/links", fake_desk.link),
    ("POST", "/(observations|concerns)/([^/]+)/triage", fake_desk.triage),
    ("POST", "/problems", fake_desk.open_problem),
    ("POST", "/problems/([^/]+)/entries", fake_desk.add_entry),
    ("POST", "/observations/([^/]+)/closing", fake_desk.close),
    ("POST", "/emergencies/([^/]+)/([^/]+)", fake_desk.act),
    ("GET", "/(concerns|emergencies|flags|referrals|feedback)", FakeProduct._list),
    (
        "GET",
        "/(concerns|flags|problems|referrals|feedback|intelligence-reports)/([^/]+)",
        FakeProduct._single,
    ),
)
