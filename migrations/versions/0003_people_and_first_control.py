"""people and first control.

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
        "intel_suspension",
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("suspended_by", sa.Uuid(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("subject IN ('indicator', 'procedure')", name=op.f("ck_intel_suspension_subject")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_intel_suspension_lifting")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_intel_suspension_content_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_suspension")),
    )
    with op.batch_alter_table("intel_suspension", schema=None) as batch_op:
        batch_op.create_index(
            "uq_intel_suspension_open",
            ["subject", "name"],
            unique=True,
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.create_table(
        "access_recusal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_recusal_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_recusal")),
        sa.UniqueConstraint("subject_id", "person_id", name=op.f("uq_access_recusal_subject_id_person_id")),
    )
    op.create_table(
        "intel_flag_turned_away",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units_unit.id"], name=op.f("fk_intel_flag_turned_away_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_turned_away")),
    )
    with op.batch_alter_table("intel_flag_turned_away", schema=None) as batch_op:
        batch_op.create_index("ix_intel_flag_turned_away_day", ["day", "unit_id"], unique=False)

    op.create_table(
        "access_first_password",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_first_password_account_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_access_first_password")),
        sa.UniqueConstraint("account_id", name=op.f("uq_access_first_password_account_id")),
    )
    with op.batch_alter_table("access_certificate", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("access_certificate", schema=None) as batch_op:
        batch_op.drop_column("sealed")

    op.drop_table("access_first_password")
    with op.batch_alter_table("intel_flag_turned_away", schema=None) as batch_op:
        batch_op.drop_index("ix_intel_flag_turned_away_day")

    op.drop_table("intel_flag_turned_away")
    op.drop_table("access_recusal")
    with op.batch_alter_table("intel_suspension", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_intel_suspension_open",
            sqlite_where=sa.text("lifted_at IS NULL"),
            postgresql_where=sa.text("lifted_at IS NULL"),
        )

    op.drop_table("intel_suspension")
