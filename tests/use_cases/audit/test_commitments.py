"""What somebody wrote is committed to by the leaf of that very commit, and the commitment can be opened."""

import hashlib
import json

import pytest
from sqlalchemy import select

from community_api.audit.models import AuditEvent
from community_api.audit.service import commitment
from community_api.audit.terms import LEAF_PREFIX, PAYLOAD_LABEL, SALT_BYTES, SALT_LABEL, Action
from community_api.core.actor import SYSTEM
from tests.support.workflow import MANAGER, OFFICER, SUPERVISOR, Police, subject

# What somebody read or was refused says nothing new.
WORDLESS = {Action.CONSULT, Action.DENIED, Action.LOGIN, Action.DELIVER, Action.CONFIG}


@pytest.fixture
def worked(world):
    """A world in which everything that is written on the way of the main job was written."""
    police = Police(world)
    officer = police.of(OFFICER)
    report = police.observes()["id"]
    officer.post(f"/observations/{report}/supplements", {"facts": "The van came back on Tuesday."})
    taken_back = police.observes()["id"]
    police.raises_flag(taken_back)
    officer.post(f"/observations/{taken_back}/withdrawal", {"reason": "Seen by mistake."})
    flag = police.raises_flag(report, subjects=[subject("child", identifying="the boy in the red coat")])
    police.cosigns(flag["id"])
    referral = police.referral_called(police.decides_flag(flag["id"])["referral_reference"])
    police.brings_to("sent", referral)
    police.finishes("ost", police.referral_at("ost", parent=referral))
    police.answers_everything(SUPERVISOR)
    police.answers_everything(MANAGER)
    for message in police.inbox():
        officer.post(f"/feedback/{message['id']}/acknowledgement", {"rating": 4, "comment": "Clear words."})
    case = {"kind": "audit", "reason": "A sample of this month."}
    police.of("overseer.oversight").post("/cases", case)
    return world


def leaves_of(world):
    with world.uow() as tx:
        return tx.all(select(AuditEvent).order_by(AuditEvent.at, AuditEvent.id))


def entry_text(leaf):
    return json.loads(leaf.envelope)


def test_every_write_in_words_has_a_commitment_that_opens_to_these_words(worked):
    opened = {}
    for leaf in leaves_of(worked):
        envelope = entry_text(leaf)
        assert hashlib.sha256(LEAF_PREFIX + leaf.envelope.encode()).digest() == leaf.leaf_hash
        if leaf.payload_ct is None:
            assert "payload_commit" not in envelope
            continue
        with worked.uow() as tx:
            salt = tx.sealer.open(tx, leaf.payload_owner, SALT_LABEL, 1, leaf.salt)
            payload = tx.sealer.open(tx, leaf.payload_owner, PAYLOAD_LABEL, 1, leaf.payload_ct)
        assert len(bytes.fromhex(salt)) == SALT_BYTES
        assert commitment(bytes.fromhex(salt), payload) == envelope["payload_commit"]
        opened.setdefault(envelope["permission"], []).append(payload)
    assert {"facts": "The van came back on Tuesday."}.items() <= opened["observation.supplement"][0].items()
    assert {"reason": "Everything is answered."} in opened["referral.step"]
    assert {"comment": "Clear words."} in opened["feedback.acknowledge"]
    assert [one["reason"] for one in opened["case.open"]] == ["A sample of this month."]
    assert any("fertiliser" in one["text"] for one in opened["intelligence_report.read"])


def test_no_act_of_a_person_is_without_one(worked):
    silent = {
        (leaf.action, entry_text(leaf)["permission"], entry_text(leaf)["outcome"])
        for leaf in leaves_of(worked)
        if leaf.payload_ct is None and leaf.actor != SYSTEM.account_id and leaf.action not in WORDLESS
    }
    assert silent == set()


def test_no_word_of_it_is_in_an_envelope(worked):
    envelopes = " ".join(leaf.envelope for leaf in leaves_of(worked))
    for word in ("van", "fertiliser", "red coat", "mistake", "Clear", "sample"):
        assert word not in envelopes


def test_the_words_of_a_step_go_with_the_step(worked):
    steps = [leaf for leaf in leaves_of(worked) if entry_text(leaf)["permission"] == "referral.step"]
    owners = [leaf.payload_owner for leaf in steps if leaf.payload_ct is not None]
    assert len(owners) == len(set(owners))
    assert not {leaf.object_id for leaf in steps} & set(owners)
