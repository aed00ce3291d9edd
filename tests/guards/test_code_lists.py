"""The lists that clients read name exactly the codes that the product uses."""

import pytest

from community_api.access.accounts.terms import AccountState
from community_api.access.proposals import terms as proposals
from community_api.access.terms import CaseKind, ProposalKind
from community_api.access.terms import Purpose as AccessPurpose
from community_api.admin.outbox.schemas import STATES as OUTBOX_STATES
from community_api.audit.terms import Action
from community_api.community.concerns import terms as concerns
from community_api.community.emergencies import terms as emergencies
from community_api.community.observations import terms as observations
from community_api.community.priorities import terms as priorities
from community_api.community.problems import terms as problems
from community_api.community.shared import terms as reports
from community_api.community.triage import terms as triage
from community_api.core.code_lists import code_lists, codes, read_code_list
from community_api.core.i18n.translations import WORDS
from community_api.core.monitoring.health import WORKER_STATES
from community_api.feedback import terms as feedback
from community_api.intelligence.chain.disseminations.schemas import MEASURES
from community_api.intelligence.chain.referrals.terms import Urgency
from community_api.intelligence.chain.reports.terms import DisseminationState, NoticeKind
from community_api.intelligence.flags import terms as flags
from community_api.intelligence.indicators.terms import IndicatorClass
from community_api.intelligence.suspensions.terms import Subject
from community_api.oversight.bias import terms as bias
from community_api.procedure_engine import compare
from community_api.procedure_engine import terms as procedure
from community_api.procedure_engine.repository import pack
from community_api.safeguarding import terms as safeguarding
from community_api.units.terms import Level, Role
from community_api.units.words import duty_title

BASELINE = pack("osce-baseline", 1)


(SCHEME,) = (scheme for scheme in BASELINE.schemes if scheme.code == "4x4")


def axis(name):
    (found,) = (axis for axis in SCHEME.axes if axis.code == name)
    return [value.code for value in found.values]


USED = {
    "account_states": AccountState,
    "bias_findings": bias.Finding,
    "bias_review_states": bias.State,
    "case_states": ["open", "closed"],
    "cosign_decisions": flags.Cosign,
    "feedback_audiences": feedback.Audience,
    "feedback_message_kinds": feedback.MessageKind,
    "grading_axes": [axis.code for axis in SCHEME.axes if axis.code != "handling"],
    "handover_states": safeguarding.HandoverState,
    "indicator_classes": IndicatorClass,
    "message_senders": ["you", "police"],
    "notice_kinds": NoticeKind,
    "outbox_states": OUTBOX_STATES,
    "priority_partners": priorities.With,
    "priority_states": priorities.State,
    "procedure_differences": compare.Kind,
    "recall_measures": MEASURES,
    "report_kinds": ["observation", "concern"],
    "safeguarding_states": safeguarding.State,
    "suspension_subjects": Subject,
    "trial_differences": ["refused", "stage", "owner", "deadline"],
    "worker_states": WORKER_STATES,
    "yes_no": ["yes", "no"],
    "problem_results": problems.Achieved,
    "problem_stages": problems.Stage,
    "problem_statuses": problems.Status,
    "problem_trends": problems.Trend,
    "closing_reasons": reports.ClosingReason,
    "duplicate_signs": triage.Sign,
    "routes": reports.Route,
    "triage_reasons": triage.Why,
    "access_purposes": AccessPurpose,
    "ages": flags.Age,
    "attachments_states": observations.AttachmentsState,
    "audit_actions": Action,
    "case_kinds": CaseKind,
    "categories": observations.CATEGORIES,
    "concern_channels": concerns.Channel,
    "exceptions": procedure.WishException,
    "concern_message_kinds": concerns.MessageKind,
    "concern_reply_kinds": concerns.ReplyKind,
    "concern_reply_states": concerns.ReplyState,
    "concern_states": concerns.PublicState,
    "contact_channels": concerns.ContactChannel,
    "consents": safeguarding.Consent,
    "dissemination_states": DisseminationState,
    "emergency_acts": emergencies.Act,
    "emergency_batch_states": emergencies.BatchState,
    "emergency_call_kinds": emergencies.CallKind,
    "emergency_states": emergencies.State,
    "feedback_decisions": procedure.FeedbackPoint,
    "feedback_message_states": feedback.MessageState,
    "flag_kinds": flags.Kind,
    "flag_statuses": flags.Status,
    "grading_information": axis("information"),
    "grading_source": axis("source"),
    "guardian_told": flags.GuardianTold,
    "handling": axis("handling"),
    "levels": Level,
    "obligation_states": feedback.State,
    "observation_statuses": observations.Status,
    "outcomes": feedback.Outcome,
    "precisions": observations.Precision,
    "proposal_kinds": ProposalKind,
    "proposal_states": proposals.State,
    "purposes": observations.Purpose,
    "referral_phases": procedure.Phase,
    "roles": Role,
    "source_relations": observations.SourceRelation,
    "subject_categories": flags.SubjectCategory,
    "urgencies": Urgency,
}
# Named by the contract, used by wings that are still to be built; a list leaves here when they are.
AHEAD = {
    "consents": ["given", "refused", "not_asked", "not_possible"],
    "closing_reasons": ["solved", "handed_over", "no_police_purpose", "cannot_act", "duplicate"],
    "concern_states": ["received", "in_progress", "answered", "closed"],
    "grading_schemes": ["4x4", "5x5x5", "3x5x2"],
    "withholding_codes": ["ongoing", "source_risk", "third_party_data", "originator_refused", "unlawful"],
}


@pytest.mark.parametrize("name", sorted(USED | AHEAD))
def test_list_names_the_codes_in_use(name):
    assert list(codes(name)) == [str(code) for code in (USED | AHEAD)[name]]


def test_words_of_public_lists_are_held_in_every_public_language():
    contexts = {listed.context for listed in code_lists().values() if listed.public}
    assert contexts - WORDS.public.contexts == set()


def test_every_list_is_compared():
    assert code_lists().keys() == USED.keys() | AHEAD.keys()


def test_no_category_is_called_terrorism():
    said = [f"{one.label} {one.description}".lower() for one in code_lists()["categories"].codes.values()]
    assert [text for text in said if "terror" in text or "extrem" in text or "radical" in text] == []


OWING = (concerns, emergencies, feedback, flags, reports, safeguarding)


@pytest.mark.parametrize("kind", [kind for terms in OWING for kind in terms.DutyKind])
def test_every_duty_has_words(kind):
    assert duty_title(kind)


@pytest.mark.parametrize(
    "values",
    [
        "context: c\nlabel: l\ncodes: {yes: {label: L}}",
        "context: c\nlabel: l\ncodes: {1: {label: L}}",
        "context: c\nlabel: l\ncodes: {a: {label: No}}",
        "context: c\nlabel: l\ncodes: {a: {}}",
        "context: c\nlabel: l\ncodes: {a: {label: L, icon: i}}",
        "context: c\ncodes: {a: {label: L}}",
        "context: c\nlabel: l\npublic: false\ncodes: {a: {label: L}}",
        "[]",
    ],
)
def test_list_of_another_shape_is_refused(tmp_path, values):
    path = tmp_path / "list.yaml"
    path.write_text(values)
    with pytest.raises((ValueError, TypeError), match=r"list\.yaml"):
        read_code_list(path)
