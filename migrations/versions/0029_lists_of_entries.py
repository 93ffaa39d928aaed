"""Lists of entries, loaded from files, each with its next version; customers who are watched.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

# What a kind and a level may be: before this, and what is new.
KNOWN = {
    "kind": ("'email', 'domain', 'phone', 'phone_range', 'name'", "'customer'"),
    "level": ("'deny', 'review', 'allow'", "'watch'"),
}
NEW = "kind = 'customer' or level = 'watch'"
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
    with op.batch_alter_table("blacklist_entry", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("list_seq", SEQ, nullable=True))
        table.add_column(sa.Column("stirred_at", sa.BigInteger, nullable=True))
        for name, (before, after) in KNOWN.items():
            table.drop_constraint(op.f(f"ck_blacklist_entry_{name}_known"), type_="check")
            table.create_check_constraint(op.f(f"ck_blacklist_entry_{name}_known"), f"{name} in ({before}, {after})")
    op.create_index(
        "ix_blacklist_entry_list_seq",
        "blacklist_entry",
        ["list_seq", "closed_at"],
        sqlite_where=sa.text("list_seq is not null"),
        postgresql_where=sa.text("list_seq is not null"),
    )


def downgrade() -> None:
    op.drop_index("ix_blacklist_entry_list_seq", table_name="blacklist_entry")
    op.execute("DELETE FROM entry_match WHERE entry_seq IN (SELECT seq FROM blacklist_entry WHERE " + NEW + ")")
    op.execute("DELETE FROM entry_key WHERE entry_seq IN (SELECT seq FROM blacklist_entry WHERE " + NEW + ")")
    op.execute("DELETE FROM blacklist_entry WHERE " + NEW)
    with op.batch_alter_table("blacklist_entry", table_kwargs={"sqlite_autoincrement": True}) as table:
        for name, (before, _) in KNOWN.items():
            table.drop_constraint(op.f(f"ck_blacklist_entry_{name}_known"), type_="check")
            table.create_check_constraint(op.f(f"ck_blacklist_entry_{name}_known"), f"{name} in ({before})")
        table.drop_column("list_seq")
        table.drop_column("stirred_at")
    op.drop_table("entry_list")
