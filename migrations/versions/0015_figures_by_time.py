"""figures by time: what happened in a quarter is found without looking through all that ever happened.

Revision 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_intel_flag_raised", "intel_flag", ["raised_at", "unit_id"]),
    ("ix_intel_flag_decision_decided", "intel_flag_decision", ["decided_at"]),
    ("ix_intel_dissemination_sent", "intel_dissemination", ["sent_at"]),
)
ENDED = "ix_intel_flag_ended"


def upgrade() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns)
    there = sa.text("ended_at IS NOT NULL")
    op.create_index(ENDED, "intel_flag", ["ended_at", "unit_id"], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index(ENDED, table_name="intel_flag")
    for name, table, _columns in reversed(INDEXES):
        op.drop_index(name, table_name=table)
