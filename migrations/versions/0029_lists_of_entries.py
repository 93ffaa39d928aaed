"""Lists of entries, loaded from files, each with its next version.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "entry_list",
        sa.Column("seq", SEQ, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("dated", sa.String(10), nullable=False),
        sa.Column("level", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=True),
        sa.Column("opened_by_kind", sa.String(8), nullable=True),
        sa.Column("opened_by_id", sa.Integer, nullable=True),
        sa.Column("opened_by_name", sa.Text, nullable=True),
        sa.Column("accountable_id", sa.Integer, nullable=True),
        sa.Column("review_by", sa.BigInteger, nullable=True),
        sa.Column("reviewed_at", sa.BigInteger, nullable=True),
        sa.Column("reviewed_by_id", sa.Integer, nullable=True),
        sa.Column("reviewed_by_name", sa.Text, nullable=True),
        sa.Column("removed_at", sa.BigInteger, nullable=True),
        sa.Column("work", sa.String(8), nullable=True),
        sa.Column("proposed", sa.JSON, nullable=True),
        sa.Column("problem", sa.Text, nullable=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.CheckConstraint(
            "reviewed_by_id is null or accountable_id is null or reviewed_by_id <> accountable_id",
            name=op.f("ck_entry_list_four_eyes_of_review"),
        ),
        sa.CheckConstraint(
            "work is null or work in ('checking', 'checked', 'loading', 'removing')",
            name=op.f("ck_entry_list_work_known"),
        ),
        sa.PrimaryKeyConstraint("seq", name="pk_entry_list"),
        sqlite_autoincrement=True,
    )
    op.add_column("blacklist_entry", sa.Column("list_seq", SEQ, nullable=True))
    op.create_index(
        "ix_blacklist_entry_list_seq",
        "blacklist_entry",
        ["list_seq", "closed_at"],
        sqlite_where=sa.text("list_seq is not null"),
        postgresql_where=sa.text("list_seq is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_blacklist_entry_list_seq", table_name="blacklist_entry")
    op.drop_column("blacklist_entry", "list_seq")
    op.drop_table("entry_list")
