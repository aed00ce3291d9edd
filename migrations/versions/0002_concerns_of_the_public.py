"""Concerns of the public.

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
        "community_concern_decision",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_id <> proposer_id", name=op.f("ck_community_concern_decision_two_people")),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_decision_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_decision")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_community_concern_decision_subject_id")),
    )
    op.create_table(
        "community_concern",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("told_digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("immediate_danger", sa.Boolean(), nullable=False),
        sa.Column("do_not_pass_on", sa.Boolean(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("shown_state", sa.String(length=12), nullable=True),
        sa.Column("shown_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thread_length", sa.Integer(), nullable=False),
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
            "(channel = 'public') = (taken_by_id IS NULL)", name=op.f("ck_community_concern_taken")
        ),
        sa.CheckConstraint(
            "channel IN ('public', 'told', 'telephoned')", name=op.f("ck_community_concern_channel")
        ),
        sa.CheckConstraint(
            "precision IS NULL OR precision IN ('exact', 'street', 'area')",
            name=op.f("ck_community_concern_precision"),
        ),
        sa.CheckConstraint(
            "shown_state IS NULL OR shown_state IN ('received', 'in_progress', 'answered', 'closed')",
            name=op.f("ck_community_concern_shown_state"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'returned', 'withdrawn', 'in_community_work', 'passed_on', 'closed')",
            name=op.f("ck_community_concern_status"),
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_community_concern_place")),
        sa.CheckConstraint(
            "(shown_state IS NULL) = (shown_until IS NULL)", name=op.f("ck_community_concern_shown")
        ),
        sa.CheckConstraint(
            "category IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_category_or_erased"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_community_concern_content_or_erased")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_concern_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern")),
        sa.UniqueConstraint("lookup", name=op.f("uq_community_concern_lookup")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_concern_reference")),
    )
    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.create_index("ix_community_concern_received", ["received_at", "id"], unique=False)
        batch_op.create_index("ix_community_concern_unit", ["unit_id", "received_at", "id"], unique=False)

    op.create_table(
        "community_concern_contact",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
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
            name=op.f("ck_community_concern_contact_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_contact_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_contact")),
        sa.UniqueConstraint("concern_id", name=op.f("uq_community_concern_contact_concern_id")),
    )
    op.create_table(
        "community_concern_contact_unlock",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=25), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
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
            "(state = 'approved') = (until IS NOT NULL)",
            name=op.f("ck_community_concern_contact_unlock_unlocked"),
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'approved', 'refused')",
            name=op.f("ck_community_concern_contact_unlock_state"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_contact_unlock_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["community_concern.id"],
            name=op.f("fk_community_concern_contact_unlock_concern_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_contact_unlock")),
    )
    with op.batch_alter_table("community_concern_contact_unlock", schema=None) as batch_op:
        batch_op.create_index(
            "ix_community_concern_contact_unlock_concern", ["concern_id", "proposed_at"], unique=False
        )

    op.create_table(
        "community_concern_message",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
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
            "kind IN ('message', 'dispute', 'withdrawal', 'questionnaire')",
            name=op.f("ck_community_concern_message_kind"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_message_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_message_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_message")),
        sa.UniqueConstraint(
            "concern_id", "position", name=op.f("uq_community_concern_message_concern_id_position")
        ),
    )
    op.create_table(
        "community_concern_reply",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=25), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
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
            "(state = 'approved') = (released_at IS NOT NULL)",
            name=op.f("ck_community_concern_reply_released"),
        ),
        sa.CheckConstraint(
            "kind IN ('answer', 'question', 'status', 'final')", name=op.f("ck_community_concern_reply_kind")
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'approved', 'refused')",
            name=op.f("ck_community_concern_reply_state"),
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (position IS NULL)", name=op.f("ck_community_concern_reply_placed")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_reply_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_reply_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_reply")),
        sa.UniqueConstraint(
            "concern_id", "position", name=op.f("uq_community_concern_reply_concern_id_position")
        ),
    )
    with op.batch_alter_table("community_concern_reply", schema=None) as batch_op:
        batch_op.create_index(
            "uq_community_concern_reply_final",
            ["concern_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
            postgresql_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
        )

    op.create_table(
        "community_concern_translation",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_community_concern_translation_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_translation_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_translation")),
    )
    with op.batch_alter_table("community_concern_translation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_community_concern_translation_concern", ["concern_id", "written_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("community_concern_translation", schema=None) as batch_op:
        batch_op.drop_index("ix_community_concern_translation_concern")

    op.drop_table("community_concern_translation")
    with op.batch_alter_table("community_concern_reply", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_community_concern_reply_final",
            sqlite_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
            postgresql_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
        )

    op.drop_table("community_concern_reply")
    op.drop_table("community_concern_message")
    with op.batch_alter_table("community_concern_contact_unlock", schema=None) as batch_op:
        batch_op.drop_index("ix_community_concern_contact_unlock_concern")

    op.drop_table("community_concern_contact_unlock")
    op.drop_table("community_concern_contact")
    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.drop_index("ix_community_concern_unit")
        batch_op.drop_index("ix_community_concern_received")

    op.drop_table("community_concern")
    op.drop_table("community_concern_decision")
