"""renewed tokens arrive: a session says which of its refresh tokens nobody has used anything of.

Replies that are lost while this runs may be asked for again: what was renewed and not used is written down.

Revision 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pending_token_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE access_session SET pending_token_id = (SELECT successor.id FROM access_refresh_token spent "
        "JOIN access_refresh_token successor ON successor.id = spent.successor_id "
        "WHERE spent.session_id = access_session.id AND successor.used_at IS NULL LIMIT 1)"
    )


def downgrade() -> None:
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.drop_column("pending_token_id")
