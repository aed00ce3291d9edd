"""relations of flags are found by the server's keys alone.

The migration has no keys: what earlier releases kept in plain stays in its tables until the worker has put it into
slots, within a minute of its start. On the way back what was hidden is lost: a flag then shows no earlier ones.

Revision 0025, after 0024.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intel_flag_relation",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_relation")),
        sa.UniqueConstraint("token", name=op.f("uq_intel_flag_relation_token")),
    )
    op.create_table(
        "intel_subject_slot",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_subject_slot_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_subject_slot")),
        sa.UniqueConstraint("token", name=op.f("uq_intel_subject_slot_token")),
    )
    with op.batch_alter_table("intel_subject_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intel_subject_slot_flag_id"), ["flag_id"], unique=False)

    with op.batch_alter_table("intel_flag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("forgotten_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("intel_flag", schema=None) as batch_op:
        batch_op.drop_column("forgotten_on")

    with op.batch_alter_table("intel_subject_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intel_subject_slot_flag_id"))

    op.drop_table("intel_subject_slot")
    op.drop_table("intel_flag_relation")
