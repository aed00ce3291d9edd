"""indexes of chains: who holds a report is found by the report; what most rows leave empty is in no index.

Revision 0013, after 0012.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

SPARSE = (
    ("intel_referral", "ix_intel_referral_parent", "parent_id"),
    ("intel_dissemination", "ix_intel_dissemination_recalled_by", "recalled_by_id"),
)


def upgrade() -> None:
    for table, name, column in SPARSE:
        op.drop_index(name, table_name=table)
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)
    op.create_index("ix_intel_dissemination_report", "intel_dissemination", ["report_id"])


def downgrade() -> None:
    op.drop_index("ix_intel_dissemination_report", table_name="intel_dissemination")
    for table, name, column in SPARSE:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [column])
