"""The first tables: customers, blacklistings, the history, and staff.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.BigInteger()
IDENTIFIER = sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql")

APPEND_ONLY = {
    "sqlite": [
        """
        CREATE TRIGGER history_entry_not_{what} BEFORE {WHAT} ON history_entry
        BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END
        """,
    ],
    "postgresql": [
        """
        CREATE OR REPLACE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$
        """,
        """
        CREATE TRIGGER history_entry_not_{what} BEFORE {WHAT} ON history_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_history_change()
        """,
    ],
}


def byte_ordered(length):
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attempt_bucket",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("left", sa.Float(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt_bucket")),
    )
    op.create_index(op.f("ix_attempt_bucket_at"), "attempt_bucket", ["at"], unique=False)

    op.create_table(
        "blacklisting",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("customer_seq", SEQUENCE, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by_kind", sa.String(length=8), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("review_by", MOMENT, nullable=False),
        sa.Column("reviewed_at", MOMENT, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_by_name", sa.Text(), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by_kind", sa.String(length=8), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("closed_note", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.CheckConstraint(
            "outcome is null or outcome in ('overturned', 'lifted', 'undone')",
            name=op.f("ck_blacklisting_outcome_known"),
        ),
        sa.CheckConstraint("reason <> 'other' or note <> ''", name=op.f("ck_blacklisting_other_has_note")),
        sa.CheckConstraint(
            "reason in ('fraud', 'chargeback', 'identity', 'abuse', 'terms', 'request', 'other', 'unspecified')",
            name=op.f("ck_blacklisting_reason_known"),
        ),
        sa.CheckConstraint("(closed_at is null) = (outcome is null)", name=op.f("ck_blacklisting_closed_has_outcome")),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_blacklisting_note_length")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_blacklisting")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_blacklisting_customer_seq"), "blacklisting", ["customer_seq"], unique=False)
    op.create_index(
        "uq_blacklisting_one_open",
        "blacklisting",
        ["customer_seq"],
        unique=True,
        sqlite_where=sa.text("closed_at is null"),
        postgresql_where=sa.text("closed_at is null"),
    )

    op.create_table(
        "customer",
        sa.Column("seq", SEQUENCE, nullable=False),
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("reference", byte_ordered(64), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", byte_ordered(16), nullable=True),
        sa.Column("dial_code", byte_ordered(5), nullable=True),
        sa.Column("blacklisted", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("name_key", byte_ordered(512), nullable=False),
        sa.Column("email_key", byte_ordered(512), nullable=False),
        sa.Column("email_person", byte_ordered(512), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.CheckConstraint("dial_code is null or dial_code like '+%'", name=op.f("ck_customer_dial_code_plus")),
        sa.CheckConstraint(
            "phone is null or (dial_code is not null and phone like dial_code || '%' and length(phone) <= 16)", name=op.f("ck_customer_phone_e164")
        ),
        sa.CheckConstraint("length(email) between 3 and 254", name=op.f("ck_customer_email_length")),
        sa.CheckConstraint("length(first_name) between 1 and 100", name=op.f("ck_customer_first_name_length")),
        sa.CheckConstraint("length(last_name) between 1 and 100", name=op.f("ck_customer_last_name_length")),
        sa.CheckConstraint("length(reference) between 1 and 64", name=op.f("ck_customer_reference_length")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_customer")),
        sa.UniqueConstraint("email_key", name=op.f("uq_customer_email_key")),
        sa.UniqueConstraint("id", name=op.f("uq_customer_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_blacklisted", "customer", ["blacklisted"], unique=False)
    op.create_index("ix_customer_created", "customer", ["created_at", "seq", "dial_code", "blacklisted"], unique=False)
    op.create_index("ix_customer_dial_code", "customer", ["dial_code", "blacklisted"], unique=False)
    op.create_index(op.f("ix_customer_email_person"), "customer", ["email_person"], unique=False)
    op.create_index("ix_customer_name", "customer", ["name_key", "seq", "dial_code", "blacklisted"], unique=False)
    op.create_index("ix_customer_phone", "customer", ["phone"], unique=False)
    op.create_index("ix_customer_updated", "customer", ["updated_at", "seq", "dial_code", "blacklisted"], unique=False)

    op.create_table(
        "history_entry",
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("subject_seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("door", sa.String(length=8), nullable=False),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("subject", "subject_seq", "number", name=op.f("pk_history_entry")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_member",
        sa.Column("id", SEQUENCE, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("email_key", byte_ordered(512), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("password_expires_at", MOMENT, nullable=True),
        sa.Column("theme", sa.String(length=8), nullable=False),
        sa.Column("density", sa.String(length=12), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("density in ('comfortable', 'compact')", name=op.f("ck_staff_member_density_known")),
        sa.CheckConstraint("role in ('viewer', 'agent', 'manager', 'admin')", name=op.f("ck_staff_member_role_known")),
        sa.CheckConstraint("theme in ('system', 'light', 'dark')", name=op.f("ck_staff_member_theme_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("email_key", name=op.f("uq_staff_member_email_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "history_values",
        sa.Column("subject", sa.String(length=8), nullable=False),
        sa.Column("subject_seq", SEQUENCE, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject", "subject_seq", "number"],
            ["history_entry.subject", "history_entry.subject_seq", "history_entry.number"],
            name=op.f("fk_history_values_subject_subject_seq_number"),
        ),
        sa.PrimaryKeyConstraint("subject", "subject_seq", "number", name=op.f("pk_history_values")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", SEQUENCE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_seen_at"), "staff_session", ["seen_at"], unique=False)
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)

    op.create_index("uq_customer_reference_lower", "customer", [sa.text("lower(reference)")], unique=True)
    for what in ("update", "delete"):
        for statement in APPEND_ONLY[op.get_bind().dialect.name]:
            op.execute(statement.format(what=what, WHAT=what.upper()))


def downgrade() -> None:
    for table in reversed(
        [
            "attempt_bucket",
            "blacklisting",
            "customer",
            "history_entry",
            "staff_member",
            "history_values",
            "staff_session",
        ]
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_history_change")
