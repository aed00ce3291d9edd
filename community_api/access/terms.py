"""The words of access: what a cell of the matrix says, what a permission does, why one reads.

Sources: the matrix is that of docs/security.md (P7); purposes and cases are those of
contract section 2 (28 CFR 23.20(e): need to know and right to know are two tests; LED art. 25: a
consultation is logged with its justification).
"""

from enum import StrEnum
from typing import Final


class Cell(StrEnum):
    """What one role may do under one permission; the values are the letters of ``matrix.yaml``."""

    FULL = "y"
    OWN = "o"
    ADDRESSED = "a"
    CASE = "p"
    METADATA = "m"
    PROPOSES = "2"
    APPROVES = "v"
    REFUSED = "-"


class Act(StrEnum):
    """What a permission does to its thing; decides what is asked besides the cell."""

    MAKE = "make"
    READ = "read"
    LIST = "list"
    LOOK = "look"
    WRITE = "write"
    RULE = "rule"


class ReachRule(StrEnum):
    """How far a row reaches beyond the scope of the role, or short of it."""

    ROLE = "role"
    POST = "post"
    LOCAL_UNIT = "local_unit"
    BELOW = "below"
    INSTALLATION = "installation"


class View(StrEnum):
    """How much of the thing an allowed caller sees; metadata has no content and no names."""

    CONTENT = "content"
    METADATA = "metadata"


class Purpose(StrEnum):
    """Why somebody reads other people's records (header X-Purpose)."""

    TRIAGE = "triage"
    ASSESSMENT = "assessment"
    SUPERVISION = "supervision"
    FEEDBACK = "feedback"
    SAFEGUARDING = "safeguarding"
    EMERGENCY = "emergency"
    REVIEW = "review"
    AUDIT = "audit"
    RIGHTS_REQUEST = "rights_request"
    INSPECTION = "inspection"


class CaseKind(StrEnum):
    """For what a case may be opened."""

    REVIEW = "review"
    AUDIT = "audit"
    RIGHTS_REQUEST = "rights_request"
    INSPECTION = "inspection"


# The column of ``matrix.yaml`` for people without an account, who hold the code of a concern or nothing.
PUBLIC: Final = "public"
# A case closes itself after this many days (contract section 2).
CASE_DAYS: Final = 14
# For so long after an exchange the same successor is given again, whatever was used (contract section 3).
TOGETHER_SECONDS: Final = 60
# How long one may still exchange the previous refresh token, when the reply with its successor got lost.
RETRY_HOURS: Final = 24
ACCESS_SECONDS: Final = 15 * 60
SESSION_DAYS: Final = 30
IDLE_DAYS_OFFICER: Final = 14
IDLE_HOURS_OTHERS: Final = 12
PASSWORD_MIN: Final = 12
# Bounded before hashing: what is longer is refused unread.
PASSWORD_MAX: Final = 128
USERNAME_MAX: Final = 100


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    LOGOUT = "logout"
    REVOKED = "revoked"
    # An old refresh token came back: somebody has a copy.
    REUSE = "reuse"
    DISABLED = "disabled"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password
    # The database is that of a backup, which does not know what was ended after it.
    RESTORED = "restored"


class ProposalKind(StrEnum):
    """What needs two people (contract section 4)."""

    ACCOUNT_CREATE = "account_create"
    ACCOUNT_DISABLE = "account_disable"
    ACCOUNT_ENABLE = "account_enable"
    ACCOUNTS_IMPORT = "accounts_import"
    GRANT = "grant"
    REVOKE = "revoke"
    POST_HOLDER = "post_holder"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind, not a password
    ABSENCE = "absence"
    UNIT_CREATE = "unit_create"
    UNIT_CHANGE = "unit_change"
    PROCEDURE_ADOPT = "procedure_adopt"
    INDICATOR_LIST = "indicator_list"


class ProposalDecision(StrEnum):
    """What the second person said."""

    APPROVED = "approved"
    REFUSED = "refused"
