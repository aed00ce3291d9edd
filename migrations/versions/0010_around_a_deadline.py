"""around a deadline: when a post is warned, and whose public holidays a unit keeps.

Revision 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("units_duty", schema=None) as batch_op:
        batch_op.add_column(sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("holidays", sa.String(length=10), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.drop_column("holidays")
    with op.batch_alter_table("units_duty", schema=None) as batch_op:
        batch_op.drop_column("warn_at")
