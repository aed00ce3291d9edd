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
    _make_audit()
    _make_outbox()
    _make_units()
    _make_access()
    _make_procedure()
    _make_feedback()
    _make_safeguarding()
    _make_community()
    _make_valve()
    _make_intel()
    _make_oversight()
    triggers.create(op)


def downgrade() -> None:
    triggers.drop(op)
    _drop_oversight()
    _drop_intel()
    _drop_valve()
    _drop_community()
    _drop_safeguarding()
    _drop_feedback()
    _drop_procedure()
    _drop_access()
    _drop_units()
    _drop_outbox()
    _drop_audit()
    _drop_core()


def _make_core() -> None:
    op.create_table(
        "core_cache_version",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_core_cache_version")),
    )
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


def _make_audit() -> None:
    op.create_table(
        "audit_anonymous_refusal",
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("endpoint", sa.String(length=80), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("minute", "endpoint", "status", name=op.f("pk_audit_anonymous_refusal")),
    )
    op.create_table(
        "audit_event",
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
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_actor", "audit_event", ["actor", "at", "id"], unique=False)
    op.create_index("ix_audit_event_at", "audit_event", ["at", "id"], unique=False)
    op.create_index(
        "ix_audit_event_object",
        "audit_event",
        ["object_id"],
        unique=False,
        sqlite_where=sa.text("object_id IS NOT NULL"),
        postgresql_where=sa.text("object_id IS NOT NULL"),
    )
    op.create_index(
        "uq_audit_event_leaf_index",
        "audit_event",
        ["leaf_index"],
        unique=True,
        sqlite_where=sa.text("leaf_index IS NOT NULL"),
        postgresql_where=sa.text("leaf_index IS NOT NULL"),
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
        "outbox_periodic_task",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_outbox_periodic_task")),
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
        sa.Column("holidays", sa.String(length=10), nullable=True),
        sa.Column("partner", sa.String(length=40), nullable=True),
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
        sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.Column("course_version", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_access_certificate_revocation")
        ),
        sa.CheckConstraint("expires_at > passed_at", name=op.f("ck_access_certificate_order")),
        sa.CheckConstraint("score BETWEEN 0 AND 100", name=op.f("ck_access_certificate_score")),
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
            "kind IN ('account_create', 'account_disable', 'account_enable', 'accounts_import', 'grant', 'revoke', 'post_holder', 'password_reset', 'absence', 'unit_create', 'unit_change', 'procedure_adopt', 'indicator_list')",
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
        "access_recusal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_recusal_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_recusal")),
        sa.UniqueConstraint("subject_id", "person_id", name=op.f("uq_access_recusal_subject_id_person_id")),
    )
    op.create_index("ix_access_recusal_person", "access_recusal", ["person_id"], unique=False)
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
        "access_first_password",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_first_password_account_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_access_first_password")),
        sa.UniqueConstraint("account_id", name=op.f("uq_access_first_password_account_id")),
    )
    op.create_table(
        "access_grant",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("with_account", sa.Boolean(), nullable=False),
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
        "access_purpose_case",
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
            "kind IN ('review', 'audit', 'rights_request', 'inspection')",
            name=op.f("ck_access_purpose_case_kind"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_access_purpose_case_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["access_account.id"], name=op.f("fk_access_purpose_case_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["access_person.id"], name=op.f("fk_access_purpose_case_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_purpose_case")),
    )
    op.create_index(
        "ix_access_purpose_case_person", "access_purpose_case", ["person_id", "opened_at", "id"], unique=False
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
        sa.Column("pending_token_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "end_reason IS NULL OR end_reason IN ('logout', 'revoked', 'reuse', 'disabled', 'password_changed', 'restored')",
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


def _make_procedure() -> None:
    op.create_table(
        "procedure_version",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_version")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_procedure_version_name_version")),
    )


def _make_feedback() -> None:
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
        "feedback_matter_alias",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("flagger_id", sa.Uuid(), nullable=False),
        sa.Column("report_reference", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_matter_alias")),
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
        sa.Column("procedure_name", sa.String(length=60), nullable=True),
        sa.Column("procedure_version", sa.Integer(), nullable=True),
        sa.Column("procedure_hash", sa.String(length=64), nullable=True),
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
        sa.Column("outcome", sa.String(length=40), nullable=False),
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


def _make_safeguarding() -> None:
    op.create_table(
        "safeguarding_record",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("child", sa.Boolean(), nullable=False),
        sa.Column("kept_apart", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("procedure_name", sa.String(length=60), nullable=True),
        sa.Column("procedure_version", sa.Integer(), nullable=True),
        sa.Column("procedure_hash", sa.String(length=64), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'handed_over', 'closed')", name=op.f("ck_safeguarding_record_state")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_safeguarding_record_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_record")),
        sa.UniqueConstraint("reference", name=op.f("uq_safeguarding_record_reference")),
    )
    op.create_index("ix_safeguarding_record_opened", "safeguarding_record", ["opened_at", "id"], unique=False)
    op.create_index("ix_safeguarding_record_subject", "safeguarding_record", ["subject_id"], unique=False)
    op.create_index(
        "ix_safeguarding_record_unit", "safeguarding_record", ["unit_id", "opened_at", "id"], unique=False
    )
    op.create_table(
        "safeguarding_closing",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_safeguarding_closing_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["safeguarding_record.id"], name=op.f("fk_safeguarding_closing_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_closing")),
        sa.UniqueConstraint("record_id", name=op.f("uq_safeguarding_closing_record_id")),
    )
    op.create_table(
        "safeguarding_handover",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("partner_unit_id", sa.Uuid(), nullable=False),
        sa.Column("consent", sa.String(length=20), nullable=False),
        sa.Column("ground", sa.String(length=40), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
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
            "state IN ('sent', 'accepted', 'declined')", name=op.f("ck_safeguarding_handover_state")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_safeguarding_handover_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["safeguarding_record.id"], name=op.f("fk_safeguarding_handover_record_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_handover")),
    )
    op.create_index(
        "ix_safeguarding_handover_at", "safeguarding_handover", ["handed_over_at", "id"], unique=False
    )
    op.create_index(
        "ix_safeguarding_handover_partner",
        "safeguarding_handover",
        ["partner_unit_id", "handed_over_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_safeguarding_handover_record",
        "safeguarding_handover",
        ["record_id", "handed_over_at", "id"],
        unique=False,
    )
    op.create_table(
        "safeguarding_answer",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_safeguarding_answer_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["safeguarding_handover.id"], name=op.f("fk_safeguarding_answer_handover_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_answer")),
        sa.UniqueConstraint("handover_id", name=op.f("uq_safeguarding_answer_handover_id")),
    )


def _make_community() -> None:
    op.create_table(
        "community_concern_decision",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("person_id <> proposer_id", name=op.f("ck_community_concern_decision_two_people")),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_decision_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_decision")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_community_concern_decision_subject_id")),
    )
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
    op.create_index(
        "ix_community_desk_act_report", "community_desk_act", ["report_id", "acted_at"], unique=False
    )
    op.create_table(
        "community_emergency_call",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("rounds_of_newest", sa.Integer(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('staff', 'public', 'shared', 'flood')", name=op.f("ck_community_emergency_call_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_call")),
    )
    op.create_index(
        "ix_community_emergency_call_unit", "community_emergency_call", ["unit_id", "opened_at"], unique=False
    )
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
    op.create_index("ix_community_link_b", "community_link", ["b_id"], unique=False)
    op.create_index(
        "uq_community_link_pair",
        "community_link",
        ["a_id", "b_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
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
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("cell", sa.String(length=20), nullable=True),
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
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_community_observation_place")),
        sa.CheckConstraint(
            "erased_at IS NOT NULL OR (sealed IS NOT NULL AND occurred_at IS NOT NULL AND category IS NOT NULL)",
            name=op.f("ck_community_observation_content_or_erased"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_observation")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_observation_reference")),
    )
    op.create_index(
        "ix_community_observation_near", "community_observation", ["happened_on", "cell"], unique=False
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
        "community_concern",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("taken_by_id", sa.Uuid(), nullable=True),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("accuracy_m", sa.Integer(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("cell", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("immediate_danger", sa.Boolean(), nullable=False),
        sa.Column("do_not_pass_on", sa.Boolean(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("earlier_state", sa.String(length=12), nullable=True),
        sa.Column("earlier_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thread_length", sa.Integer(), nullable=False),
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
            "(channel = 'public') = (taken_by_id IS NULL)", name=op.f("ck_community_concern_taken")
        ),
        sa.CheckConstraint(
            "channel IN ('public', 'told', 'telephoned')", name=op.f("ck_community_concern_channel")
        ),
        sa.CheckConstraint(
            "earlier_state IS NULL OR earlier_state IN ('received', 'in_progress', 'answered', 'closed')",
            name=op.f("ck_community_concern_earlier_state"),
        ),
        sa.CheckConstraint(
            "precision IS NULL OR precision IN ('exact', 'street', 'area')",
            name=op.f("ck_community_concern_precision"),
        ),
        sa.CheckConstraint(
            "status IN ('received', 'returned', 'withdrawn', 'in_community_work', 'passed_on', 'closed')",
            name=op.f("ck_community_concern_status"),
        ),
        sa.CheckConstraint(
            "(earlier_state IS NULL) = (earlier_until IS NULL)",
            name=op.f("ck_community_concern_earlier_until"),
        ),
        sa.CheckConstraint("(lat IS NULL) = (lon IS NULL)", name=op.f("ck_community_concern_place")),
        sa.CheckConstraint(
            "category IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_category_or_erased"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_community_concern_content_or_erased")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_concern_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern")),
        sa.UniqueConstraint("lookup", name=op.f("uq_community_concern_lookup")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_concern_reference")),
    )
    op.create_index("ix_community_concern_near", "community_concern", ["happened_on", "cell"], unique=False)
    op.create_index("ix_community_concern_received", "community_concern", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_community_concern_unit", "community_concern", ["unit_id", "received_at", "id"], unique=False
    )
    op.create_table(
        "community_emergency_gathering",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=True),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_singly", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"],
            ["community_emergency_call.id"],
            name=op.f("fk_community_emergency_gathering_call_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_gathering")),
    )
    op.create_table(
        "community_problem",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=True),
        sa.Column("list_title", sa.String(length=100), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
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
            "sealed IS NOT NULL OR title IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_problem_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_problem_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_problem")),
        sa.UniqueConstraint("reference", name=op.f("uq_community_problem_reference")),
    )
    op.create_index("ix_community_problem_opened", "community_problem", ["opened_at", "id"], unique=False)
    op.create_index(
        "ix_community_problem_unit", "community_problem", ["unit_id", "opened_at", "id"], unique=False
    )
    op.create_table(
        "community_concern_contact",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
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
            name=op.f("ck_community_concern_contact_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_contact_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_contact")),
        sa.UniqueConstraint("concern_id", name=op.f("uq_community_concern_contact_concern_id")),
    )
    op.create_table(
        "community_concern_contact_unlock",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("proposer_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=25), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
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
            "(state = 'approved') = (until IS NOT NULL)",
            name=op.f("ck_community_concern_contact_unlock_unlocked"),
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'approved', 'refused')",
            name=op.f("ck_community_concern_contact_unlock_state"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_contact_unlock_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"],
            ["community_concern.id"],
            name=op.f("fk_community_concern_contact_unlock_concern_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_contact_unlock")),
    )
    op.create_index(
        "ix_community_concern_contact_unlock_concern",
        "community_concern_contact_unlock",
        ["concern_id", "proposed_at"],
        unique=False,
    )
    op.create_table(
        "community_concern_message",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
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
            "kind IN ('message', 'dispute', 'withdrawal', 'questionnaire', 'permission')",
            name=op.f("ck_community_concern_message_kind"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_message_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_message_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_message")),
        sa.UniqueConstraint(
            "concern_id", "position", name=op.f("uq_community_concern_message_concern_id_position")
        ),
    )
    op.create_table(
        "community_concern_reply",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=25), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
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
            "(state = 'approved') = (released_at IS NOT NULL)",
            name=op.f("ck_community_concern_reply_released"),
        ),
        sa.CheckConstraint(
            "kind IN ('answer', 'question', 'status', 'final')", name=op.f("ck_community_concern_reply_kind")
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'approved', 'refused')",
            name=op.f("ck_community_concern_reply_state"),
        ),
        sa.CheckConstraint(
            "(released_at IS NULL) = (position IS NULL)", name=op.f("ck_community_concern_reply_placed")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_concern_reply_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_reply_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_reply")),
        sa.UniqueConstraint(
            "concern_id", "position", name=op.f("uq_community_concern_reply_concern_id_position")
        ),
    )
    op.create_index(
        "uq_community_concern_reply_final",
        "community_concern_reply",
        ["concern_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
        postgresql_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
    )
    op.create_table(
        "community_concern_translation",
        sa.Column("concern_id", sa.Uuid(), nullable=False),
        sa.Column("of_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
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
            name=op.f("ck_community_concern_translation_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["community_concern.id"], name=op.f("fk_community_concern_translation_concern_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_concern_translation")),
    )
    op.create_index(
        "ix_community_concern_translation_concern",
        "community_concern_translation",
        ["concern_id", "written_at"],
        unique=False,
    )
    op.create_table(
        "community_emergency",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("owner_post_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("first_round", sa.Integer(), nullable=False),
        sa.Column("last_round", sa.Integer(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("justify_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("justified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("breached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stood_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("procedure_name", sa.String(length=60), nullable=True),
        sa.Column("procedure_version", sa.Integer(), nullable=True),
        sa.Column("procedure_hash", sa.String(length=64), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('paging', 'acknowledged', 'stood_down')", name=op.f("ck_community_emergency_state")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["community_emergency_call.id"], name=op.f("fk_community_emergency_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["owner_post_id"], ["units_post.id"], name=op.f("fk_community_emergency_owner_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency")),
        sa.UniqueConstraint("subject_id", name=op.f("uq_community_emergency_subject_id")),
    )
    op.create_index(
        "ix_community_emergency_call", "community_emergency", ["call_id", "opened_at", "id"], unique=False
    )
    op.create_index("ix_community_emergency_opened", "community_emergency", ["opened_at", "id"], unique=False)
    op.create_index(
        "ix_community_emergency_unit", "community_emergency", ["unit_id", "opened_at", "id"], unique=False
    )
    op.create_table(
        "community_emergency_batch",
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("emergencies", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("left_alone", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal_id", sa.Uuid(), nullable=True),
        sa.Column("refuser_id", sa.Uuid(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_refusal", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "act IN ('acknowledgement', 'action', 'justification', 'stand_down')",
            name=op.f("ck_community_emergency_batch_act"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR sealed_refusal IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_emergency_batch_refusal_or_erased"),
        ),
        sa.CheckConstraint(
            "state IN ('awaiting_second_person', 'done', 'refused')",
            name=op.f("ck_community_emergency_batch_state"),
        ),
        sa.CheckConstraint(
            "approver_id <> person_id AND refuser_id <> person_id",
            name=op.f("ck_community_emergency_batch_two_people"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL",
            name=op.f("ck_community_emergency_batch_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_batch_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_batch")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_community_emergency_batch_approval_id")),
        sa.UniqueConstraint("refusal_id", name=op.f("uq_community_emergency_batch_refusal_id")),
    )
    op.create_table(
        "community_emergency_page",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("emergencies", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("paged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["community_emergency_call.id"], name=op.f("fk_community_emergency_page_call_id")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_page_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_page")),
        sa.UniqueConstraint(
            "call_id", "round", "post_id", name=op.f("uq_community_emergency_page_call_id_round_post_id")
        ),
    )
    op.create_table(
        "community_priority",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=True),
        sa.Column("list_title", sa.String(length=80), nullable=True),
        sa.Column("problem_id", sa.Uuid(), nullable=True),
        sa.Column("agreed_by_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
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
            name=op.f("ck_community_priority_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["problem_id"], ["community_problem.id"], name=op.f("fk_community_priority_problem_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_community_priority_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_priority")),
    )
    op.create_index("ix_community_priority_month", "community_priority", ["month", "id"], unique=False)
    op.create_index("ix_community_priority_problem", "community_priority", ["problem_id"], unique=False)
    op.create_index(
        "ix_community_priority_unit", "community_priority", ["unit_id", "month", "id"], unique=False
    )
    op.create_index(
        "uq_community_priority_place",
        "community_priority",
        ["unit_id", "month", "place"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
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
    op.create_index(
        "ix_community_problem_entry_problem",
        "community_problem_entry",
        ["problem_id", "written_at", "id"],
        unique=False,
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
    op.create_index(
        "ix_community_problem_partner_unit", "community_problem_partner", ["unit_id"], unique=False
    )
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
    op.create_index(
        "ix_community_problem_report_report", "community_problem_report", ["report_id"], unique=False
    )
    op.create_table(
        "community_emergency_entry",
        sa.Column("emergency_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
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
            "act IN ('acknowledgement', 'action', 'justification', 'stand_down')",
            name=op.f("ck_community_emergency_entry_act"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL OR act = 'acknowledgement' OR batch_id IS NOT NULL",
            name=op.f("ck_community_emergency_entry_content_or_erased"),
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["community_emergency_batch.id"], name=op.f("fk_community_emergency_entry_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["emergency_id"],
            ["community_emergency.id"],
            name=op.f("fk_community_emergency_entry_emergency_id"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["units_post.id"], name=op.f("fk_community_emergency_entry_post_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_community_emergency_entry")),
    )
    op.create_index(
        "ix_community_emergency_entry_emergency",
        "community_emergency_entry",
        ["emergency_id", "entered_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_community_emergency_entry_once",
        "community_emergency_entry",
        ["emergency_id", "act"],
        unique=True,
        sqlite_where=sa.text("act <> 'action'"),
        postgresql_where=sa.text("act <> 'action'"),
    )


def _make_valve() -> None:
    op.create_table(
        "valve_passage",
        sa.Column("report_kind", sa.String(length=20), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supplements_when_refused", sa.Integer(), nullable=True),
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
        "intel_flag_relation",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("masked", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_relation")),
        sa.UniqueConstraint("token", name=op.f("uq_intel_flag_relation_token")),
    )
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
        "intel_suspension",
        sa.Column("subject", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("suspended_by", sa.Uuid(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.Uuid(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("retention_class", sa.String(length=40), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("legal_hold", sa.Boolean(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("subject IN ('indicator', 'procedure')", name=op.f("ck_intel_suspension_subject")),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL)", name=op.f("ck_intel_suspension_lifting")
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR erased_at IS NOT NULL", name=op.f("ck_intel_suspension_content_or_erased")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_suspension")),
    )
    op.create_index(
        "uq_intel_suspension_open",
        "intel_suspension",
        ["subject", "name"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
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
        sa.Column("exception", sa.String(length=20), nullable=True),
        sa.Column("forgotten_on", sa.Date(), nullable=True),
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
    op.create_index(
        "ix_intel_flag_ended",
        "intel_flag",
        ["ended_at", "unit_id"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.create_index("ix_intel_flag_flagger", "intel_flag", ["flagger_id", "due_at", "id"], unique=False)
    op.create_index(
        "ix_intel_flag_local_unit", "intel_flag", ["local_unit_id", "status", "due_at", "id"], unique=False
    )
    op.create_index("ix_intel_flag_raised", "intel_flag", ["raised_at", "unit_id"], unique=False)
    op.create_index("ix_intel_flag_unit", "intel_flag", ["unit_id", "due_at", "id"], unique=False)
    op.create_table(
        "intel_flag_refusal",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units_unit.id"], name=op.f("fk_intel_flag_refusal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_flag_refusal")),
    )
    op.create_index("ix_intel_flag_refusal_day", "intel_flag_refusal", ["day", "unit_id"], unique=False)
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
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("from_unit_id", sa.Uuid(), nullable=False),
        sa.Column("to_unit_id", sa.Uuid(), nullable=False),
        sa.Column("handling_scheme", sa.String(length=20), nullable=False),
        sa.Column("handling_code", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recalled_by_id", sa.Uuid(), nullable=True),
        sa.Column("recall_confirmed_at", sa.DateTime(timezone=True), nullable=True),
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
    op.create_index(
        "ix_intel_dissemination_recalled_by",
        "intel_dissemination",
        ["recalled_by_id"],
        unique=False,
        sqlite_where=sa.text("recalled_by_id IS NOT NULL"),
        postgresql_where=sa.text("recalled_by_id IS NOT NULL"),
    )
    op.create_index("ix_intel_dissemination_referral", "intel_dissemination", ["referral_id"], unique=False)
    op.create_index("ix_intel_dissemination_report", "intel_dissemination", ["report_id"], unique=False)
    op.create_index("ix_intel_dissemination_sent", "intel_dissemination", ["sent_at"], unique=False)
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
        sa.Column("teller_protected", sa.Boolean(), nullable=True),
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
    op.create_index("ix_intel_flag_decision_decided", "intel_flag_decision", ["decided_at"], unique=False)
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
        sa.Column(
            "subject_categories", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("marks", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("owner_post_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pauses", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
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
    op.create_index(
        "ix_intel_referral_parent",
        "intel_referral",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
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
        "intel_related_flag",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("why IN ('subject', 'report')", name=op.f("ck_intel_related_flag_why")),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["intel_flag.id"], name=op.f("fk_intel_related_flag_earlier_id")
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_related_flag_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_related_flag")),
        sa.UniqueConstraint(
            "flag_id", "earlier_id", "why", name=op.f("uq_intel_related_flag_flag_id_earlier_id_why")
        ),
    )
    op.create_index(
        op.f("ix_intel_related_flag_earlier_id"), "intel_related_flag", ["earlier_id"], unique=False
    )
    op.create_index(op.f("ix_intel_related_flag_flag_id"), "intel_related_flag", ["flag_id"], unique=False)
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
        "intel_subject_slot",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_subject_slot_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_subject_slot")),
        sa.UniqueConstraint("token", name=op.f("uq_intel_subject_slot_token")),
    )
    op.create_index(op.f("ix_intel_subject_slot_flag_id"), "intel_subject_slot", ["flag_id"], unique=False)
    op.create_table(
        "intel_subject_token",
        sa.Column("flag_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["flag_id"], ["intel_flag.id"], name=op.f("fk_intel_subject_token_flag_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_subject_token")),
    )
    op.create_index(op.f("ix_intel_subject_token_flag_id"), "intel_subject_token", ["flag_id"], unique=False)
    op.create_index(op.f("ix_intel_subject_token_token"), "intel_subject_token", ["token"], unique=False)
    op.create_table(
        "intel_originator_question",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("asking_id", sa.Uuid(), nullable=False),
        sa.Column("answering_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=12), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_step_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answering_id"], ["intel_referral.id"], name=op.f("fk_intel_originator_question_answering_id")
        ),
        sa.ForeignKeyConstraint(
            ["asking_id"], ["intel_referral.id"], name=op.f("fk_intel_originator_question_asking_id")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["intel_report.id"], name=op.f("fk_intel_originator_question_report_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_originator_question")),
    )
    op.create_index(
        "ix_intel_originator_question_answering", "intel_originator_question", ["answering_id"], unique=False
    )
    op.create_index(
        "ix_intel_originator_question_asking", "intel_originator_question", ["asking_id"], unique=False
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
    op.create_table(
        "intel_report_notice",
        sa.Column("dissemination_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('regrade', 'correction')", name=op.f("ck_intel_report_notice_kind")),
        sa.ForeignKeyConstraint(
            ["dissemination_id"],
            ["intel_dissemination.id"],
            name=op.f("fk_intel_report_notice_dissemination_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intel_report_notice")),
    )
    op.create_index(
        "ix_intel_report_notice_dissemination", "intel_report_notice", ["dissemination_id"], unique=False
    )


def _make_oversight() -> None:
    op.create_table(
        "oversight_bias_review",
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("finding", sa.String(length=20), nullable=True),
        sa.Column("closing_id", sa.Uuid(), nullable=True),
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
            "(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_oversight_bias_review_closing")
        ),
        sa.CheckConstraint(
            "finding IN ('explained', 'training', 'list_unclear', 'procedure_unclear', 'bias')",
            name=op.f("ck_oversight_bias_review_finding"),
        ),
        sa.CheckConstraint(
            "sealed IS NOT NULL OR state = 'open' OR erased_at IS NOT NULL",
            name=op.f("ck_oversight_bias_review_content_or_erased"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_oversight_bias_review_state")),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["units_unit.id"], name=op.f("fk_oversight_bias_review_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oversight_bias_review")),
    )
    op.create_index(
        "ix_oversight_bias_review_raised", "oversight_bias_review", ["raised_at", "id"], unique=False
    )
    op.create_index(
        "uq_oversight_bias_review_open",
        "oversight_bias_review",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def _drop_oversight() -> None:
    op.drop_index(
        "uq_oversight_bias_review_open",
        table_name="oversight_bias_review",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_oversight_bias_review_raised", table_name="oversight_bias_review")
    op.drop_table("oversight_bias_review")


def _drop_intel() -> None:
    op.drop_index("ix_intel_report_notice_dissemination", table_name="intel_report_notice")
    op.drop_table("intel_report_notice")
    op.drop_table("intel_referral_step")
    op.drop_table("intel_referral_grade")
    op.drop_table("intel_referral_actor")
    op.drop_index("ix_intel_originator_question_asking", table_name="intel_originator_question")
    op.drop_index("ix_intel_originator_question_answering", table_name="intel_originator_question")
    op.drop_table("intel_originator_question")
    op.drop_index(op.f("ix_intel_subject_token_token"), table_name="intel_subject_token")
    op.drop_index(op.f("ix_intel_subject_token_flag_id"), table_name="intel_subject_token")
    op.drop_table("intel_subject_token")
    op.drop_index(op.f("ix_intel_subject_slot_flag_id"), table_name="intel_subject_slot")
    op.drop_table("intel_subject_slot")
    op.drop_table("intel_report_grade")
    op.drop_index(op.f("ix_intel_related_flag_flag_id"), table_name="intel_related_flag")
    op.drop_index(op.f("ix_intel_related_flag_earlier_id"), table_name="intel_related_flag")
    op.drop_table("intel_related_flag")
    op.drop_index(
        "uq_intel_referral_flag",
        table_name="intel_referral",
        sqlite_where=sa.text("flag_id IS NOT NULL"),
        postgresql_where=sa.text("flag_id IS NOT NULL"),
    )
    op.drop_index("ix_intel_referral_unit", table_name="intel_referral")
    op.drop_index("ix_intel_referral_queue", table_name="intel_referral")
    op.drop_index(
        "ix_intel_referral_parent",
        table_name="intel_referral",
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.drop_table("intel_referral")
    op.drop_table("intel_flag_identity")
    op.drop_index(op.f("ix_intel_flag_ground_indicator"), table_name="intel_flag_ground")
    op.drop_index(op.f("ix_intel_flag_ground_flag_id"), table_name="intel_flag_ground")
    op.drop_table("intel_flag_ground")
    op.drop_index("uq_intel_flag_decision_act", table_name="intel_flag_decision")
    op.drop_index("ix_intel_flag_decision_decided", table_name="intel_flag_decision")
    op.drop_table("intel_flag_decision")
    op.drop_index(
        "uq_intel_dissemination_holder",
        table_name="intel_dissemination",
        sqlite_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
        postgresql_where=sa.text("state NOT IN ('recalled', 'recall_confirmed')"),
    )
    op.drop_index("ix_intel_dissemination_to", table_name="intel_dissemination")
    op.drop_index("ix_intel_dissemination_sent", table_name="intel_dissemination")
    op.drop_index("ix_intel_dissemination_report", table_name="intel_dissemination")
    op.drop_index("ix_intel_dissemination_referral", table_name="intel_dissemination")
    op.drop_index(
        "ix_intel_dissemination_recalled_by",
        table_name="intel_dissemination",
        sqlite_where=sa.text("recalled_by_id IS NOT NULL"),
        postgresql_where=sa.text("recalled_by_id IS NOT NULL"),
    )
    op.drop_table("intel_dissemination")
    op.drop_index("ix_intel_report_unit", table_name="intel_report")
    op.drop_index("ix_intel_report_produced", table_name="intel_report")
    op.drop_table("intel_report")
    op.drop_index("ix_intel_flag_refusal_day", table_name="intel_flag_refusal")
    op.drop_table("intel_flag_refusal")
    op.drop_index("ix_intel_flag_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_raised", table_name="intel_flag")
    op.drop_index("ix_intel_flag_local_unit", table_name="intel_flag")
    op.drop_index("ix_intel_flag_flagger", table_name="intel_flag")
    op.drop_index(
        "ix_intel_flag_ended",
        table_name="intel_flag",
        sqlite_where=sa.text("ended_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NOT NULL"),
    )
    op.drop_index("ix_intel_flag_due", table_name="intel_flag")
    op.drop_table("intel_flag")
    op.drop_index(
        "uq_intel_suspension_open",
        table_name="intel_suspension",
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.drop_table("intel_suspension")
    op.drop_table("intel_indicator_list")
    op.drop_table("intel_flag_relation")


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
    op.drop_index(
        "uq_community_emergency_entry_once",
        table_name="community_emergency_entry",
        sqlite_where=sa.text("act <> 'action'"),
        postgresql_where=sa.text("act <> 'action'"),
    )
    op.drop_index("ix_community_emergency_entry_emergency", table_name="community_emergency_entry")
    op.drop_table("community_emergency_entry")
    op.drop_index("ix_community_problem_report_report", table_name="community_problem_report")
    op.drop_table("community_problem_report")
    op.drop_index("ix_community_problem_partner_unit", table_name="community_problem_partner")
    op.drop_table("community_problem_partner")
    op.drop_index("ix_community_problem_entry_problem", table_name="community_problem_entry")
    op.drop_table("community_problem_entry")
    op.drop_index(
        "uq_community_priority_place",
        table_name="community_priority",
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.drop_index("ix_community_priority_unit", table_name="community_priority")
    op.drop_index("ix_community_priority_problem", table_name="community_priority")
    op.drop_index("ix_community_priority_month", table_name="community_priority")
    op.drop_table("community_priority")
    op.drop_table("community_emergency_page")
    op.drop_table("community_emergency_batch")
    op.drop_index("ix_community_emergency_unit", table_name="community_emergency")
    op.drop_index("ix_community_emergency_opened", table_name="community_emergency")
    op.drop_index("ix_community_emergency_call", table_name="community_emergency")
    op.drop_table("community_emergency")
    op.drop_index("ix_community_concern_translation_concern", table_name="community_concern_translation")
    op.drop_table("community_concern_translation")
    op.drop_index(
        "uq_community_concern_reply_final",
        table_name="community_concern_reply",
        sqlite_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
        postgresql_where=sa.text("kind = 'final' AND state = 'awaiting_second_person'"),
    )
    op.drop_table("community_concern_reply")
    op.drop_table("community_concern_message")
    op.drop_index(
        "ix_community_concern_contact_unlock_concern", table_name="community_concern_contact_unlock"
    )
    op.drop_table("community_concern_contact_unlock")
    op.drop_table("community_concern_contact")
    op.drop_index("ix_community_problem_unit", table_name="community_problem")
    op.drop_index("ix_community_problem_opened", table_name="community_problem")
    op.drop_table("community_problem")
    op.drop_table("community_emergency_gathering")
    op.drop_index("ix_community_concern_unit", table_name="community_concern")
    op.drop_index("ix_community_concern_received", table_name="community_concern")
    op.drop_index("ix_community_concern_near", table_name="community_concern")
    op.drop_table("community_concern")
    op.drop_index("ix_community_supplement_report", table_name="community_supplement")
    op.drop_table("community_supplement")
    op.drop_index("ix_community_observation_unit", table_name="community_observation")
    op.drop_index("ix_community_observation_reporter", table_name="community_observation")
    op.drop_index("ix_community_observation_received", table_name="community_observation")
    op.drop_index("ix_community_observation_near", table_name="community_observation")
    op.drop_table("community_observation")
    op.drop_index(
        "uq_community_link_pair",
        table_name="community_link",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_community_link_b", table_name="community_link")
    op.drop_table("community_link")
    op.drop_index("ix_community_emergency_call_unit", table_name="community_emergency_call")
    op.drop_table("community_emergency_call")
    op.drop_index("ix_community_desk_act_report", table_name="community_desk_act")
    op.drop_table("community_desk_act")
    op.drop_table("community_concern_decision")


def _drop_safeguarding() -> None:
    op.drop_table("safeguarding_answer")
    op.drop_index("ix_safeguarding_handover_record", table_name="safeguarding_handover")
    op.drop_index("ix_safeguarding_handover_partner", table_name="safeguarding_handover")
    op.drop_index("ix_safeguarding_handover_at", table_name="safeguarding_handover")
    op.drop_table("safeguarding_handover")
    op.drop_table("safeguarding_closing")
    op.drop_index("ix_safeguarding_record_unit", table_name="safeguarding_record")
    op.drop_index("ix_safeguarding_record_subject", table_name="safeguarding_record")
    op.drop_index("ix_safeguarding_record_opened", table_name="safeguarding_record")
    op.drop_table("safeguarding_record")


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
    op.drop_table("feedback_matter_alias")
    op.drop_table("feedback_contributor")


def _drop_procedure() -> None:
    op.drop_table("procedure_version")


def _drop_access() -> None:
    op.drop_index(op.f("ix_access_refresh_token_session_id"), table_name="access_refresh_token")
    op.drop_table("access_refresh_token")
    op.drop_index("ix_access_session_account", table_name="access_session")
    op.drop_table("access_session")
    op.drop_index("ix_access_purpose_case_person", table_name="access_purpose_case")
    op.drop_table("access_purpose_case")
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
    op.drop_table("access_first_password")
    op.drop_table("access_device")
    op.drop_index("ix_access_recusal_person", table_name="access_recusal")
    op.drop_table("access_recusal")
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
    op.drop_table("outbox_periodic_task")
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


def _drop_audit() -> None:
    op.drop_index(
        "uq_audit_event_leaf_index",
        table_name="audit_event",
        sqlite_where=sa.text("leaf_index IS NOT NULL"),
        postgresql_where=sa.text("leaf_index IS NOT NULL"),
    )
    op.drop_index(
        "ix_audit_event_object",
        table_name="audit_event",
        sqlite_where=sa.text("object_id IS NOT NULL"),
        postgresql_where=sa.text("object_id IS NOT NULL"),
    )
    op.drop_index("ix_audit_event_at", table_name="audit_event")
    op.drop_index("ix_audit_event_actor", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("audit_anonymous_refusal")


def _drop_core() -> None:
    op.drop_table("core_data_key")
    op.drop_table("core_command")
    op.drop_table("core_change")
    op.drop_table("core_cache_version")
