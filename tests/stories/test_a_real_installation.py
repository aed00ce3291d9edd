"""A real installation begins with three accounts; everybody else comes by two people, and may then flag.

No demo organisation here: the units of a small country, and what the command line of the host makes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from community_api.access.accounts import service as accounts
from community_api.core.actor import SYSTEM
from community_api.core.clock import FixedClock
from community_api.core.config import Settings
from community_api.core.i18n.translations import Words
from community_api.factory import create_app
from community_api.intelligence.indicators import service as indicators
from community_api.units.declaration import read_units
from community_api.units.service import establish_units
from community_api.units.terms import Role
from tests.stories.vocabulary import BEHAVIOUR, FERTILISER
from tests.support.databases import Databases
from tests.support.factories import START, write_keys

UNITS = {
    "homeland": {"level": "national", "called": "Police of the country"},
    "coast": {"level": "local", "called": "Coast", "under": "homeland"},
    "harbour": {"level": "community", "called": "Harbour team", "under": "coast"},
    "hill": {"level": "community", "called": "Hill team", "under": "coast"},
}
FIRST = {"root": Role.ADMINISTRATOR, "privacy": Role.DPO, "academy": Role.TRAINER}


def password_of(name: str) -> str:
    return f"Nine calm tides, at dawn: {len(name)} {name[::-1]}"


@dataclass
class Office:
    """The product as it stands in an office, and who is signed in to it."""

    app: Any
    clock: FixedClock

    def signs_in(self, name: str) -> Desk:
        body = {"username": name, "password": password_of(name)}
        answer = self.app.test_client().post("/api/v1/auth/login", json=body)
        assert answer.status_code == 200, answer.json
        return Desk(self, answer.json["access_token"])


@dataclass
class Desk:
    """Somebody who is signed in."""

    office: Office
    token: str

    def asks(self, path: str, body: dict[str, Any] | None = None, *, expect: int | None = None) -> Any:
        sent = self.office.app.test_client().open(
            f"/api/v1{path}",
            method="GET" if body is None else "POST",
            headers={"Authorization": f"Bearer {self.token}"},
            **({} if body is None else {"json": body}),
        )
        right = sent.status_code < 300 if expect is None else sent.status_code == expect
        assert right, (path, sent.status_code, sent.json)
        return sent.json


@pytest.fixture
def office(databases: Databases, dialect: str, tmp_path: Path) -> Iterator[Office]:
    with databases.fresh(dialect) as addresses:
        clock = FixedClock(START)
        keys = write_keys(tmp_path / "keys")
        settings = Settings(mode="test", database_url=addresses.database_url, keys=keys, var=tmp_path)
        app = create_app(settings, clock=clock)
        uow = app.extensions["community"].uow
        with uow() as tx:
            establish_units(tx, read_units(UNITS, timezone="Europe/Oslo", country="homeland"))
        indicators.install(uow)
        for name, role in FIRST.items():
            accounts.create_account(
                uow, SYSTEM, words=Words(), username=name, name=name.title(), role=role, unit="homeland",
                password=password_of(name), language="en", timezone=None,
            )  # fmt: skip
        yield Office(app, clock)
        uow.database.close()


def joins(office: Office, name: str, role: str, unit: str) -> Desk:
    """The administrator proposes, the data protection officer approves and hands the token over."""
    body = {"username": name, "name": f"{name.title()} Moe", "role": role, "unit": unit}
    proposal = office.signs_in("root").asks("/proposals", {"kind": "account_create", "body": body})
    decided = office.signs_in("privacy").asks(
        f"/proposals/{proposal['id']}/decision",
        {"decision": "approved", "reason": f"{name} was sworn in on Monday"},
    )
    told = {"token": decided["first_password"]["token"], "password": password_of(name)}
    answer = office.app.test_client().post("/api/v1/auth/first-password", json=told)
    assert answer.status_code == 200, answer.json
    return office.signs_in(name)


def is_certified(office: Office, name: str) -> None:
    now = office.clock.now()
    office.signs_in("academy").asks(
        "/certificates",
        {
            "account": name,
            "course": "verlt",
            "passed_at": (now - timedelta(days=1)).isoformat(),
            "expires_at": (now + timedelta(days=365)).isoformat(),
        },
    )


def reports(desk: Desk) -> Any:
    told = {
        "occurred_at": desk.office.clock.now().isoformat(),
        "purpose": "crime_prevention",
        "category": "weapons",
        "facts": FERTILISER,
        "source_relation": "witnessed",
    }
    return desk.asks("/observations", told)


def flags(desk: Desk, report: Any, *, expect: int | None = None) -> Any:
    told = {
        "kind": "verlt",
        "indicator_list_version": desk.asks("/indicators")["version"],
        "grounds": [{"indicator": BEHAVIOUR, "fact": FERTILISER}],
        "alternative_explanation": "He may be a gardener who sells on.",
        "necessity": "No milder way tells whether the building is in danger.",
        "proportionality": "Only the act and the words, no circle of friends.",
        "subjects": [],
    }
    return desk.asks(f"/observations/{report['id']}/flags", told, expect=expect)


def test_an_officer_joins_is_trained_and_flags_and_a_second_person_confirms(office: Office) -> None:
    # Nobody is in the teams yet. The administrator alone brings nobody in.
    officer = joins(office, "inga", "officer", "harbour")
    second = joins(office, "olav", "supervisor", "hill")

    # What is seen is taken from the first day; a flag needs the course.
    report = reports(officer)
    assert flags(officer, report, expect=403)["code"] == "training_required"

    # The academy certifies both; it counts at the very next request.
    is_certified(office, "inga")
    is_certified(office, "olav")
    flag = flags(officer, report)
    assert flag["status"] == "awaiting_second_person"

    # The supervisor of the other team finds it among the duties of the post that came with the role.
    duties = second.asks("/duties")["items"]
    assert [one["kind"] for one in duties] == ["flag_decide"]
    decision = {
        "decision": "confirmed",
        "reason": "Acts and words.",
        "stands_without_protected_ground": "yes",
    }
    confirmed = second.asks(f"/flags/{flag['id']}/decision", decision)
    assert confirmed["referral_reference"]


def test_the_administrator_brings_nobody_in_alone(office: Office) -> None:
    root = office.signs_in("root")
    body = {"username": "ghost", "name": "Nobody", "role": "officer", "unit": "harbour"}
    proposal = root.asks("/proposals", {"kind": "account_create", "body": body})
    said = {"decision": "approved", "reason": "I say so"}
    assert root.asks(f"/proposals/{proposal['id']}/decision", said, expect=403)
    # Nor by taking the second role: that, too, somebody else would have to approve.
    more = {"account": "root", "role": "dpo", "unit": "homeland"}
    grant = root.asks("/proposals", {"kind": "grant", "body": more})
    assert root.asks(f"/proposals/{grant['id']}/decision", said, expect=403)


def test_who_leaves_is_out_at_once(office: Office) -> None:
    officer = joins(office, "inga", "officer", "harbour")
    reports(officer)
    body = {"account": "inga", "reason": "Moved abroad"}
    proposal = office.signs_in("root").asks("/proposals", {"kind": "account_disable", "body": body})
    said = {"decision": "approved", "reason": "Last day was Friday"}
    office.signs_in("privacy").asks(f"/proposals/{proposal['id']}/decision", said)
    assert officer.asks("/me", expect=401)["code"] == "token_revoked"
