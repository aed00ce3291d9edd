"""The schema of the first release.

Revision 0001, after nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from community_api.audit import triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_core()
    _make_trail()
    _make_outbox()
    _make_units()
    _make_access()
    _make_feedback()
    _make_community()
    _make_valve()
    _make_intel()
    triggers.create(op)


def downgrade() -> None:
    triggers.drop(op)
    _drop_intel()
    _drop_valve()
    _drop_community()
    _drop_feedback()
    _drop_access()
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
    )
    op.create_index("ix_trail_event_actor", "trail_event", ["actor", "at", "id"], unique=False)
    op.create_index("ix_trail_event_at", "trail_event", ["at", "id"], unique=False)
    op.create_index("ix_trail_event_object", "trail_event", ["object_id"], unique=False)
    op.create_index(
        "uq_trail_event_leaf_index",
        "trail_event",
        ["leaf_index"],
        unique=True,
        sqlite_where=sa.text("leaf_index IS NOT NULL"),
        postgresql_where=sa.text("leaf_index IS NOT NULL"),
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


def _make_access() -> None:
    op.create_table(
        "access_login_attempt",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("tries", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_access_login_attempt")),
    )
    op.create_index(
        op.f("ix_access_login_attempt_last_at"), "access_login_attempt", ["last_at"], unique=False
    )
    op.create_table(
        "access_person",
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("quiet_hours", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
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
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_access_person_content_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_person")),
    )
    op.create_table(
        "access_account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_account_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_account")),
        sa.UniqueConstraint("username", name=op.f("uq_access_account_username")),
    )
    op.create_index(op.f("ix_access_account_person_id"), "access_account", ["person_id"], unique=False)
    op.create_table(
        "access_certificate",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_access_certificate_revocation")
        ),
        sa.CheckConstraint("expires_at > passed_at", name=op.f("ck_access_certificate_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_certificate_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_certificate")),
    )
    op.create_index(
        op.f("ix_access_certificate_person_id"), "access_certificate", ["person_id"], unique=False
    )
    op.create_table(
        "access_proposal",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decider_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('approved', 'refused')",
            name=op.f("ck_access_proposal_decision"),
        ),
        sa.CheckConstraint(
            "kind IN ('account_create', 'account_disable', 'grant', 'revoke', 'post_holder', 'absence')",
            name=op.f("ck_access_proposal_kind"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decider_id IS NULL) AND (decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_access_proposal_decided"),
        ),
        sa.CheckConstraint(
            "decider_id IS NULL OR decider_id <> proposer_id", name=op.f("ck_access_proposal_two_people")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_access_proposal_content_or_erased")
        ),
        sa.ForeignKeyConstraint(
            ["decider_id"], ["access_person.id"], name=op.f("fk_access_proposal_decider_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposer_id"], ["access_person.id"], name=op.f("fk_access_proposal_proposer_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_access_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_proposal")),
    )
    op.create_index("ix_access_proposal_proposed", "access_proposal", ["proposed_at", "id"], unique=False)
    op.create_table(
        "access_case",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
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
            "kind IN ('review', 'audit', 'rights_request', 'inspection')", name=op.f("ck_access_case_kind")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_access_case_content_or_erased")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_case_account_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["access_person.id"], name=op.f("fk_access_case_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_case")),
    )
    op.create_index("ix_access_case_person", "access_case", ["person_id", "opened_at", "id"], unique=False)
    op.create_table(
        "access_device",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_device_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_device")),
        sa.UniqueConstraint("account_id", "client_id", name=op.f("uq_access_device_account_id_client_id")),
    )
    op.create_table(
        "access_grant",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "role IN ('officer', 'supervisor', 'safeguarding_lead', 'duty_commander', 'analyst', 'intelligence_manager', 'source_registrar', 'tasking_chair', 'records_manager', 'dpo', 'oversight', 'trainer', 'administrator', 'partner')",
            name=op.f("ck_access_grant_role"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_access_grant_order")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_grant_account_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_access_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index("ix_access_grant_account", "access_grant", ["account_id"], unique=False)
    op.create_index("ix_access_grant_unit", "access_grant", ["unit_id", "role"], unique=False)
    op.create_index(
        "uq_access_grant_open",
        "access_grant",
        ["account_id", "role", "unit_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "access_post_holder",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_access_post_holder_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_post_holder_person_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["units_post.id"], name=op.f("fk_access_post_holder_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_post_holder")),
    )
    op.create_index("ix_access_post_holder_person", "access_post_holder", ["person_id"], unique=False)
    op.create_index("ix_access_post_holder_post", "access_post_holder", ["post_id"], unique=False)
    op.create_index(
        "uq_access_post_holder_open",
        "access_post_holder",
        ["post_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "access_session",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=20), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "end_reason IS NULL OR end_reason IN ('logout', 'revoked', 'reuse', 'disabled', 'password_changed')",
            name=op.f("ck_access_session_end_reason"),
        ),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_access_session_ending")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_session_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"], ["access_device.id"], name=op.f("fk_access_session_device_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_session")),
    )
    op.create_index(
        "ix_access_session_account", "access_session", ["account_id", "started_at", "id"], unique=False
    )
    op.create_table(
        "access_refresh_token",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(used_at IS NULL) = (successor_id IS NULL)", name=op.f("ck_access_refresh_token_exchange")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["access_session.id"], name=op.f("fk_access_refresh_token_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_refresh_token")),
    )
    op.create_index(
        op.f("ix_access_refresh_token_session_id"), "access_refresh_token", ["session_id"], unique=False
    )


def _make_feedback() -> None:
    op.create_table(
        "feedback_alias",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("flagger_id", sa.Uuid(), nullable=False),
        sa.Column("report_reference", sa.String(length=40), nullable=False),
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
        sa.PrimaryKeyConstraint("matter_id", "person_id", name=op.f("pk_feedback_contributor")),
    )
    op.create_table(
        "feedback_obligation",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("point", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("owed_by_post_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("report_reference", sa.String(length=40), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("interim_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breach_post_id", sa.Uuid(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'drafted', 'awaiting_second_reading', 'met', 'withheld', 'waived')",
            name=op.f("ck_feedback_obligation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["breach_post_id"], ["units_post.id"], name=op.f("fk_feedback_obligation_breach_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["owed_by_post_id"], ["units_post.id"], name=op.f("fk_feedback_obligation_owed_by_post_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_feedback_obligation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_obligation")),
    )
    op.create_index(
        "ix_feedback_obligation_breach",
        "feedback_obligation",
        ["breach_post_id", "due_at", "id"],
        unique=False,
    )
    op.create_index("ix_feedback_obligation_due", "feedback_obligation", ["due_at", "id"], unique=False)
    op.create_index(
        "ix_feedback_obligation_post",
        "feedback_obligation",
        ["owed_by_post_id", "due_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_feedback_obligation_subject", "feedback_obligation", ["subject_id", "state"], unique=False
    )
    op.create_index(
        "ix_feedback_obligation_unit", "feedback_obligation", ["unit_id", "opened_at"], unique=False
    )
    op.create_table(
        "feedback_message",
        sa.Column("obligation_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("report_reference", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated", sa.Integer(), nullable=True),
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
            "state IN ('awaiting_second_reading', 'delivered', 'sent_back')",
            name=op.f("ck_feedback_message_state"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_feedback_message_content_or_erased")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"], ["feedback_obligation.id"], name=op.f("fk_feedback_message_obligation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_message")),
    )
    op.create_index("ix_feedback_message_obligation", "feedback_message", ["obligation_id"], unique=False)
    op.create_index(
        "ix_feedback_message_recipient",
        "feedback_message",
        ["recipient_id", "delivered_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_feedback_message_interim",
        "feedback_message",
        ["obligation_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'interim'"),
        postgresql_where=sa.text("kind = 'interim'"),
    )
    op.create_table(
        "feedback_acknowledgement",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_feedback_acknowledgement_rating")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["feedback_message.id"], name=op.f("fk_feedback_acknowledgement_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_acknowledgement")),
        sa.UniqueConstraint("message_id", name=op.f("uq_feedback_acknowledgement_message_id")),
    )
    op.create_table(
        "feedback_second_reading",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["feedback_message.id"], name=op.f("fk_feedback_second_reading_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_second_reading")),
    )


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
            "erased_at IS NOT NULL OR (sealed IS NOT NULL AND occurred_at IS NOT NULL AND category IS NOT NULL)",
            name=op.f("ck_community_observation_content_or_erased"),
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_community_observation_place")),
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


def _make_valve() -> None:
    op.create_table(
        "valve_passage",
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_valve_passage")),
    )
    op.create_index("ix_valve_passage_report", "valve_passage", ["report_id"], unique=False)
    op.create_index(
        "uq_valve_passage_waiting",
        "valve_passage",
        ["report_kind", "report_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
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
        "intel_report",
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("produced_at", sa.DateTime(timezone=True), nullable=False),
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
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_intel_report_content_or_erased")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_intel_report_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_report")),
        sa.UniqueConstraint("number", name=op.f("uq_intel_report_number")),
    )
    op.create_index("ix_intel_report_produced", "intel_report", ["produced_at", "id"], unique=False)
    op.create_index("ix_intel_report_unit", "intel_report", ["unit_id", "produced_at", "id"], unique=False)
    op.create_table(
        "intel_dissemination",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("handling_scheme", sa.String(length=20), nullable=False),
        sa.Column("handling_code", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('sent', 'acknowledged', 'decided', 'recalled', 'recall_confirmed')",
            name=op.f("ck_intel_dissemination_state"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_intel_dissemination_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["from_unit_id"], ["units_unit.id"], name=op.f("fk_intel_dissemination_from_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["intel_report.id"], name=op.f("fk_intel_dissemination_report_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["units_unit.id"], name=op.f("fk_intel_dissemination_to_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_dissemination")),
        sa.UniqueConstraint("child_id", name=op.f("uq_intel_dissemination_child_id")),
    )
    op.create_index("ix_intel_dissemination_referral", "intel_dissemination", ["referral_id"], unique=False)
    op.create_index(
        "ix_intel_dissemination_to", "intel_dissemination", ["to_unit_id", "report_id"], unique=False
    )
    op.create_index(
        "uq_intel_dissemination_holder",
        "intel_dissemination",
        ["report_id", "to_unit_id"],
        unique=True,
        sqlite_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
        postgresql_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
    )
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
    op.create_table(
        "intel_referral",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("flag_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("report_id", sa.Uuid(), nullable=True),
        sa.Column("matter_alias", sa.Uuid(), nullable=False),
        sa.Column("procedure_name", sa.String(length=60), nullable=False),
        sa.Column("procedure_version", sa.Integer(), nullable=False),
        sa.Column("procedure_hash", sa.String(length=64), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("owner_post_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_at", sa.DateTime(timezone=True), nullable=False),
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
            "phase = 'ended' OR (owner_post_id IS NOT NULL AND due_at IS NOT NULL)",
            name=op.f("ck_intel_referral_owner_or_end"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR parent_id IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_intel_referral_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_referral_flag_id")),
        sa.ForeignKeyConstraint(
            ["owner_post_id"], ["units_post.id"], name=op.f("fk_intel_referral_owner_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["intel_referral.id"], name=op.f("fk_intel_referral_parent_id")
        ),
        sa.ForeignKeyConstraint(["report_id"], ["intel_report.id"], name=op.f("fk_intel_referral_report_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_intel_referral_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_referral")),
        sa.UniqueConstraint("reference", name=op.f("uq_intel_referral_reference")),
    )
    op.create_index("ix_intel_referral_parent", "intel_referral", ["parent_id"], unique=False)
    op.create_index("ix_intel_referral_queue", "intel_referral", ["queue_at", "id"], unique=False)
    op.create_index("ix_intel_referral_unit", "intel_referral", ["unit_id", "queue_at", "id"], unique=False)
    op.create_index(
        "uq_intel_referral_flag",
        "intel_referral",
        ["flag_id"],
        unique=True,
        sqlite_where=sa.text("flag_id IS NOT NULL"),
        postgresql_where=sa.text("flag_id IS NOT NULL"),
    )
    op.create_table(
        "intel_report_grade",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("axis", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("derived_from", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["intel_report.id"], name=op.f("fk_intel_report_grade_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_report_grade")),
        sa.UniqueConstraint(
            "report_id", "scheme", "axis", name=op.f("uq_intel_report_grade_report_id_scheme_axis")
        ),
    )
    op.create_table(
        "intel_referral_actor",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["intel_referral.id"], name=op.f("fk_intel_referral_actor_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_referral_actor")),
        sa.UniqueConstraint(
            "referral_id", "act", "person_id", name=op.f("uq_intel_referral_actor_referral_id_act_person_id")
        ),
    )
    op.create_table(
        "intel_referral_grade",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("scheme", sa.String(length=20), nullable=False),
        sa.Column("axis", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("derived_from", sa.String(length=60), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["intel_referral.id"], name=op.f("fk_intel_referral_grade_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_referral_grade")),
        sa.UniqueConstraint(
            "referral_id", "scheme", "axis", name=op.f("uq_intel_referral_grade_referral_id_scheme_axis")
        ),
    )
    op.create_table(
        "intel_referral_step",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("from_stage", sa.String(length=40), nullable=False),
        sa.Column("to_stage", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
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
            "sealed IS NOT NULL OR person_id IS NULL OR erased_at IS NOT NULL",
            name=op.f("ck_intel_referral_step_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["units_post.id"], name=op.f("fk_intel_referral_step_post_id")),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["intel_referral.id"], name=op.f("fk_intel_referral_step_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_referral_step")),
        sa.UniqueConstraint(
            "referral_id", "ordinal", name=op.f("uq_intel_referral_step_referral_id_ordinal")
        ),
    )


def _drop_intel() -> None:
    op.drop_table("intel_referral_step")
    op.drop_table("intel_referral_grade")
    op.drop_table("intel_referral_actor")
    op.drop_table("intel_report_grade")
    op.drop_index(
        "uq_intel_referral_flag",
        table_name="intel_referral",
        sqlite_where=sa.text("flag_id IS NOT NULL"),
        postgresql_where=sa.text("flag_id IS NOT NULL"),
    )
    op.drop_index("ix_intel_referral_unit", table_name="intel_referral")
    op.drop_index("ix_intel_referral_queue", table_name="intel_referral")
    op.drop_index("ix_intel_referral_parent", table_name="intel_referral")
    op.drop_table("intel_referral")
    op.drop_table("intel_flag_identity")
    op.drop_index(op.f("ix_intel_flag_ground_indicator"), table_name="intel_flag_ground")
    op.drop_index(op.f("ix_intel_flag_ground_flag_id"), table_name="intel_flag_ground")
    op.drop_table("intel_flag_ground")
    op.drop_index("uq_intel_flag_decision_act", table_name="intel_flag_decision")
    op.drop_table("intel_flag_decision")
    op.drop_index(
        "uq_intel_dissemination_holder",
        table_name="intel_dissemination",
        sqlite_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
        postgresql_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
    )
    op.drop_index("ix_intel_dissemination_to", table_name="intel_dissemination")
    op.drop_index("ix_intel_dissemination_referral", table_name="intel_dissemination")
    op.drop_table("intel_dissemination")
    op.drop_index("ix_intel_report_unit", table_name="intel_report")
    op.drop_index("ix_intel_report_produced", table_name="intel_report")
    op.drop_table("intel_report")
    op.drop_index("ix_intel_flag_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_local_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_flagger", table_name="intel_flag")
    op.drop_index("ix_intel_flag_due", table_name="intel_flag")
    op.drop_table("intel_flag")
    op.drop_table("intel_indicator_list")


def _drop_valve() -> None:
    op.drop_index(
        "uq_valve_passage_waiting",
        table_name="valve_passage",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_valve_passage_report", table_name="valve_passage")
    op.drop_table("valve_passage")


def _drop_community() -> None:
    op.drop_index("ix_community_observation_unit", table_name="community_observation")
    op.drop_index("ix_community_observation_reporter", table_name="community_observation")
    op.drop_index("ix_community_observation_received", table_name="community_observation")
    op.drop_table("community_observation")
    op.drop_index("ix_community_supplement_report", table_name="community_supplement")
    op.drop_table("community_supplement")


def _drop_feedback() -> None:
    op.drop_table("feedback_second_reading")
    op.drop_table("feedback_acknowledgement")
    op.drop_index(
        "uq_feedback_message_interim",
        table_name="feedback_message",
        sqlite_where=sa.text("kind = 'interim'"),
        postgresql_where=sa.text("kind = 'interim'"),
    )
    op.drop_index("ix_feedback_message_recipient", table_name="feedback_message")
    op.drop_index("ix_feedback_message_obligation", table_name="feedback_message")
    op.drop_table("feedback_message")
    op.drop_index("ix_feedback_obligation_unit", table_name="feedback_obligation")
    op.drop_index("ix_feedback_obligation_subject", table_name="feedback_obligation")
    op.drop_index("ix_feedback_obligation_post", table_name="feedback_obligation")
    op.drop_index("ix_feedback_obligation_due", table_name="feedback_obligation")
    op.drop_index("ix_feedback_obligation_breach", table_name="feedback_obligation")
    op.drop_table("feedback_obligation")
    op.drop_table("feedback_contributor")
    op.drop_table("feedback_alias")


def _drop_access() -> None:
    op.drop_index(op.f("ix_access_refresh_token_session_id"), table_name="access_refresh_token")
    op.drop_table("access_refresh_token")
    op.drop_index("ix_access_session_account", table_name="access_session")
    op.drop_table("access_session")
    op.drop_index(
        "uq_access_post_holder_open",
        table_name="access_post_holder",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index("ix_access_post_holder_post", table_name="access_post_holder")
    op.drop_index("ix_access_post_holder_person", table_name="access_post_holder")
    op.drop_table("access_post_holder")
    op.drop_index(
        "uq_access_grant_open",
        table_name="access_grant",
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.drop_index("ix_access_grant_unit", table_name="access_grant")
    op.drop_index("ix_access_grant_account", table_name="access_grant")
    op.drop_table("access_grant")
    op.drop_table("access_device")
    op.drop_index("ix_access_case_person", table_name="access_case")
    op.drop_table("access_case")
    op.drop_index("ix_access_proposal_proposed", table_name="access_proposal")
    op.drop_table("access_proposal")
    op.drop_index(op.f("ix_access_certificate_person_id"), table_name="access_certificate")
    op.drop_table("access_certificate")
    op.drop_index(op.f("ix_access_account_person_id"), table_name="access_account")
    op.drop_table("access_account")
    op.drop_table("access_person")
    op.drop_index(op.f("ix_access_login_attempt_last_at"), table_name="access_login_attempt")
    op.drop_table("access_login_attempt")


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
        "uq_trail_event_leaf_index",
        table_name="trail_event",
        sqlite_where=sa.text("leaf_index IS NOT NULL"),
        postgresql_where=sa.text("leaf_index IS NOT NULL"),
    )
    op.drop_index("ix_trail_event_object", table_name="trail_event")
    op.drop_index("ix_trail_event_at", table_name="trail_event")
    op.drop_index("ix_trail_event_actor", table_name="trail_event")
    op.drop_table("trail_event")


def _drop_core() -> None:
    op.drop_table("core_epoch")
    op.drop_table("core_data_key")
    op.drop_table("core_command")
    op.drop_table("core_change")
