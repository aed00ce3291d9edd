"""add emergencies.

Revision 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_emergency",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_post_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("justify_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("justified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('paging', 'acknowledged', 'stood_down')", name=op.f("ck_community_emergency_state")
        ),
        sa.ForeignKeyConstraint(
            ["owner_post_id"], ["units_post.id"], name=op.f("fk_community_emergency_owner_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_community_emergency_subject_id")),
    )
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.create_index("ix_community_emergency_opened", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_community_emergency_unit", ["unit_id", "opened_at", "id"], unique=False)

    op.create_table(
        "community_emergency_entry",
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
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
            "act IN ('acknowledgement', 'action', 'justification', 'stand_down')",
            name=op.f("ck_community_emergency_entry_act"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL OR act = 'acknowledgement'",
            name=op.f("ck_community_emergency_entry_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["community_emergency.id"],
            name=op.f("fk_community_emergency_entry_emergency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_entry_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_entry")),
    )
    with op.batch_alter_table("community_emergency_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_community_emergency_entry_emergency", ["emergency_id", "entered_at", "id"], unique=False
        )
        batch_op.create_index(
            "uq_community_emergency_entry_once",
            ["emergency_id", "act"],
            unique=True,
            sqlite_where=sa.text("act <> 'action'"),
            postgresql_where=sa.text("act <> 'action'"),
        )

    op.create_table(
        "community_emergency_page",
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["community_emergency.id"],
            name=op.f("fk_community_emergency_page_emergency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_page_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_page")),
        sa.UniqueConstraint(
            "emergency_id",
            "round",
            "post_id",
            name=op.f("uq_community_emergency_page_emergency_id_round_post_id"),
        ),
    )


def downgrade() -> None:
    op.drop_table("community_emergency_page")
    with op.batch_alter_table("community_emergency_entry", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_community_emergency_entry_once",
            sqlite_where=sa.text("act <> 'action'"),
            postgresql_where=sa.text("act <> 'action'"),
        )
        batch_op.drop_index("ix_community_emergency_entry_emergency")

    op.drop_table("community_emergency_entry")
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.drop_index("ix_community_emergency_unit")
        batch_op.drop_index("ix_community_emergency_opened")

    op.drop_table("community_emergency")
