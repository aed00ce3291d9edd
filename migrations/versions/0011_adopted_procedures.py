"""adopted procedures: versions that were proposed over HTTP and approved by a second person.

Revision 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


BEFORE = (
    "kind IN ('account_create', 'account_disable', 'grant', 'revoke', 'post_holder', 'absence', "
    "'unit_create', 'unit_change')"
)
AFTER = BEFORE[:-1] + ", 'procedure_adopt', 'indicator_list')"


def _kinds(condition: str) -> None:
    with op.batch_alter_table("access_proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_access_proposal_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_access_proposal_kind"), condition)


def upgrade() -> None:
    _kinds(AFTER)
    op.create_table(
        "procedure_version",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_procedure_version_name_version")),
    )


def downgrade() -> None:
    # Cases that run on an adopted version keep its name; an older program does not know it.
    op.drop_table("procedure_version")
    op.execute("DELETE FROM access_proposal WHERE kind IN ('procedure_adopt', 'indicator_list')")
    _kinds(BEFORE)
