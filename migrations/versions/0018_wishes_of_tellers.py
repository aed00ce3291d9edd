"""wishes of tellers hold everywhere, and refused flags end.

Copies that older flags left in cases stay as they are: they are sealed under keys that no migration holds, and
no version with such flags was ever released.

Revision 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BEFORE = "kind IN ('message', 'dispute', 'withdrawal', 'questionnaire')"
AFTER = "kind IN ('message', 'dispute', 'withdrawal', 'questionnaire', 'permission')"
# What had been added to a report when its flag was refused. Of what a member of the public added only the day
# is known, so all of it counts as known then.
REFUSED = """
    UPDATE valve_passage SET supplements_when_refused = (
        SELECT count(*) FROM community_supplement s
        WHERE s.report_id = valve_passage.report_id AND s.received_at <= valve_passage.ended_at
    ) + (
        SELECT count(*) FROM community_concern_message m
        WHERE m.concern_id = valve_passage.report_id AND m.kind IN ('message', 'dispute')
    )
    WHERE id IN (SELECT id FROM intel_flag WHERE status = 'refused')
"""


def _kinds_of_messages(condition: str) -> None:
    with op.batch_alter_table("community_concern_message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_community_concern_message_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_community_concern_message_kind"), condition)


def upgrade() -> None:
    with op.batch_alter_table("intel_flag", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exception", sa.String(length=20), nullable=True))
    with op.batch_alter_table("intel_flag_decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("teller_protected", sa.Boolean(), nullable=True))
    with op.batch_alter_table("safeguarding_record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept_apart", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("safeguarding_record", schema=None) as batch_op:
        batch_op.alter_column("kept_apart", existing_type=sa.Boolean(), server_default=None)
    with op.batch_alter_table("valve_passage", schema=None) as batch_op:
        batch_op.add_column(sa.Column("supplements_when_refused", sa.Integer(), nullable=True))
    op.execute(REFUSED)
    _kinds_of_messages(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM community_concern_message WHERE kind = 'permission'")
    _kinds_of_messages(BEFORE)
    with op.batch_alter_table("valve_passage", schema=None) as batch_op:
        batch_op.drop_column("supplements_when_refused")
    with op.batch_alter_table("safeguarding_record", schema=None) as batch_op:
        batch_op.drop_column("kept_apart")
    with op.batch_alter_table("intel_flag_decision", schema=None) as batch_op:
        batch_op.drop_column("teller_protected")
    with op.batch_alter_table("intel_flag", schema=None) as batch_op:
        batch_op.drop_column("exception")
