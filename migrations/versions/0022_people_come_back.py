"""people come back: accounts are enabled and imported, and a role says that it ended with its account.

Proposals of the new kinds go when the schema goes back: older code knows none.

Revision 0022, after 0021.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = (
    "account_create",
    "account_disable",
    "grant",
    "revoke",
    "post_holder",
    "password_reset",
    "absence",
    "unit_create",
    "unit_change",
    "procedure_adopt",
    "indicator_list",
)
NEW = ("account_enable", "accounts_import")


def upgrade() -> None:
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("with_account", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.alter_column("with_account", existing_type=sa.Boolean(), server_default=None)
    _allow((*BEFORE[:2], *NEW, *BEFORE[2:]))


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM access_proposal WHERE kind IN ('account_enable', 'accounts_import')"))
    _allow(BEFORE)
    with op.batch_alter_table("access_grant", schema=None) as batch_op:
        batch_op.drop_column("with_account")


def _allow(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("access_proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_access_proposal_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_access_proposal_kind"), f"kind IN ({listed})")
