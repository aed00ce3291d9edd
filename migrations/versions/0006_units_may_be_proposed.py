"""units may be proposed and changed over HTTP.

Revision 0006, after 0005.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PEOPLE = ("account_create", "account_disable", "grant", "revoke", "post_holder", "absence")
UNITS = ("unit_create", "unit_change")


def upgrade() -> None:
    _allow((*PEOPLE, *UNITS))


def downgrade() -> None:
    # What was decided about units stays in the trail; the older schema has no word for it.
    op.execute("DELETE FROM access_proposal WHERE kind IN ('unit_create', 'unit_change')")
    _allow(PEOPLE)


def _allow(kinds: tuple[str, ...]) -> None:
    named = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("access_proposal", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_access_proposal_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_access_proposal_kind"), f"kind IN ({named})")
