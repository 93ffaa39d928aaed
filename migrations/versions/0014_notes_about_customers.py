"""Staff write notes about customers.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "customer_note",
        sa.Column("seq", sequence, nullable=False),
        sa.Column("customer_seq", sequence, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=True),
        sa.Column("written_by_name", sa.Text(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["customer_seq"], ["customer.seq"], name=op.f("fk_customer_note_customer_seq_customer")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_customer_note")),
    )
    op.create_index("ix_customer_note_customer_seq", "customer_note", ["customer_seq", "seq"])


def downgrade() -> None:
    op.drop_table("customer_note")
