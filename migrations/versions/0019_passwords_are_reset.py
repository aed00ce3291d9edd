"""passwords are reset: another kind of proposal.

Revision 0019, after 0018.
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


BEFORE = (
    "kind IN ('account_create', 'account_disable', 'grant', 'revoke', 'post_holder', 'absence', "
    "'unit_create', 'unit_change', 'procedure_adopt', 'indicator_list')"
)
AFTER = BEFORE.replace("'absence'", "'password_reset', 'absence'")


def _kinds(condition: str) -> None:
    with op.batch_alter_table("access_proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_access_proposal_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_access_proposal_kind"), condition)


def upgrade() -> None:
    _kinds(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM access_proposal WHERE kind = 'password_reset'")
    _kinds(BEFORE)
