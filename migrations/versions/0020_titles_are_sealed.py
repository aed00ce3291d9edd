"""titles are sealed: what problems and priorities are called is free text; lists show a plain title beside it.

The migration has no keys: titles of earlier releases stay until the worker has sealed them, and no list shows them.

Revision 0020, after 0019.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

PROBLEM, PRIORITY = "community_problem", "community_priority"
CHECKS = {
    PROBLEM: "ck_community_problem_content_or_erased",
    PRIORITY: "ck_community_priority_content_or_erased",
}


def upgrade() -> None:
    with op.batch_alter_table(PROBLEM, schema=None) as batch_op:
        batch_op.add_column(sa.Column("list_title", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("text_version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("sealed", sa.LargeBinary(), nullable=True))
        batch_op.drop_constraint(op.f(CHECKS[PROBLEM]), type_="check")
        batch_op.create_check_constraint(
            op.f(CHECKS[PROBLEM]), "sealed IS NOT NULL OR title IS NOT NULL OR erased_at IS NOT NULL"
        )
    with op.batch_alter_table(PROBLEM, schema=None) as batch_op:
        batch_op.alter_column("text_version", existing_type=sa.Integer(), server_default=None)
    with op.batch_alter_table(PRIORITY, schema=None) as batch_op:
        batch_op.add_column(sa.Column("list_title", sa.String(length=80), nullable=True))
        batch_op.drop_constraint(op.f(CHECKS[PRIORITY]), type_="check")
        batch_op.create_check_constraint(
            op.f(CHECKS[PRIORITY]), "sealed IS NOT NULL OR erased_at IS NOT NULL"
        )


def downgrade() -> None:
    # What was sealed meanwhile cannot be read without keys: the plain title stands for it.
    op.execute(
        "UPDATE community_problem SET title = COALESCE(title, list_title, reference) WHERE erased_at IS NULL"
    )
    op.execute(
        "UPDATE community_priority SET title = COALESCE(title, list_title, month) WHERE erased_at IS NULL"
    )
    with op.batch_alter_table(PRIORITY, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECKS[PRIORITY]), type_="check")
        batch_op.create_check_constraint(
            op.f(CHECKS[PRIORITY]), "(title IS NOT NULL AND sealed IS NOT NULL) OR erased_at IS NOT NULL"
        )
        batch_op.drop_column("list_title")
    with op.batch_alter_table(PROBLEM, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(CHECKS[PROBLEM]), type_="check")
        batch_op.create_check_constraint(op.f(CHECKS[PROBLEM]), "title IS NOT NULL OR erased_at IS NOT NULL")
        batch_op.drop_column("sealed")
        batch_op.drop_column("text_version")
        batch_op.drop_column("list_title")
