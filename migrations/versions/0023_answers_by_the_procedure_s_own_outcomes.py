"""answers by the procedure's own outcomes: an obligation names its version of the procedure.

Revision 0023, after 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feedback_message", schema=None) as batch_op:
        batch_op.alter_column(
            "outcome",
            existing_type=sa.VARCHAR(length=30),
            type_=sa.String(length=40),
            existing_nullable=False,
        )

    with op.batch_alter_table("feedback_obligation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("procedure_name", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("procedure_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("procedure_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("feedback_obligation", schema=None) as batch_op:
        batch_op.drop_column("procedure_hash")
        batch_op.drop_column("procedure_version")
        batch_op.drop_column("procedure_name")

    # A procedure's own code may be longer than older code can keep.
    op.execute(sa.text("UPDATE feedback_message SET outcome = substr(outcome, 1, 30)"))
    with op.batch_alter_table("feedback_message", schema=None) as batch_op:
        batch_op.alter_column(
            "outcome",
            existing_type=sa.String(length=40),
            type_=sa.VARCHAR(length=30),
            existing_nullable=False,
        )
