"""emergencies and safeguarding.

Revision 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safeguarding_record",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('open', 'handed_over', 'closed')", name=op.f("ck_safeguarding_record_state")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_safeguarding_record_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_record")),
        sa.UniqueConstraint("reference", name=op.f("uq_safeguarding_record_reference")),
    )
    with op.batch_alter_table("safeguarding_record", schema=None) as batch_op:
        batch_op.create_index("ix_safeguarding_record_opened", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_safeguarding_record_subject", ["subject_id"], unique=False)
        batch_op.create_index("ix_safeguarding_record_unit", ["unit_id", "opened_at", "id"], unique=False)

    op.create_table(
        "safeguarding_closing",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_safeguarding_closing_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["safeguarding_record.id"], name=op.f("fk_safeguarding_closing_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_closing")),
        sa.UniqueConstraint("record_id", name=op.f("uq_safeguarding_closing_record_id")),
    )
    op.create_table(
        "safeguarding_handover",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("partner_unit_id", sa.Uuid(), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('sent', 'accepted', 'declined')", name=op.f("ck_safeguarding_handover_state")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_safeguarding_handover_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["safeguarding_record.id"], name=op.f("fk_safeguarding_handover_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_handover")),
    )
    with op.batch_alter_table("safeguarding_handover", schema=None) as batch_op:
        batch_op.create_index("ix_safeguarding_handover_at", ["handed_over_at", "id"], unique=False)
        batch_op.create_index(
            "ix_safeguarding_handover_partner", ["partner_unit_id", "handed_over_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_safeguarding_handover_record", ["record_id", "handed_over_at", "id"], unique=False
        )

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
        "safeguarding_answer",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_safeguarding_answer_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["safeguarding_handover.id"], name=op.f("fk_safeguarding_answer_handover_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_answer")),
        sa.UniqueConstraint("handover_id", name=op.f("uq_safeguarding_answer_handover_id")),
    )
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
    op.drop_table("safeguarding_answer")
    with op.batch_alter_table("community_emergency", schema=None) as batch_op:
        batch_op.drop_index("ix_community_emergency_unit")
        batch_op.drop_index("ix_community_emergency_opened")

    op.drop_table("community_emergency")
    with op.batch_alter_table("safeguarding_handover", schema=None) as batch_op:
        batch_op.drop_index("ix_safeguarding_handover_record")
        batch_op.drop_index("ix_safeguarding_handover_partner")
        batch_op.drop_index("ix_safeguarding_handover_at")

    op.drop_table("safeguarding_handover")
    op.drop_table("safeguarding_closing")
    with op.batch_alter_table("safeguarding_record", schema=None) as batch_op:
        batch_op.drop_index("ix_safeguarding_record_unit")
        batch_op.drop_index("ix_safeguarding_record_subject")
        batch_op.drop_index("ix_safeguarding_record_opened")

    op.drop_table("safeguarding_record")
