"""Entries of the blacklist that no customer needs to have.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

KEY = sa.String(560).with_variant(sa.String(560, collation="C"), "postgresql")
SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")
REASONS = "('fraud', 'chargeback', 'identity', 'abuse', 'terms', 'request', 'other', 'unspecified')"
FOUR_EYES = (
    "closed_by_kind is null or accountable_id is null or closed_by_kind <> 'staff' "
    "or (outcome = 'undone') = (closed_by_id = accountable_id) or level = 'allow'"
)
OPEN = sa.text("closed_at is null")


def check(condition: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_blacklist_entry_{name}"))


def upgrade() -> None:
    op.create_table(
        "blacklist_entry",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16), nullable=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        *who("opened_by", nullable=False),
        sa.Column("accountable_id", sa.Integer, nullable=True),
        sa.Column("until", sa.BigInteger, nullable=True),
        sa.Column("review_by", sa.BigInteger, nullable=False),
        sa.Column("reviewed_at", sa.BigInteger, nullable=True),
        *who("reviewed_by")[1:],
        sa.Column("review_note", sa.Text, nullable=True),
        sa.Column("removal_asked_at", sa.BigInteger, nullable=True),
        *who("removal_asked_by")[1:],
        sa.Column("removal_reason", sa.Text, nullable=True),
        sa.Column("closed_at", sa.BigInteger, nullable=True),
        *who("closed_by"),
        sa.Column("closed_note", sa.Text, nullable=True),
        sa.Column("outcome", sa.String(12), nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        check("kind in ('email', 'domain', 'phone', 'phone_range', 'name')", "kind_known"),
        check("level in ('deny', 'review', 'allow')", "level_known"),
        check(f"reason is null or reason in {REASONS}", "reason_known"),
        check("(reason is null) = (level = 'allow')", "reason_unless_allowed"),
        check("outcome is null or outcome in ('undone', 'overturned', 'removed')", "outcome_known"),
        check("(closed_at is null) = (outcome is null)", "closed_has_outcome"),
        check("length(note) <= 2000", "note_length"),
        check("until is null or until > opened_at", "until_later"),
        check(FOUR_EYES, "four_eyes"),
        check(
            "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id",
            "four_eyes_of_review",
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_blacklist_entry"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_blacklist_entry_open", "blacklist_entry", ["opened_at", "seq"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_blacklist_entry_opened_at", "blacklist_entry", ["opened_at", "seq"])
    op.create_table(
        "entry_key",
        sa.Column("key", KEY, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("entry_seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["entry_seq"], ["blacklist_entry.seq"], name=op.f("fk_entry_key_entry_seq")),
        sa.PrimaryKeyConstraint("key", "kind", "entry_seq", name="pk_entry_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entry_key_entry_seq", "entry_key", ["entry_seq"])
    op.create_table(
        "entry_match",
        sa.Column("customer_seq", SEQ, nullable=False),
        sa.Column("entry_seq", SEQ, nullable=False),
        sa.ForeignKeyConstraint(["customer_seq"], ["customer.seq"], name=op.f("fk_entry_match_customer_seq")),
        sa.ForeignKeyConstraint(["entry_seq"], ["blacklist_entry.seq"], name=op.f("fk_entry_match_entry_seq")),
        sa.PrimaryKeyConstraint("customer_seq", "entry_seq", name="pk_entry_match"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entry_match_entry_seq", "entry_match", ["entry_seq", "customer_seq"])


def who(prefix: str, *, nullable: bool = True) -> list[sa.Column]:
    return [
        sa.Column(f"{prefix}_kind", sa.String(8), nullable=nullable),
        sa.Column(f"{prefix}_id", sa.Integer, nullable=True),
        sa.Column(f"{prefix}_name", sa.Text, nullable=nullable),
    ]


def downgrade() -> None:
    for name in ("entry_match", "entry_key", "blacklist_entry"):
        op.drop_table(name)
