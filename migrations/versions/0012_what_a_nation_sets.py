"""what a nation sets: under which procedure emergencies and safeguarding records began, what partners are.

Revision 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

GOVERNED = ("community_emergency", "safeguarding_record")


def upgrade() -> None:
    for table in GOVERNED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("procedure_name", sa.String(length=60), nullable=True))
            batch_op.add_column(sa.Column("procedure_version", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("procedure_hash", sa.String(length=64), nullable=True))
    with op.batch_alter_table("safeguarding_handover", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ground", sa.String(length=40), nullable=True))
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("partner", sa.String(length=40), nullable=True))
    with op.batch_alter_table("access_certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("course_version", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("score", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(op.f("ck_access_certificate_score"), "score BETWEEN 0 AND 100")
    with op.batch_alter_table("access_recusal", schema=None) as batch_op:
        batch_op.create_index("ix_access_recusal_person", ["person_id"])
    # Of whom older cases speak is sealed in them: they keep the class that they have.
    categories = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject_categories", categories, nullable=False, server_default="[]"))
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.alter_column("subject_categories", existing_type=categories, server_default=None)

    op.create_table(
        "oversight_bias_review",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.String(length=20), nullable=True),
        sa.Column("closing_id", sa.Uuid(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_oversight_bias_review_state")),
        sa.CheckConstraint(
            "finding IN ('explained', 'training', 'list_unclear', 'procedure_unclear', 'bias')",
            name=op.f("ck_oversight_bias_review_finding"),
        ),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_oversight_bias_review_closing")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR state = 'open' OR erased_at IS NOT NULL",
            name=op.f("ck_oversight_bias_review_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units_unit.id"], name=op.f("fk_oversight_bias_review_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_bias_review")),
    )
    with op.batch_alter_table("oversight_bias_review", schema=None) as batch_op:
        batch_op.create_index("ix_oversight_bias_review_raised", ["raised_at", "id"])
        batch_op.create_index(
            "uq_oversight_bias_review_open",
            ["unit_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )


def downgrade() -> None:
    op.drop_table("oversight_bias_review")
    with op.batch_alter_table("intel_referral", schema=None) as batch_op:
        batch_op.drop_column("subject_categories")
    with op.batch_alter_table("access_recusal", schema=None) as batch_op:
        batch_op.drop_index("ix_access_recusal_person")
    with op.batch_alter_table("access_certificate", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_access_certificate_score"), type_="check")
        batch_op.drop_column("score")
        batch_op.drop_column("course_version")
    with op.batch_alter_table("units_unit", schema=None) as batch_op:
        batch_op.drop_column("partner")
    with op.batch_alter_table("safeguarding_handover", schema=None) as batch_op:
        batch_op.drop_column("ground")
    for table in GOVERNED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("procedure_hash")
            batch_op.drop_column("procedure_version")
            batch_op.drop_column("procedure_name")
