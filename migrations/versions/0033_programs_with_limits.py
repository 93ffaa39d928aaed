"""Programs with a limit of their own, and with two secrets while one is changed.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    with op.batch_alter_table("api_key", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("calls_per_minute", sa.Integer, nullable=True))
        table.add_column(sa.Column("old_secret_hash", sa.LargeBinary(32), nullable=True))
        table.add_column(sa.Column("old_secret_until", sa.BigInteger, nullable=True))
        table.create_unique_constraint("uq_api_key_old_secret_hash", ["old_secret_hash"])


def downgrade() -> None:
    with op.batch_alter_table("api_key", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint("uq_api_key_old_secret_hash", type_="unique")
        table.drop_column("old_secret_until")
        table.drop_column("old_secret_hash")
        table.drop_column("calls_per_minute")
