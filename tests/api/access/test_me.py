"""One's own profile: what it shows, what one may set, and that nobody's change is lost."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from community_api.access.models import RoleGrant
from community_api.audit.models import AuditEvent
from community_api.demo.loader import account_id

OFFICER = "officer1.lin-a"


def test_a_profile_shows_exactly_what_is_promised(shared_world):
    me = shared_world.client(OFFICER).get("/me")
    assert set(me.body) == {
        "id",
        "name",
        "language",
        "timezone",
        "quiet_hours",
        "roles",
        "posts",
        "certificates",
        "indicator_list_version",
    }
    assert (me["name"], me["language"]) == ("Jonas Albrecht", "de")
    assert me["roles"] == [{"role": "officer", "unit": "lin-a"}]
    assert me["posts"] == ["officer.lin-a"]
    assert me["indicator_list_version"] == 1


def test_a_certificate_is_shown_with_whether_it_counts_today(shared_world):
    valid = shared_world.client(OFFICER).get("/me")["certificates"]
    expired = shared_world.client("officer2.lin-a").get("/me")["certificates"]
    assert [(one["course"], one["valid"]) for one in valid] == [("verlt", True)]
    assert [(one["course"], one["valid"]) for one in expired] == [("verlt", False)]
    # The first moment at which it counts no longer: the end of its last day, which was yesterday.
    assert datetime.fromisoformat(expired[0]["expires_at"]) == datetime(2026, 3, 2, tzinfo=UTC)


def test_somebody_without_any_role_still_sees_who_they_are(world):
    client = world.client(OFFICER)
    with world.uow() as tx:
        tx.update_where(RoleGrant, {"account_id": account_id(OFFICER)}, {"until": tx.now})
    assert client.get("/me")["roles"] == []


def test_what_is_set_is_shown_and_the_rest_stays(world):
    client = world.client(OFFICER)
    before = client.get("/me")
    told = {"language": "en", "quiet_hours": {"from": "22:00", "to": "06:00"}}
    changed = client.patch("/me", told, if_match=before)
    assert changed.body == {**before.body, **told, "audit_receipt": changed["audit_receipt"]}
    after = client.get("/me")
    assert after.body == {**before.body, **told}
    assert after.etag == changed.etag != before.etag
    assert client.patch("/me", {"quiet_hours": None}, if_match=after)["quiet_hours"] is None


def test_the_next_refusal_is_in_the_language_that_was_set(world):
    client = world.client(OFFICER)
    before = client.get(f"/observations/{uuid4()}", expect=404)
    client.patch("/me", {"language": "en"}, if_match=client.get("/me"))
    after = client.get(f"/observations/{uuid4()}", expect=404)
    assert (before["title"], after["title"]) == ("Nicht gefunden", "Not found")


def test_a_change_leaves_a_leaf_that_its_receipt_names(world):
    client = world.client(OFFICER)
    receipt = client.patch("/me", {"language": "en"}, if_match=client.get("/me"))["audit_receipt"]
    with world.uow() as tx:
        (leaf,) = tx.all(select(AuditEvent).where(AuditEvent.object_kind == "person"))
    assert (str(leaf.id), leaf.leaf_hash.hex()) == (receipt["event_id"], receipt["leaf_hash"])


def test_a_version_must_be_named_and_be_the_newest(world):
    client = world.client(OFFICER)
    first = client.get("/me")
    told = {"language": "en"}
    assert client.patch("/me", told, expect=428).code == "precondition_required"
    assert client.patch("/me", told, if_match="*", expect=428).code == "precondition_required"
    client.patch("/me", told, if_match=first)
    assert client.patch("/me", {"language": "de"}, if_match=first, expect=412).code == "precondition_failed"
    assert client.get("/me")["language"] == "en"


def test_a_known_tag_is_answered_without_a_body(shared_world):
    client = shared_world.client(OFFICER)
    answer = client.call("GET", "/me", headers={"If-None-Match": client.get("/me").etag})
    assert (answer.status, answer.body) == (304, None)


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({}, "", "nothing_told"),
        ({"language": "tlh"}, "/language", "not_a_language"),
        ({"language": None}, "/language", "null"),
        ({"timezone": "Mars/Olympus"}, "/timezone", "not_a_timezone"),
        ({"timezone": "../../etc/passwd"}, "/timezone", "not_a_timezone"),
        ({"timezone": "x" * 65}, "/timezone", "too_long"),
        ({"quiet_hours": {"from": "22:00"}}, "/quiet_hours/to", "required"),
        ({"quiet_hours": {"from": "24:00", "to": "06:00"}}, "/quiet_hours/from", "not_an_hour"),
        ({"quiet_hours": {"from": "22:00\n", "to": "06:00"}}, "/quiet_hours/from", "not_an_hour"),
        ({"quiet_hours": {"from": "06:00", "to": "06:00"}}, "/quiet_hours/to", "same_as_other"),
        ({"quiet_hours": "always"}, "/quiet_hours", "wrong_type"),
        ({"name": "Somebody Else"}, "/name", "unknown_field"),
        ({"roles": []}, "/roles", "unknown_field"),
    ],
)
def test_what_cannot_be_meant_is_named(shared_world, values, pointer, code):
    client = shared_world.client(OFFICER)
    answer = client.patch("/me", values, if_match=client.get("/me"), expect=422)
    assert (pointer, code) in {(error["pointer"], error["code"]) for error in answer["errors"]}
