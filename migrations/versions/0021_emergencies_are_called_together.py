"""emergencies are called together: what is gathered is one call, and many are handled in one act.

Each emergency that there is keeps the call that it had, now as a row of its own under its id.

Revision 0021, after 0020.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

CONTENT = "ck_community_emergency_entry_content_or_erased"
HAS_CONTENT = "sealed IS NOT NULL OR erased_at IS NOT NULL OR act = 'acknowledgement'"


def upgrade() -> None:
    op.create_table(
        "community_emergency_call",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("rounds_of_newest", sa.Integer(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('staff', 'public', 'shared', 'flood')", name=op.f("ck_community_emergency_call_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_call")),
    )
    with op.batch_alter_table("community_emergency_call", schema=None) as batch_op:
        batch_op.create_index("ix_community_emergency_call_unit", ["unit_id", "opened_at"], unique=False)

    op.create_table(
        "community_emergency_gathering",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_singly", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["community_emergency_call.id"],
            name=op.f("fk_community_emergency_gathering_call_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_gathering")),
    )
    op.create_table(
        "community_emergency_batch",
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("emergencies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("left_alone", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
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
            name=op.f("ck_community_emergency_batch_act"),
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'done')", name=op.f("ck_community_emergency_batch_state")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_emergency_batch_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_batch_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_batch")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_community_emergency_batch_approval_id")),
    )
    op.execute(
        "INSERT INTO community_emergency_call (id, version, kind, unit_id, opened_at, rounds,"
        " rounds_of_newest, paged_at, again_at)"
        " SELECT id, 1, 'staff', unit_id, opened_at, rounds, rounds, opened_at, opened_at"
        " FROM community_emergency"
    )
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("call_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("first_round", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("last_round", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE community_emergency SET call_id = id")
    op.execute("UPDATE community_emergency SET last_round = rounds WHERE acknowledged_at IS NOT NULL")
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.alter_column("call_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("first_round", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("paged_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.create_index("ix_community_emergency_call", ["call_id", "opened_at", "id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_community_emergency_call_id"), "community_emergency_call", ["call_id"], ["id"]
        )
        batch_op.drop_column("rounds")

    with op.batch_alter_table("community_emergency_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("batch_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_community_emergency_entry_batch_id"),
            "community_emergency_batch",
            ["batch_id"],
            ["id"],
        )
        batch_op.drop_constraint(op.f(CONTENT), type_="check")
        batch_op.create_check_constraint(op.f(CONTENT), f"{HAS_CONTENT} OR batch_id IS NOT NULL")

    with op.batch_alter_table("community_emergency_page", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_community_emergency_page_emergency_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_community_emergency_page_emergency_id_round_post_id"), type_="unique"
        )
        batch_op.alter_column("emergency_id", existing_type=sa.Uuid(), new_column_name="call_id")
        batch_op.add_column(sa.Column("emergencies", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("community_emergency_page", schema=None) as batch_op:
        batch_op.alter_column("emergencies", existing_type=sa.Integer(), server_default=None)
        batch_op.create_unique_constraint(
            batch_op.f("uq_community_emergency_page_call_id_round_post_id"), ["call_id", "round", "post_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_community_emergency_page_call_id"), "community_emergency_call", ["call_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("community_emergency_page", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_community_emergency_page_call_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_community_emergency_page_call_id_round_post_id"), type_="unique"
        )
        batch_op.drop_column("emergencies")
        batch_op.alter_column("call_id", existing_type=sa.Uuid(), new_column_name="emergency_id")
    with op.batch_alter_table("community_emergency_page", schema=None) as batch_op:
        batch_op.create_unique_constraint(
            batch_op.f("uq_community_emergency_page_emergency_id_round_post_id"),
            ["emergency_id", "round", "post_id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_community_emergency_page_emergency_id"),
            "community_emergency",
            ["emergency_id"],
            ["id"],
        )

    # The words of an act on many stand with it alone, and go with it.
    op.execute(
        "UPDATE community_emergency_entry SET erased_at = entered_at"
        " WHERE sealed IS NULL AND act <> 'acknowledgement'"
    )
    with op.batch_alter_table("community_emergency_entry", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CONTENT), type_="check")
        batch_op.create_check_constraint(op.f(CONTENT), HAS_CONTENT)
        batch_op.drop_constraint(batch_op.f("fk_community_emergency_entry_batch_id"), type_="foreignkey")
        batch_op.drop_column("batch_id")

    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rounds", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE community_emergency SET paged_at = opened_at WHERE paged_at IS NULL")
    op.execute(
        "UPDATE community_emergency SET rounds = (SELECT c.rounds FROM community_emergency_call c"
        " WHERE c.id = community_emergency.call_id)"
    )
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.alter_column("rounds", existing_type=sa.Integer(), server_default=None)
        batch_op.drop_constraint(batch_op.f("fk_community_emergency_call_id"), type_="foreignkey")
        batch_op.drop_index("ix_community_emergency_call")
        batch_op.alter_column("paged_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("read_at")
        batch_op.drop_column("last_round")
        batch_op.drop_column("first_round")
        batch_op.drop_column("call_id")

    op.drop_table("community_emergency_batch")
    op.drop_table("community_emergency_gathering")
    op.drop_table("community_emergency_call")
