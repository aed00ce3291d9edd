"""The schema of the first release.

Revision 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from community_api.trail import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_core()
    _make_trail()
    _make_outbox()
    _make_units()
    _make_feedback()
    _make_community()
    _make_intel()
    triggers.create(op)


def downgrade() -> None:
    triggers.drop(op)
    _drop_intel()
    _drop_community()
    _drop_feedback()
    _drop_units()
    _drop_outbox()
    _drop_trail()
    _drop_core()


def _make_core() -> None:
    op.create_table(
        "core_change",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("object_version", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("feed_index", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_change")),
        sa.UniqueConstraint("feed_index", name=op.f("uq_core_change_feed_index")),
    )
    op.create_index("ix_core_change_audience", "core_change", ["audience", "feed_index"], unique=False)
    op.create_index(
        "ix_core_change_unnumbered",
        "core_change",
        ["changed_at"],
        unique=False,
        sqlite_where=sa.text("feed_index IS NULL"),
        postgresql_where=sa.text("feed_index IS NULL"),
    )
    op.create_table(
        "core_command",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("maker", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_command")),
    )
    op.create_table(
        "core_data_key",
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_core_data_key")),
    )
    op.create_index(op.f("ix_core_data_key_key_id"), "core_data_key", ["key_id"], unique=False)
    op.create_table(
        "core_epoch",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core_epoch")),
    )


def _make_trail() -> None:
    op.create_table(
        "trail_event",
        sa.Column("leaf_index", sa.Integer(), nullable=True),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("payload_ct", sa.LargeBinary(), nullable=True),
        sa.Column("payload_owner", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("object_kind", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_event")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_trail_event_leaf_index")),
    )
    op.create_index("ix_trail_event_actor", "trail_event", ["actor", "at", "id"], unique=False)
    op.create_index("ix_trail_event_at", "trail_event", ["at", "id"], unique=False)
    op.create_index("ix_trail_event_object", "trail_event", ["object_id"], unique=False)
    op.create_index(
        "ix_trail_event_unsequenced",
        "trail_event",
        ["id"],
        unique=False,
        sqlite_where=sa.text("leaf_index IS NULL"),
        postgresql_where=sa.text("leaf_index IS NULL"),
    )
    op.create_table(
        "trail_junk_count",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "endpoint", "status", name=op.f("pk_trail_junk_count")),
    )


def _make_outbox() -> None:
    op.create_table(
        "outbox_item",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("ref_id", sa.Uuid(), nullable=False),
        sa.Column("params", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_item")),
    )
    op.create_index(
        "ix_outbox_item_dead",
        "outbox_item",
        ["dead_at", "id"],
        unique=False,
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_item_due",
        "outbox_item",
        ["due_at", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
    )
    op.create_index(
        "ix_outbox_item_ref",
        "outbox_item",
        ["ref_id", "kind"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "outbox_round",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbox_round")),
    )
    op.create_table(
        "outbox_worker",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_worker")),
    )


def _make_units() -> None:
    op.create_table(
        "units_unit",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=40), nullable=False),
        sa.Column("area", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "level IN ('community', 'local', 'regional', 'national', 'external')",
            name=op.f("ck_units_unit_level"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["units_unit.id"], name=op.f("fk_units_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_units_unit_name")),
    )
    op.create_table(
        "units_post",
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('officer', 'supervisor', 'safeguarding_lead', 'duty_commander', 'analyst', 'intelligence_manager', 'source_registrar', 'tasking_chair', 'records_manager', 'dpo', 'oversight', 'trainer', 'administrator', 'partner')",
            name=op.f("ck_units_post_role"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_units_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units_post")),
        sa.UniqueConstraint("unit_id", "role", name=op.f("uq_units_post_unit_id_role")),
    )
    op.create_table(
        "units_duty",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discharged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["units_post.id"], name=op.f("fk_units_duty_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units_duty")),
    )
    op.create_index(
        "ix_units_duty_owed",
        "units_duty",
        ["post_id", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("discharged_at IS NULL"),
        postgresql_where=sa.text("discharged_at IS NULL"),
    )
    op.create_index(
        "uq_units_duty_open",
        "units_duty",
        ["subject_id", "kind", "post_id"],
        unique=True,
        sqlite_where=sa.text("discharged_at IS NULL"),
        postgresql_where=sa.text("discharged_at IS NULL"),
    )


def _make_feedback() -> None:
    op.create_table(
        "feedback_alias",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_alias")),
    )
    op.create_table(
        "feedback_contributor",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("report_reference", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_contributor")),
        sa.UniqueConstraint(
            "matter_id", "person_id", name=op.f("uq_feedback_contributor_matter_id_person_id")
        ),
    )
    op.create_index("ix_feedback_contributor_person", "feedback_contributor", ["person_id"], unique=False)


def _make_community() -> None:
    op.create_table(
        "community_supplement",
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_community_supplement_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_supplement")),
    )
    op.create_index(
        "ix_community_supplement_report", "community_supplement", ["report_id", "received_at"], unique=False
    )
    op.create_table(
        "community_observation",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False),
        sa.Column("reporter_account_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_skew_s", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("source_relation", sa.String(length=30), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=True),
        sa.Column("immediate_danger", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attachments_state", sa.String(length=12), nullable=False),
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
            "purpose IN ('community_problem', 'crime_prevention', 'safeguarding', 'public_order')",
            name=op.f("ck_community_observation_purpose"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'returned', 'withdrawn', 'in_community_work', 'passed_on', 'closed')",
            name=op.f("ck_community_observation_status"),
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_community_observation_place")),
        sa.CheckConstraint(
            "category IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_observation_category_or_erased"),
        ),
        sa.CheckConstraint(
            "occurred_at IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_observation_time_or_erased"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_observation_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units_unit.id"], name=op.f("fk_community_observation_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_observation")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_observation_reference")),
    )
    op.create_index(
        "ix_community_observation_received", "community_observation", ["received_at", "id"], unique=False
    )
    op.create_index(
        "ix_community_observation_reporter",
        "community_observation",
        ["reporter_id", "received_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_community_observation_unit",
        "community_observation",
        ["unit_id", "received_at", "id"],
        unique=False,
    )


def _make_intel() -> None:
    op.create_table(
        "intel_indicator_list",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("approvals", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("active_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("active_from <= active_until", name=op.f("ck_intel_indicator_list_in_force")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_indicator_list")),
        sa.UniqueConstraint("kind", "number", name=op.f("uq_intel_indicator_list_kind_number")),
    )
    op.create_table(
        "intel_flag",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("local_unit_id", sa.Uuid(), nullable=False),
        sa.Column("flagger_id", sa.Uuid(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("procedure_name", sa.String(length=60), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("indicator_list_version", sa.Integer(), nullable=False),
        sa.Column("cosign_required", sa.Boolean(), nullable=False),
        sa.Column("danger_to_life", sa.Boolean(), nullable=False),
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
            "status IN ('awaiting_cosign', 'awaiting_second_person', 'confirmed', 'refused', 'withdrawn', 'lapsed')",
            name=op.f("ck_intel_flag_status"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_intel_flag_content_or_erased")
        ),
        sa.ForeignKeyConstraint(
            ["local_unit_id"], ["units_unit.id"], name=op.f("fk_intel_flag_local_unit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_intel_flag_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag")),
    )
    op.create_index("ix_intel_flag_due", "intel_flag", ["due_at", "id"], unique=False)
    op.create_index("ix_intel_flag_flagger", "intel_flag", ["flagger_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_intel_flag_local_unit", "intel_flag", ["local_unit_id", "status", "due_at", "id"], unique=False
    )
    op.create_index("ix_intel_flag_unit", "intel_flag", ["unit_id", "due_at", "id"], unique=False)
    op.create_table(
        "intel_flag_decision",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("decision", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("guardian_told", sa.String(length=10), nullable=True),
        sa.Column("stands_without_protected_ground", sa.Boolean(), nullable=True),
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
            name=op.f("ck_intel_flag_decision_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_flag_decision_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_decision")),
    )
    op.create_index("uq_intel_flag_decision_act", "intel_flag_decision", ["flag_id", "act"], unique=True)
    op.create_table(
        "intel_flag_ground",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_flag_ground_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_ground")),
    )
    op.create_index(op.f("ix_intel_flag_ground_flag_id"), "intel_flag_ground", ["flag_id"], unique=False)
    op.create_index(op.f("ix_intel_flag_ground_indicator"), "intel_flag_ground", ["indicator"], unique=False)
    op.create_table(
        "intel_flag_identity",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
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
            name=op.f("ck_intel_flag_identity_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_flag_identity_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_identity")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_intel_flag_identity_flag_id")),
    )


def _drop_intel() -> None:
    op.drop_table("intel_flag_identity")
    op.drop_index(op.f("ix_intel_flag_ground_indicator"), table_name="intel_flag_ground")
    op.drop_index(op.f("ix_intel_flag_ground_flag_id"), table_name="intel_flag_ground")
    op.drop_table("intel_flag_ground")
    op.drop_index("uq_intel_flag_decision_act", table_name="intel_flag_decision")
    op.drop_table("intel_flag_decision")
    op.drop_index("ix_intel_flag_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_local_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_flagger", table_name="intel_flag")
    op.drop_index("ix_intel_flag_due", table_name="intel_flag")
    op.drop_table("intel_flag")
    op.drop_table("intel_indicator_list")


def _drop_community() -> None:
    op.drop_index("ix_community_observation_unit", table_name="community_observation")
    op.drop_index("ix_community_observation_reporter", table_name="community_observation")
    op.drop_index("ix_community_observation_received", table_name="community_observation")
    op.drop_table("community_observation")
    op.drop_index("ix_community_supplement_report", table_name="community_supplement")
    op.drop_table("community_supplement")


def _drop_feedback() -> None:
    op.drop_index("ix_feedback_contributor_person", table_name="feedback_contributor")
    op.drop_table("feedback_contributor")
    op.drop_table("feedback_alias")


def _drop_units() -> None:
    op.drop_index(
        "uq_units_duty_open",
        table_name="units_duty",
        sqlite_where=sa.text("discharged_at IS NULL"),
        postgresql_where=sa.text("discharged_at IS NULL"),
    )
    op.drop_index(
        "ix_units_duty_owed",
        table_name="units_duty",
        sqlite_where=sa.text("discharged_at IS NULL"),
        postgresql_where=sa.text("discharged_at IS NULL"),
    )
    op.drop_table("units_duty")
    op.drop_table("units_post")
    op.drop_table("units_unit")


def _drop_outbox() -> None:
    op.drop_table("outbox_worker")
    op.drop_table("outbox_round")
    op.drop_index(
        "ix_outbox_item_ref",
        table_name="outbox_item",
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_item_due",
        table_name="outbox_item",
        sqlite_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND cancelled_at IS NULL AND dead_at IS NULL"),
    )
    op.drop_index(
        "ix_outbox_item_dead",
        table_name="outbox_item",
        sqlite_where=sa.text("dead_at IS NOT NULL"),
        postgresql_where=sa.text("dead_at IS NOT NULL"),
    )
    op.drop_table("outbox_item")


def _drop_trail() -> None:
    op.drop_table("trail_junk_count")
    op.drop_index(
        "ix_trail_event_unsequenced",
        table_name="trail_event",
        sqlite_where=sa.text("leaf_index IS NULL"),
        postgresql_where=sa.text("leaf_index IS NULL"),
    )
    op.drop_index("ix_trail_event_object", table_name="trail_event")
    op.drop_index("ix_trail_event_at", table_name="trail_event")
    op.drop_index("ix_trail_event_actor", table_name="trail_event")
    op.drop_table("trail_event")


def _drop_core() -> None:
    op.drop_table("core_epoch")
    op.drop_index(op.f("ix_core_data_key_key_id"), table_name="core_data_key")
    op.drop_table("core_data_key")
    op.drop_table("core_command")
    op.drop_index(
        "ix_core_change_unnumbered",
        table_name="core_change",
        sqlite_where=sa.text("feed_index IS NULL"),
        postgresql_where=sa.text("feed_index IS NULL"),
    )
    op.drop_index("ix_core_change_audience", table_name="core_change")
    op.drop_table("core_change")
