"""community priorities.

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_priority",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=True),
        sa.Column("problem_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(title IS NOT NULL AND sealed IS NOT NULL) OR erased_at IS NOT NULL",
            name=op.f("ck_community_priority_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["community_problem.id"], name=op.f("fk_community_priority_problem_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_priority_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_priority")),
    )
    with op.batch_alter_table("community_priority", schema=None) as batch_op:
        batch_op.create_index("ix_community_priority_month", ["month", "id"], unique=False)
        batch_op.create_index("ix_community_priority_problem", ["problem_id"], unique=False)
        batch_op.create_index("ix_community_priority_unit", ["unit_id", "month", "id"], unique=False)
        batch_op.create_index(
            "uq_community_priority_place",
            ["unit_id", "month", "place"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("community_priority")
