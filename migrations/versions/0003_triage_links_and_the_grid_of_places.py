"""triage links and the grid of places.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_desk_act",
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
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
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_desk_act_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_desk_act")),
    )
    with op.batch_alter_table("community_desk_act", schema=None) as batch_op:
        batch_op.create_index("ix_community_desk_act_report", ["report_id", "acted_at"], unique=False)

    op.create_table(
        "community_link",
        sa.Column("a_kind", sa.String(length=20), nullable=False),
        sa.Column("a_id", sa.Uuid(), nullable=False),
        sa.Column("a_unit_id", sa.Uuid(), nullable=False),
        sa.Column("b_kind", sa.String(length=20), nullable=False),
        sa.Column("b_id", sa.Uuid(), nullable=False),
        sa.Column("b_unit_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
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
            "(ended_by_id IS NULL) = (ended_at IS NULL)", name=op.f("ck_community_link_ended")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_community_link_content_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_link")),
    )
    with op.batch_alter_table("community_link", schema=None) as batch_op:
        batch_op.create_index("ix_community_link_b", ["b_id"], unique=False)
        batch_op.create_index(
            "uq_community_link_pair",
            ["a_id", "b_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cell", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_community_concern_near", ["happened_on", "cell"], unique=False)

    with op.batch_alter_table("community_observation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cell", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_community_observation_near", ["happened_on", "cell"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("community_observation", schema=None) as batch_op:
        batch_op.drop_index("ix_community_observation_near")
        batch_op.drop_column("cell")
        batch_op.drop_column("happened_on")

    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.drop_index("ix_community_concern_near")
        batch_op.drop_column("cell")
        batch_op.drop_column("happened_on")

    with op.batch_alter_table("community_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_community_link_pair",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_community_link_b")

    op.drop_table("community_link")
    with op.batch_alter_table("community_desk_act", schema=None) as batch_op:
        batch_op.drop_index("ix_community_desk_act_report")

    op.drop_table("community_desk_act")
