"""Retention classes: how long what is kept, and why (R20, R21).

Periods are proposed defaults, not published norms; a deployment adapts them with its data
protection officer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class RetentionClass:
    """``days`` is the period to the review; ``hard_days`` the most without a new validation."""

    name: str
    days: int
    hard_days: int
    why: str


_DECLARED = (
    RetentionClass(
        "community_report", 365, 1095, "an ordinary community matter: one year after it was told, then review"
    ),
    RetentionClass("concern_without_purpose", 90, 90, "a public concern without police purpose (R21)"),
    RetentionClass("concern_closed", 90, 90, "a public concern that was closed: 90 days, then erased"),
    RetentionClass(
        "emergency",
        365,
        1095,
        "what was done about danger to somebody: as long as the report of it",
    ),
    RetentionClass(
        "contact_details", 90, 180, "contact details of a reporter: only while an answer may be owed"
    ),
    RetentionClass("flag_open", 30, 365, "a flag that waits for its second person or was confirmed"),
    RetentionClass(
        "flag_refused", 30, 30, "refused, mistaken, malicious, lapsed or withdrawn flag: 30 days (R21)"
    ),
    RetentionClass("flag_child", 15, 183, "a flag that concerns a child: half of the adult period (R21)"),
    RetentionClass(
        "referral", 365, 1825, "a running or ended referral: yearly review, five years at most (R21)"
    ),
    RetentionClass(
        "referral_no_further_action", 365, 365, "assessed, no further action: one year, then purge (R21)"
    ),
    RetentionClass(
        "referral_child", 183, 913, "a referral that concerns a child: half of the adult period (R21)"
    ),
    RetentionClass(
        "referral_no_further_action_child",
        183,
        183,
        "assessed, no further action, concerns a child: half of the adult period (R21)",
    ),
    RetentionClass(
        "intelligence_report", 365, 1825, "yearly review, five years at most unless validated anew (R21)"
    ),
    RetentionClass("safeguarding_record", 730, 730, "support record: a stub after two years (R21)"),
    RetentionClass(
        "safeguarding_record_child", 365, 365, "support record of a child: half of the adult period (R21)"
    ),
    RetentionClass("feedback", 365, 1095, "what was answered to whom, as long as the report it answers"),
    RetentionClass(
        "bias_review", 365, 1095, "that a place was asked about bias, and the finding: figures of no person"
    ),
    RetentionClass("briefing", 183, 365, "a briefing: after its validity only for reference"),
    RetentionClass("audit", 1825, 3650, "proof of lawful use; payloads go with the record they belong to"),
    RetentionClass(
        "account", 365, 3650, "persons, accounts, posts and certificates: while employed and for proof"
    ),
    RetentionClass("technical", 90, 365, "commands, outbox items, sign-in proofs: no content"),
    RetentionClass(
        "reference", 3650, 3650, "declared lists and procedures: as long as a case refers to them"
    ),
)
CLASSES = {declared.name: declared for declared in _DECLARED}


def review_on(name: str, day: date) -> date:
    """The day by which a record of that class made on ``day`` must be reviewed; KeyError if undeclared."""
    return day + timedelta(days=CLASSES[name].days)


def describe(
    name: str | None,
    review: date | None,
    legal_hold: bool,  # noqa: FBT001 - a fact of the record, not a switch
) -> dict[str, object]:
    """How every content record shows its retention (contract section 2)."""
    return {"class": name, "review_on": review.isoformat() if review else None, "legal_hold": legal_hold}
