"""stand-downs of emergencies that wait for another commander can be refused.

Older code knows no refusal: on the way back a refused one waits again, and its reason goes.

Revision 0024, after 0023.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLE = "community_emergency_batch"
STATE = "ck_community_emergency_batch_state"
REFUSAL = "ck_community_emergency_batch_refusal_or_erased"
TWO_PEOPLE = "ck_community_emergency_batch_two_people"


def upgrade() -> None:
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("refusal_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("refuser_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("sealed_refusal", sa.LargeBinary(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_community_emergency_batch_refusal_id"), ["refusal_id"])
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(
            op.f(STATE), "state IN ('awaiting_second_person', 'done', 'refused')"
        )
        batch_op.create_check_constraint(
            op.f(REFUSAL), "state <> 'refused' OR sealed_refusal IS NOT NULL OR erased_at IS NOT NULL"
        )
        batch_op.create_check_constraint(
            op.f(TWO_PEOPLE), "approver_id <> person_id AND refuser_id <> person_id"
        )


def downgrade() -> None:
    op.execute(
        sa.text(f"UPDATE {TABLE} SET state = 'awaiting_second_person' WHERE state = 'refused'")  # noqa: S608
    )
    with op.batch_alter_table(TABLE, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(TWO_PEOPLE), type_="check")
        batch_op.drop_constraint(op.f(REFUSAL), type_="check")
        batch_op.drop_constraint(op.f(STATE), type_="check")
        batch_op.create_check_constraint(op.f(STATE), "state IN ('awaiting_second_person', 'done')")
        batch_op.drop_constraint(op.f("uq_community_emergency_batch_refusal_id"), type_="unique")
        batch_op.drop_column("sealed_refusal")
        batch_op.drop_column("refused_at")
        batch_op.drop_column("refuser_id")
        batch_op.drop_column("refusal_id")
