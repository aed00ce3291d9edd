"""triage links problems and the grid of places.

Revision 0004, after 0003.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import cos, floor, radians
from uuid import uuid4, uuid5

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "community_desk_act",
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_id", sa.Uuid(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_desk_act_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_desk_act")),
    )
    with op.batch_alter_table("community_desk_act", schema=None) as batch_op:
        batch_op.create_index("ix_community_desk_act_report", ["report_id", "acted_at"], unique=False)

    op.create_table(
        "community_link",
        sa.Column("a_kind", sa.String(length=20), nullable=False),
        sa.Column("a_id", sa.Uuid(), nullable=False),
        sa.Column("a_unit_id", sa.Uuid(), nullable=False),
        sa.Column("b_kind", sa.String(length=20), nullable=False),
        sa.Column("b_id", sa.Uuid(), nullable=False),
        sa.Column("b_unit_id", sa.Uuid(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_by_id IS NULL) = (ended_at IS NULL)", name=op.f("ck_community_link_ended")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_community_link_content_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_link")),
    )
    with op.batch_alter_table("community_link", schema=None) as batch_op:
        batch_op.create_index("ix_community_link_b", ["b_id"], unique=False)
        batch_op.create_index(
            "uq_community_link_pair",
            ["a_id", "b_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "community_problem",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=True),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("achieved", sa.String(length=12), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_community_problem_closed")
        ),
        sa.CheckConstraint(
            "(achieved IS NULL) = (closed_at IS NULL)", name=op.f("ck_community_problem_achieved")
        ),
        sa.CheckConstraint(
            "title IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_community_problem_content_or_erased")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_problem_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_problem")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_problem_reference")),
    )
    with op.batch_alter_table("community_problem", schema=None) as batch_op:
        batch_op.create_index("ix_community_problem_opened", ["opened_at", "id"], unique=False)
        batch_op.create_index("ix_community_problem_unit", ["unit_id", "opened_at", "id"], unique=False)

    op.create_table(
        "community_problem_entry",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("achieved", sa.String(length=12), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_problem_entry_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["community_problem.id"], name=op.f("fk_community_problem_entry_problem_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_problem_entry")),
    )
    with op.batch_alter_table("community_problem_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_community_problem_entry_problem", ["problem_id", "written_at", "id"], unique=False
        )

    op.create_table(
        "community_problem_partner",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["community_problem.id"], name=op.f("fk_community_problem_partner_problem_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units_unit.id"], name=op.f("fk_community_problem_partner_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_problem_partner")),
        sa.UniqueConstraint(
            "problem_id", "unit_id", name=op.f("uq_community_problem_partner_problem_id_unit_id")
        ),
    )
    with op.batch_alter_table("community_problem_partner", schema=None) as batch_op:
        batch_op.create_index("ix_community_problem_partner_unit", ["unit_id"], unique=False)

    op.create_table(
        "community_problem_report",
        sa.Column("problem_id", sa.Uuid(), nullable=False),
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["community_problem.id"], name=op.f("fk_community_problem_report_problem_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_problem_report")),
        sa.UniqueConstraint(
            "problem_id", "report_id", name=op.f("uq_community_problem_report_problem_id_report_id")
        ),
    )
    with op.batch_alter_table("community_problem_report", schema=None) as batch_op:
        batch_op.create_index("ix_community_problem_report_report", ["report_id"], unique=False)

    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cell", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_community_concern_near", ["happened_on", "cell"], unique=False)

    with op.batch_alter_table("community_observation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("happened_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("cell", sa.String(length=20), nullable=True))
        batch_op.create_index("ix_community_observation_near", ["happened_on", "cell"], unique=False)

    _find_places()
    _queue_what_waits()


# As of 0003: fields of the grid, by which likely duplicates are looked for (degrees).
STEP = 0.02
NARROWEST = 0.01


def _find_places() -> None:
    """Give what was told before its day and its field of the grid."""
    connection = op.get_bind()
    unit = sa.table("units_unit", sa.column("id", sa.Uuid()), sa.column("name"))
    names = dict(connection.execute(sa.select(unit.c.id, unit.c.name)).all())
    for name, day in (("community_observation", "occurred_at"), ("community_concern", "occurred_on")):
        report = sa.table(
            name,
            sa.column("id", sa.Uuid()),
            sa.column("unit_id", sa.Uuid()),
            sa.column("lat"),
            sa.column("lon"),
            sa.column("received_at", sa.DateTime(timezone=True)),
            sa.column(day, sa.DateTime(timezone=True) if day == "occurred_at" else sa.Date()),
            sa.column("happened_on", sa.Date()),
            sa.column("cell"),
        )
        for row in connection.execute(sa.select(report)).all():
            when = getattr(row, day) or row.received_at
            values = {
                "happened_on": when.date() if isinstance(when, datetime) else when,
                "cell": _cell(row.lat, row.lon, names[row.unit_id]),
            }
            connection.execute(sa.update(report).where(report.c.id == row.id).values(values))


def _cell(lat: float | None, lon: float | None, team: str) -> str:
    if lat is None or lon is None:
        return f"@{team}"[:20]
    row = floor(lat / STEP)
    width = STEP / max(NARROWEST, cos(radians((row + 0.5) * STEP)))
    return f"{row}:{floor((lon + 180) % 360 / width)}"


def _queue_what_waits() -> None:
    """What nobody has decided on waits at its desk from now on, due a day after it came in."""
    connection = op.get_bind()
    post = sa.table(
        "units_post", sa.column("id", sa.Uuid()), sa.column("role"), sa.column("unit_id", sa.Uuid())
    )
    supervisors = {
        unit_id: post_id
        for post_id, unit_id in connection.execute(
            sa.select(post.c.id, post.c.unit_id).where(post.c.role == "supervisor")
        )
    }
    duty = sa.table(
        "units_duty",
        sa.column("id", sa.Uuid()),
        sa.column("kind"),
        sa.column("title"),
        sa.column("subject_kind"),
        sa.column("subject_id", sa.Uuid()),
        sa.column("post_id", sa.Uuid()),
        sa.column("opened_at", sa.DateTime(timezone=True)),
        sa.column("due_at", sa.DateTime(timezone=True)),
    )
    for kind in ("observation", "concern"):
        report = sa.table(
            f"community_{kind}",
            sa.column("id", sa.Uuid()),
            sa.column("unit_id", sa.Uuid()),
            sa.column("received_at", sa.DateTime(timezone=True)),
            sa.column("status"),
            sa.column("erased_at", sa.DateTime(timezone=True)),
        )
        waiting = sa.select(report).where(report.c.status == "received", report.c.erased_at.is_(None))
        for row in connection.execute(waiting).all():
            post_id = supervisors.get(row.unit_id)
            if post_id is None:
                post_id = supervisors[row.unit_id] = uuid5(row.unit_id, "supervisor")
                connection.execute(sa.insert(post).values(id=post_id, role="supervisor", unit_id=row.unit_id))
            connection.execute(
                sa.insert(duty).values(
                    id=uuid4(),
                    kind="triage",
                    title="Decide what happens with a new report",
                    subject_kind=kind,
                    subject_id=row.id,
                    post_id=post_id,
                    opened_at=row.received_at,
                    due_at=row.received_at + timedelta(days=1),
                )
            )


def downgrade() -> None:
    op.execute("DELETE FROM units_duty WHERE kind IN ('triage', 'triage_completed', 'triage_reopened')")
    with op.batch_alter_table("community_observation", schema=None) as batch_op:
        batch_op.drop_index("ix_community_observation_near")
        batch_op.drop_column("cell")
        batch_op.drop_column("happened_on")

    with op.batch_alter_table("community_concern", schema=None) as batch_op:
        batch_op.drop_index("ix_community_concern_near")
        batch_op.drop_column("cell")
        batch_op.drop_column("happened_on")

    with op.batch_alter_table("community_problem_report", schema=None) as batch_op:
        batch_op.drop_index("ix_community_problem_report_report")

    op.drop_table("community_problem_report")
    with op.batch_alter_table("community_problem_partner", schema=None) as batch_op:
        batch_op.drop_index("ix_community_problem_partner_unit")

    op.drop_table("community_problem_partner")
    with op.batch_alter_table("community_problem_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_community_problem_entry_problem")

    op.drop_table("community_problem_entry")
    with op.batch_alter_table("community_problem", schema=None) as batch_op:
        batch_op.drop_index("ix_community_problem_unit")
        batch_op.drop_index("ix_community_problem_opened")

    op.drop_table("community_problem")
    with op.batch_alter_table("community_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_community_link_pair",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_community_link_b")

    op.drop_table("community_link")
    with op.batch_alter_table("community_desk_act", schema=None) as batch_op:
        batch_op.drop_index("ix_community_desk_act_report")

    op.drop_table("community_desk_act")
