"""The words of names are indexed; `book check --repair` fills the index of an older book.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

KEY = sa.String(42).with_variant(sa.String(42, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "name_word",
        sa.Column("key", KEY, nullable=False),
        sa.Column("customer_seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("key", "customer_seq", name="pk_name_word"),
        sqlite_with_rowid=False,
    )
    if not op.get_bind().scalar(sa.text("SELECT 1 FROM customer LIMIT 1")):
        change_rules("3", "4")


def change_rules(old: str, new: str) -> None:
    op.execute(
        f"UPDATE book_fact SET value = '{new}' || substr(value, 2) WHERE name = 'key_rules' AND value LIKE '{old} of %'"
    )


def downgrade() -> None:
    change_rules("4", "3")
    op.drop_table("name_word")
