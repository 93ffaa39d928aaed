"""Removals that a manager must look at, deletions that a second person must agree to, and sessions that end earlier.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TO_CHECK = sa.text("to_check")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in ("first_name", "last_name"):  # first, while nothing is locked for those who write
            op.execute(f"ALTER TABLE customer VALIDATE CONSTRAINT ck_customer_{name}_length")
    op.add_column("blacklisting", sa.Column("to_check", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index(
        "ix_blacklisting_to_check", "blacklisting", ["closed_at"], sqlite_where=TO_CHECK, postgresql_where=TO_CHECK
    )
    op.add_column("staff_session", sa.Column("ends_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "deletion_request",
        sa.Column("customer_seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_kind", sa.String(8), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("accountable_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["customer_seq"], ["customer.seq"], name=op.f("fk_deletion_request_customer_seq")),
        sa.PrimaryKeyConstraint("customer_seq", name=op.f("pk_deletion_request")),
    )
    op.add_column("tombstone", sa.Column("accountable_id", sa.Integer(), nullable=True))
    op.create_index("ix_tombstone_accountable_id", "tombstone", ["accountable_id", "deleted_at"])


def downgrade() -> None:
    op.drop_index("ix_tombstone_accountable_id", table_name="tombstone")
    op.drop_column("tombstone", "accountable_id")
    op.drop_table("deletion_request")
    op.drop_column("staff_session", "ends_at")
    op.drop_index("ix_blacklisting_to_check", table_name="blacklisting")
    op.drop_column("blacklisting", "to_check")
