"""lists name no object: a leaf that is about no single record has no entry in the index of records.

Most leaves are those of lists, and all of them would stand there under NULL.

Revision 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEX, TABLE, COLUMNS = "ix_trail_event_object", "trail_event", ["object_id"]


def upgrade() -> None:
    there = sa.text("object_id IS NOT NULL")
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, COLUMNS, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, COLUMNS)
