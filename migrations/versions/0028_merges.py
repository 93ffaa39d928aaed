"""Two records of one person become one, and can become two again; a blacklisting may have an end.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
WAITS_FROM = """
    CASE WHEN reviewed_at IS NULL THEN opened_at WHEN lift_asked_at > reviewed_at THEN lift_asked_at
    ELSE review_by END
"""
OPEN, JOINED = sa.text("closed_at is null"), sa.text("joined_to is not null")
OUTCOMES = "'overturned', 'lifted', 'undone'"
KNOWN, LATER = "ck_blacklisting_outcome_known", "ck_blacklisting_until_later"
ENDS = sa.text("until is not null and closed_at is null")
INDEXED = (
    "survivor_seq", "email_key", "replaced_email_key", "email_person", "email_domain",
    "phone", "phone_person", "birthday",
)
# What is about a customer outlives their row now: they may be merged into another.
POINTING = {
    "customer_note": "fk_customer_note_customer_seq_customer",
    "entry_match": "fk_entry_match_customer_seq",
}


def upgrade() -> None:
    op.add_column("customer", sa.Column("also_known", sa.Text, server_default="", nullable=False))
    op.drop_index("ix_blacklisting_waits_from", table_name="blacklisting")
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("also_accountable", sa.JSON, nullable=True))
        table.add_column(sa.Column("until", sa.BigInteger, nullable=True))
        table.create_check_constraint(op.f(LATER), "until is null or until > opened_at")
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), f"outcome is null or outcome in ({OUTCOMES}, 'joined', 'ended')")
    index_waiting()
    op.create_index("ix_blacklisting_until", "blacklisting", ["until"], sqlite_where=ENDS, postgresql_where=ENDS)
    for table, name in POINTING.items():
        with op.batch_alter_table(
            table, table_kwargs=kwargs(table), reflect_kwargs={"resolve_fks": False}
        ) as batch:
            batch.drop_constraint(op.f(name), type_="foreignkey")
    op.create_table(
        "merged_customer",
        sa.Column("seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("id", sa.LargeBinary(16).with_variant(sa.Uuid(), "postgresql"), nullable=False),
        sa.Column("reference", text(64), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", text(16), nullable=True),
        sa.Column("dial_code", text(5), nullable=True),
        sa.Column("birthday", text(10), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("email_key", text(512), nullable=False),
        sa.Column("email_person", text(512), nullable=False),
        sa.Column("email_domain", text(254), nullable=False),
        sa.Column("phone_person", text(16), nullable=True),
        sa.Column("survivor_seq", SEQ, nullable=False),
        sa.Column("entry", sa.Integer, nullable=False),
        sa.Column("replaced_email", sa.String(254), nullable=True),
        sa.Column("replaced_email_key", text(512), nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_merged_customer"),
        sa.UniqueConstraint("id", name="uq_merged_customer_id"),
    )
    op.create_index(
        "uq_merged_customer_reference_lower", "merged_customer", [sa.text("lower(reference)")], unique=True
    )
    for column in INDEXED:
        op.create_index(f"ix_merged_customer_{column}", "merged_customer", [column])
    op.create_table(
        "case_move",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("case_seq", SEQ, nullable=False),
        sa.Column("from_seq", SEQ, nullable=False),
        sa.Column("to_seq", SEQ, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("joined_to", SEQ, nullable=True),
        sa.Column("joined_by_name", sa.Text, nullable=True),
        sa.Column("joined_until", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("seq", name="pk_case_move"),
    )
    op.create_index("ix_case_move_case_seq", "case_move", ["case_seq", "at"])
    op.create_index(
        "ix_case_move_joined_to", "case_move", ["joined_to"], sqlite_where=JOINED, postgresql_where=JOINED
    )
    for column in ("from_seq", "to_seq"):
        op.create_index(f"ix_case_move_{column}", "case_move", [column])
    op.create_table(
        "merge_request",
        sa.Column("survivor_seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("other_seq", SEQ, autoincrement=False, nullable=False),
        sa.Column("is_undo", sa.Boolean, nullable=False),
        sa.Column("choices", sa.JSON, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by_kind", sa.String(8), nullable=False),
        sa.Column("by_id", sa.Integer, nullable=True),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("accountable_id", sa.Integer, nullable=True),
        sa.CheckConstraint("survivor_seq <> other_seq", name=op.f("ck_merge_request_two")),
        sa.CheckConstraint("length(note) <= 2000", name=op.f("ck_merge_request_note_length")),
        sa.PrimaryKeyConstraint("survivor_seq", "other_seq", name="pk_merge_request"),
    )
    op.create_index("ix_merge_request_other_seq", "merge_request", ["other_seq"])
    op.create_index("ix_merge_request_at", "merge_request", ["at"])


def text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def index_waiting() -> None:
    op.create_index(
        "ix_blacklisting_waits_from",
        "blacklisting",
        [sa.text(f"({WAITS_FROM})")],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def kwargs(table: str) -> dict[str, bool]:
    return {"sqlite_with_rowid": False} if table == "entry_match" else {}


def downgrade() -> None:
    for table in ("merge_request", "case_move", "merged_customer"):
        op.drop_table(table)
    for table, name in POINTING.items():
        op.execute(f"DELETE FROM {table} WHERE customer_seq NOT IN (SELECT seq FROM customer)")
        with op.batch_alter_table(table, table_kwargs=kwargs(table)) as batch:
            batch.create_foreign_key(op.f(name), "customer", ["customer_seq"], ["seq"])
    op.drop_index("ix_blacklisting_until", table_name="blacklisting")
    op.drop_index("ix_blacklisting_waits_from", table_name="blacklisting")
    op.execute("UPDATE blacklisting SET outcome = 'lifted' WHERE outcome IN ('joined', 'ended')")
    with op.batch_alter_table("blacklisting", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f(KNOWN), type_="check")
        table.create_check_constraint(op.f(KNOWN), f"outcome is null or outcome in ({OUTCOMES})")
        table.drop_constraint(op.f(LATER), type_="check")
        table.drop_column("until")
        table.drop_column("also_accountable")
    index_waiting()
    op.drop_column("customer", "also_known")
