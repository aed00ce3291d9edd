"""what reaches back: recalls, notices, questions to the originator, earlier matters.

Revision 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("intel_dissemination", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("recalled_by_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("recall_confirmed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("child_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.create_index("ix_intel_dissemination_recalled_by", ["recalled_by_id"], unique=False)
    _notices()
    _questions()
    _tokens()
    _related()


def _notices() -> None:
    op.create_table(
        "intel_report_notice",
        sa.Column("dissemination_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('regrade', 'correction')", name=op.f("ck_intel_report_notice_kind")),
        sa.ForeignKeyConstraint(
            ["dissemination_id"],
            ["intel_dissemination.id"],
            name=op.f("fk_intel_report_notice_dissemination_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_report_notice")),
    )
    op.create_index("ix_intel_report_notice_dissemination", "intel_report_notice", ["dissemination_id"])


def _questions() -> None:
    op.create_table(
        "intel_originator_question",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("asking_id", sa.Uuid(), nullable=False),
        sa.Column("answering_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_step_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answering_id"], ["intel_referral.id"], name=op.f("fk_intel_originator_question_answering_id")
        ),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["intel_referral.id"], name=op.f("fk_intel_originator_question_asking_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["intel_report.id"], name=op.f("fk_intel_originator_question_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_originator_question")),
    )
    op.create_index("ix_intel_originator_question_answering", "intel_originator_question", ["answering_id"])
    op.create_index("ix_intel_originator_question_asking", "intel_originator_question", ["asking_id"])


def _tokens() -> None:
    op.create_table(
        "intel_subject_token",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_subject_token_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_subject_token")),
    )
    op.create_index(op.f("ix_intel_subject_token_flag_id"), "intel_subject_token", ["flag_id"])
    op.create_index(op.f("ix_intel_subject_token_token"), "intel_subject_token", ["token"])


def _related() -> None:
    op.create_table(
        "intel_related_flag",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("why IN ('subject', 'report')", name=op.f("ck_intel_related_flag_why")),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["intel_flag.id"], name=op.f("fk_intel_related_flag_earlier_id")
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_related_flag_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_related_flag")),
        sa.UniqueConstraint(
            "flag_id", "earlier_id", "why", name=op.f("uq_intel_related_flag_flag_id_earlier_id_why")
        ),
    )
    op.create_index(op.f("ix_intel_related_flag_earlier_id"), "intel_related_flag", ["earlier_id"])
    op.create_index(op.f("ix_intel_related_flag_flag_id"), "intel_related_flag", ["flag_id"])


def downgrade() -> None:
    for table in ("related_flag", "subject_token", "originator_question", "report_notice"):
        op.drop_table(f"intel_{table}")
    # The older schema cannot say that something was given to another state: it has no case there.
    op.execute("DELETE FROM intel_dissemination WHERE child_id IS NULL")
    with op.batch_alter_table("intel_dissemination", schema=None) as batch_op:
        batch_op.drop_index("ix_intel_dissemination_recalled_by")
        batch_op.alter_column("child_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.drop_column("recall_confirmed_at")
        batch_op.drop_column("recalled_by_id")
        batch_op.drop_column("recalled_at")
