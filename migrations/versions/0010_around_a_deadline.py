"""around a deadline: when a post is warned, when a clock stood still, whose public holidays a unit keeps.

Revision 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("units_duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holidays", sa.String(length=10), nullable=True))
    pauses = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("pauses", pauses, nullable=False, server_default="[]"))
    # A running case came into its stage with the last step that led somewhere else.
    op.execute(
        "UPDATE intel_referral SET entered_at = coalesce((SELECT max(step.at) FROM intel_referral_step step "
        "WHERE step.referral_id = intel_referral.id AND step.from_stage <> step.to_stage), opened_at)"
    )
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.alter_column("entered_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("pauses", existing_type=pauses, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.drop_column("pauses")
        batch_op.drop_column("entered_at")
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.drop_column("holidays")
    with op.batch_alter_table("units_duty", schema=None) as batch_op:
        batch_op.drop_column("warn_at")
