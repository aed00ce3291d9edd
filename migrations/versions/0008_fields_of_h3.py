"""the grid of likely duplicates is that of H3.

Revision 0008, after 0007.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, floor, radians

import h3
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

RESOLUTION = 7
# Of the grid before: degrees.
STEP = 0.02
NARROWEST = 0.01


def upgrade() -> None:
    _name_fields(lambda lat, lon: h3.latlng_to_cell(lat, lon, RESOLUTION))


def downgrade() -> None:
    _name_fields(_field_of_degrees)


def _field_of_degrees(lat: float, lon: float) -> str:
    row = floor(lat / STEP)
    width = STEP / max(NARROWEST, cos(radians((row + 0.5) * STEP)))
    return f"{row}:{floor((lon + 180) % 360 / width)}"


def _name_fields(name: Callable[[float, float], str]) -> None:
    """Name the fields of all reports that have a place anew."""
    connection = op.get_bind()
    for kind in ("observation", "concern"):
        report = sa.table(
            f"community_{kind}",
            sa.column("id", sa.Uuid()),
            sa.column("lat", sa.Float()),
            sa.column("lon", sa.Float()),
            sa.column("cell", sa.String()),
        )
        placed = sa.select(report.c.id, report.c.lat, report.c.lon).where(report.c.lat.is_not(None))
        for row in connection.execute(placed).all():
            renamed = sa.update(report).where(report.c.id == row.id)
            connection.execute(renamed.values(cell=name(row.lat, row.lon)))
