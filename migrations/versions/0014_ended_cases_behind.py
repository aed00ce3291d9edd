"""ended cases behind: in a queue what has ended comes behind all that somebody has to do, the last end first.

Revision 0014, after 0013. The place of a case in its queue (`referrals.terms.place_in_queue`).
"""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BEHIND = {
    "postgresql": (
        "UPDATE intel_referral SET queue_at ="
        " timestamptz '9000-01-01 00:00+00' - (ended_at - timestamptz '2000-01-01 00:00+00')"
        " WHERE phase = 'ended' AND ended_at IS NOT NULL"
    ),
    "sqlite": (
        "UPDATE intel_referral SET queue_at = strftime('%Y-%m-%d %H:%M:%f', '9000-01-01',"
        " (strftime('%s', '2000-01-01') - strftime('%s', ended_at)) || ' seconds') || '000'"
        " WHERE phase = 'ended' AND ended_at IS NOT NULL"
    ),
}


def upgrade() -> None:
    op.execute(_BEHIND[op.get_bind().dialect.name])


def downgrade() -> None:
    op.execute("UPDATE intel_referral SET queue_at = ended_at WHERE phase = 'ended' AND ended_at IS NOT NULL")
