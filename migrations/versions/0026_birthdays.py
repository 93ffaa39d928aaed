"""Birthdays of customers.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

NAME, CONDITION = "ck_customer_birthday_iso", "birthday is null or birthday like '____-__-__'"


def upgrade() -> None:
    """Without writing any row: the new column is empty in all of them."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE customer ADD COLUMN birthday VARCHAR(10) CONSTRAINT {NAME} CHECK ({CONDITION})")
        return
    op.add_column("customer", sa.Column("birthday", sa.String(10, collation="C"), nullable=True))
    op.execute(f"ALTER TABLE customer ADD CONSTRAINT {NAME} CHECK ({CONDITION})")


def downgrade() -> None:
    op.execute("DELETE FROM name_word WHERE key LIKE '%|____-__-__'")
    op.execute("DELETE FROM case_identifier WHERE kind = 'birthday'")
    op.drop_column("customer", "birthday")
